package dev.vinery.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.Draft;
import dev.vinery.client.StreamWriter;
import dev.vinery.client.VineryObject;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.StreamFailedException;
import dev.vinery.testkit.Eventually;
import dev.vinery.testkit.SeededTest;
import dev.vinery.types.DataFrame;
import dev.vinery.types.StoredStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Batches that go through streams of either type.
@Timeout(60) // seconds: an end that fails leaves the other waiting
class BatchStreamTest {
  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon();

  private Client writer;
  private Client reader;
  private BufferAllocator memory;
  private BufferAllocator views;

  /// How batches are chunks.
  enum Kind {
    DATA_FRAMES {
      @Override
      StoredStream create(Client client) {
        return DataFrameStream.create(client, Map.of("header_row", new Json.Text("1")));
      }
    },
    RECORD_BATCHES {
      @Override
      StoredStream create(Client client) {
        return RecordBatchStream.create(client, Map.of("header_row", new Json.Text("1")));
      }
    };

    abstract StoredStream create(Client client);

    static BatchWriter write(StoredStream stream, Client client) {
      return switch (stream) {
        case DataFrameStream frames -> frames.write(client);
        case RecordBatchStream batches -> batches.write(client);
        default -> throw new AssertionError(stream);
      };
    }
  }

  @BeforeEach
  void connect() {
    writer = DAEMON.connect();
    reader = DAEMON.connect();
    memory = new RootAllocator();
    views = new RootAllocator();
  }

  @AfterEach
  void nothingIsLeft() {
    memory.close();
    views.close();
    writer.streams().list().forEach(stream -> drop(stream.id()));
    writer.clear();
    Eventually.eventually(() -> assertThat(writer.status().memoryUsageBytes()).isZero());
    writer.close();
    reader.close();
  }

  /// Drops a stream, which may be about to end by itself.
  private void drop(ObjectId stream) {
    try {
      writer.streams().drop(stream);
    } catch (ObjectNotFoundException ended) {
      // That is as good.
    }
  }

  /// Opens a stream as one who has been told of its id only.
  private BatchReader read(ObjectId id) {
    return switch (reader.get(id, StoredStream.class)) {
      case DataFrameStream frames -> frames.read(reader, views);
      case RecordBatchStream batches -> batches.read(reader, views);
      default -> throw new AssertionError("another stream");
    };
  }

  private static List<Object> contents(VectorSchemaRoot batch) {
    List<Object> contents = new ArrayList<>();
    batch.getFieldVectors().forEach(vector -> contents.add(Samples.contents(vector)));
    return contents;
  }

  @ParameterizedTest
  @EnumSource
  void batchesOfEveryTypeComeOutAsTheyWentIn(Kind kind) throws IOException {
    StoredStream stream = kind.create(writer);
    List<Object> written = new ArrayList<>();
    try (BatchWriter out = Kind.write(stream, writer)) {
      for (int rows : new int[] {20, 0, 9}) {
        for (boolean missing : new boolean[] {true, false}) {
          try (VectorSchemaRoot batch = Samples.batch(rows, missing, memory)) {
            out.write(batch);
            written.add(contents(batch));
          }
        }
      }
      out.finish();
    }
    List<Object> got = new ArrayList<>();

    try (BatchReader in = read(stream.id())) {
      VectorSchemaRoot root = in.getVectorSchemaRoot();
      while (in.loadNextBatch()) {
        got.add(contents(root));
      }
      assertThat(in.bytesRead()).isPositive();
      assertThat(in.loadNextBatch()).isFalse();
    }

    assertThat(got).isEqualTo(written);
    assertThat(writer.get(stream.id())).isEqualTo(stream);
  }

  @ParameterizedTest
  @EnumSource
  void aTableGoesThroughAndIsATableAgain(Kind kind) throws IOException {
    StoredStream stream = kind.create(writer);
    VectorSchemaRoot first = Samples.batch(5, true, memory);
    VectorSchemaRoot last = Samples.batch(7, true, memory);
    try (var table = ArrowTable.of(first.getSchema(), List.of(first, last));
        BatchWriter out = Kind.write(stream, writer)) {
      out.write(table);
      out.finish();

      try (BatchReader in = read(stream.id());
          ArrowTable again = ArrowFiles.read(in, views)) {
        assertThat(again.batches().stream().map(BatchStreamTest::contents))
            .isEqualTo(table.batches().stream().map(BatchStreamTest::contents).toList());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theReasonOfAFailureComesAfterTheBatchesBefore(Kind kind) throws IOException {
    StoredStream stream = kind.create(writer);
    try (BatchWriter out = Kind.write(stream, writer);
        VectorSchemaRoot batch = numbers(1, 2)) {
      out.write(batch);
      out.fail("trips.csv, line 7: 3 fields instead of 4");
    }
    try (BatchReader in = read(stream.id())) {
      assertThat(in.loadNextBatch()).isTrue();
      assertThat(in.getVectorSchemaRoot().getRowCount()).isEqualTo(2);
      assertThatThrownBy(in::loadNextBatch)
          .isInstanceOf(StreamFailedException.class)
          .hasMessageContaining("trips.csv, line 7: 3 fields instead of 4");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStreamWithoutBatchesHasNoFields(Kind kind) throws IOException {
    StoredStream stream = kind.create(writer);
    try (BatchWriter out = Kind.write(stream, writer)) {
      out.finish();
    }
    try (BatchReader in = read(stream.id())) {
      assertThat(in.getVectorSchemaRoot().getSchema().getFields()).isEmpty();
      assertThat(in.loadNextBatch()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBatchOfOtherFieldsIsRefusedByTheReader(Kind kind) throws IOException {
    StoredStream stream = kind.create(writer);
    try (BatchWriter out = Kind.write(stream, writer);
        VectorSchemaRoot batch = numbers(1, 2);
        VectorSchemaRoot other = Samples.batch(2, false, memory)) {
      out.write(batch);
      out.write(other);
      out.finish();
    }
    try (BatchReader in = read(stream.id())) {
      assertThat(in.loadNextBatch()).isTrue();
      assertThatThrownBy(in::loadNextBatch)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(stream.id().toString());
    }
  }

  private VectorSchemaRoot numbers(long... values) {
    return numbers(memory, values);
  }

  private static VectorSchemaRoot numbers(BufferAllocator memory, long... values) {
    var numbers = new BigIntVector("n", memory);
    numbers.allocateNew(values.length);
    for (int i = 0; i < values.length; i++) {
      numbers.set(i, values[i]);
    }
    numbers.setValueCount(values.length);
    return VectorSchemaRoot.of(numbers);
  }

  @Test
  void batchesAreReadWhereTheyLie() throws IOException {
    DataFrameStream stream = DataFrameStream.create(writer, Map.of());
    try (BatchWriter out = stream.write(writer);
        VectorSchemaRoot batch = numbers(new long[100_000])) {
      out.write(batch);
      out.finish();
    }
    try (BatchReader in = stream.read(reader, views)) {
      assertThat(in.loadNextBatch()).isTrue();
      FieldVector vector = in.getVectorSchemaRoot().getVector(0);
      try (VineryObject chunk = reader.getObject(onlyBlob())) {
        assertThat(vector.getDataBuffer().memoryAddress())
            .isBetween(
                chunk.segment().address(),
                chunk.segment().address() + chunk.segment().byteSize() - 800_000);
      }
    }
  }

  private ObjectId onlyBlob() {
    return reader.list("vineyard::Blob", 10).getFirst().id();
  }

  @Test
  void vectorsBuiltInSharedMemoryGoThroughWithoutACopy() throws IOException {
    RecordBatchStream stream = RecordBatchStream.create(writer, Map.of());
    BufferAllocator shared = ArrowMemory.allocator(writer);
    try (BatchWriter out = stream.write(writer);
        VectorSchemaRoot batch = numbers(shared, new long[100_000])) {
      long before = writer.status().memoryUsageBytes();
      out.write(batch);
      out.finish();
      // Nothing but the bits of what is missing, 12.5 kB.
      assertThat(writer.status().memoryUsageBytes() - before).isLessThan(16_000);
    }
    shared.close();

    try (BatchReader in = stream.read(reader, views)) {
      assertThat(in.loadNextBatch()).isTrue();
      assertThat(in.getVectorSchemaRoot().getRowCount()).isEqualTo(100_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void chunksThatAreFramesAreReadAsBatches(Kind kind) throws IOException {
    StoredStream stream = kind.create(writer);
    try (StreamWriter out = writer.streams().write(stream.id())) {
      for (long value : new long[] {1, 2}) {
        out.append(
            writer.put(
                DataFrame.builder().column("n", value, -value).column("t", "x", "y").build()));
      }
      out.finish();
    }
    List<String> read = new ArrayList<>();
    try (BatchReader in = read(stream.id())) {
      while (in.loadNextBatch()) {
        VectorSchemaRoot root = in.getVectorSchemaRoot();
        for (int row = 0; row < root.getRowCount(); row++) {
          read.add(root.getVector("n").getObject(row) + " " + root.getVector("t").getObject(row));
        }
      }
    }
    assertThat(read).containsExactly("1 x", "-1 y", "2 x", "-2 y");
  }

  @Test
  void dictionariesOfOthersAreReadWithTheirBatches() throws IOException {
    DataFrameStream stream = DataFrameStream.create(writer, Map.of());
    try (StreamWriter out = writer.streams().write(stream.id())) {
      out.write(withDictionary("red", "green"));
      out.write(withDictionary("blue", "red"));
      out.finish();
    }
    List<Object> read = new ArrayList<>();
    try (BatchReader in = stream.read(reader, views)) {
      while (in.loadNextBatch()) {
        FieldVector indexes = in.getVectorSchemaRoot().getVector("colour");
        Dictionary dictionary =
            in.getDictionaryVectors().get(indexes.getField().getDictionary().getId());
        try (var decoded = DictionaryEncoder.decode(indexes, dictionary, views)) {
          read.add(decoded.getObject(0).toString() + decoded.getObject(2));
        }
      }
    }
    assertThat(read).containsExactly("redgreen", "bluered");
  }

  /// A chunk whose rows are the first word twice, and the second.
  private byte[] withDictionary(String one, String other) throws IOException {
    try (var words = new VarCharVector("words", memory)) {
      words.setSafe(0, one.getBytes(UTF_8));
      words.setSafe(1, other.getBytes(UTF_8));
      words.setValueCount(2);
      var dictionary = new Dictionary(words, new DictionaryEncoding(0, false, null));
      try (var colours = new VarCharVector("colour", memory)) {
        for (int i = 0; i < 3; i++) {
          String colour = i < 2 ? one : other;
          colours.setSafe(i, colour.getBytes(UTF_8));
        }
        colours.setValueCount(3);
        try (var encoded = (FieldVector) DictionaryEncoder.encode(colours, dictionary);
            var root = VectorSchemaRoot.of(encoded)) {
          root.setRowCount(3);
          var bytes = new ByteArrayOutputStream();
          try (var out =
              new ArrowStreamWriter(root, new MapDictionaryProvider(dictionary), bytes)) {
            out.start();
            out.writeBatch();
            out.end();
          }
          return bytes.toByteArray();
        }
      }
    }
  }

  @Test
  void compressedBatchesAreRead() throws IOException {
    DataFrameStream stream = DataFrameStream.create(writer, Map.of());
    try (StreamWriter out = writer.streams().write(stream.id())) {
      out.write(compressed());
      out.finish();
    }
    try (BatchReader in = stream.read(reader, views)) {
      assertThat(in.loadNextBatch()).isTrue();
      assertThat(Samples.contents(in.getVectorSchemaRoot().getVector(0)))
          .hasSize(1000)
          .containsOnly("0");
    }
  }

  private byte[] compressed() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (VectorSchemaRoot root = numbers(new long[1000]);
        var out =
            new ArrowStreamWriter(
                root,
                null,
                Channels.newChannel(bytes),
                IpcOption.DEFAULT,
                CommonsCompressionFactory.INSTANCE,
                CompressionUtil.CodecType.ZSTD)) {
      out.start();
      out.writeBatch();
      out.end();
    }
    return bytes.toByteArray();
  }

  @SeededTest(runs = 300)
  void damagedChunksAreRefusedOrReadInFull(RandomGenerator random) throws IOException {
    byte[] chunk = withDictionary("red", "green");
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      chunk[random.nextInt(chunk.length)] = (byte) random.nextInt(256);
    }
    DataFrameStream stream = DataFrameStream.create(writer, Map.of());
    try (StreamWriter out = writer.streams().write(stream.id())) {
      out.write(random.nextBoolean() ? chunk : Arrays.copyOf(chunk, chunk.length / 2));
      out.finish();
    }
    try (BatchReader in = stream.read(reader, views)) {
      while (in.loadNextBatch()) {
        contents(in.getVectorSchemaRoot());
      }
    } catch (IOException | RuntimeException refused) {
      assertThat(refused).isNotInstanceOf(NullPointerException.class);
    }
  }

  @Test
  void aChunkThatIsNoBatchIsRefused() {
    RecordBatchStream stream = RecordBatchStream.create(writer, Map.of());
    ObjectId other = writer.create(Draft.object("test::Other").build());
    try (StreamWriter out = writer.streams().write(stream.id())) {
      out.append(other);
      out.finish();
    }
    try (BatchReader in = stream.read(reader, views)) {
      assertThatThrownBy(in::loadNextBatch)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("test::Other");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aColumnOfIndexesIntoADictionaryIsRefusedByTheWriter() {
    var encoding = new DictionaryEncoding(3, false, null);
    try (var indexes =
            new IntVector(
                "colour", new FieldType(true, new ArrowType.Int(32, true), encoding), memory);
        VectorSchemaRoot batch = VectorSchemaRoot.of(indexes);
        BatchWriter out = DataFrameStream.create(writer, Map.of()).write(writer)) {
      assertThatThrownBy(() -> out.write(batch))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'colour'");
    }
  }
}
