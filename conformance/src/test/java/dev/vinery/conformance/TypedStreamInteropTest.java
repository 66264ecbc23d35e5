package dev.vinery.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.arrow.ArrowValues;
import dev.vinery.arrow.BatchReader;
import dev.vinery.arrow.BatchWriter;
import dev.vinery.arrow.DataFrameStream;
import dev.vinery.arrow.RecordBatchStream;
import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.client.contract.OurDaemon;
import dev.vinery.client.contract.Promise;
import dev.vinery.client.contract.StartedDaemon;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StreamFailedException;
import dev.vinery.types.ByteStream;
import dev.vinery.types.ByteStreamReader;
import dev.vinery.types.ByteStreamWriter;
import dev.vinery.types.StoredStream;
import dev.vinery.types.StreamCollection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Streams of each type between Java and the official Python client, in both directions, through
/// our daemon and through the official one, with Java at either door. What goes through is that of
/// `interop/typed_stream.py`.
@Timeout(120) // seconds: an end that fails leaves the other waiting
final class TypedStreamInteropTest {
  private static final long MEMORY_BYTES = 64 << 20;
  private static final int BATCHES = 3;
  private static final Map<String, Json> PARAMETERS =
      Map.of("header_row", new Json.Text("1"), "delimiter", new Json.Text(","));
  private static final String PARAMETERS_IN_PYTHON = "[('delimiter', ','), ('header_row', '1')]";

  @TempDir private Path directory;
  private final BufferAllocator memory = new RootAllocator();
  private StartedDaemon daemon;
  private Client client;

  /// A way of Java to a daemon.
  enum Way {
    OURS,
    OURS_OVER_TCP,
    OFFICIAL,
    OFFICIAL_OVER_TCP;

    StartedDaemon start(Path socket) throws Exception {
      return switch (this) {
        case OURS, OURS_OVER_TCP -> new OurDaemon(socket, MEMORY_BYTES);
        case OFFICIAL, OFFICIAL_OVER_TCP -> new OfficialDaemon(socket, MEMORY_BYTES);
      };
    }

    Client connect(StartedDaemon daemon) {
      return switch (this) {
        case OURS, OFFICIAL -> Vinery.connect(daemon.socket());
        case OURS_OVER_TCP, OFFICIAL_OVER_TCP -> Vinery.connect("127.0.0.1", daemon.port());
      };
    }
  }

  private void start(Way way) throws Exception {
    daemon = way.start(directory.resolve("s"));
    client = way.connect(daemon);
  }

  @AfterEach
  void stop() {
    client.close();
    memory.close();
    daemon.close();
  }

  @ParameterizedTest
  @EnumSource
  void pythonReadsTheFramesThatJavaWrites(Way way) throws Exception {
    start(way);
    DataFrameStream stream = DataFrameStream.create(client, PARAMETERS);
    Process reader = python("read", stream.id().toString());

    try (BatchWriter writer = stream.write(client)) {
      write(writer);
      writer.finish();
    }

    assertThat(output(reader)).isEqualTo(readByPython("DataframeStream"));
  }

  @ParameterizedTest
  @EnumSource
  void pythonReadsTheBatchesThatJavaWrites(Way way) throws Exception {
    start(way);
    RecordBatchStream stream = RecordBatchStream.create(client, PARAMETERS);
    Process reader = python("read", stream.id().toString());

    try (BatchWriter writer = stream.write(client)) {
      write(writer);
      writer.finish();
    }

    assertThat(output(reader)).isEqualTo(readByPython("RecordBatchStream"));
  }

  private static List<String> readByPython(String typeName) {
    return Stream.of(
            Stream.of(typeName + " " + PARAMETERS_IN_PYTHON), batches(), Stream.of("finished"))
        .flatMap(lines -> lines)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void pythonLearnsThatFramesOfJavaFailed(Way way) throws Exception {
    start(way);
    DataFrameStream stream = DataFrameStream.create(client, PARAMETERS);
    Process reader = python("read", stream.id().toString());

    try (BatchWriter writer = stream.write(client)) {
      write(writer);
      writer.fail("line 7: a broken quote");
    }

    boolean told = daemon.keeps(Promise.FAILURES_HAVE_REASONS);
    assertThat(output(reader).getLast())
        .startsWith("failed:")
        .contains(told ? "line 7: a broken quote" : "");
  }

  @ParameterizedTest
  @EnumSource
  void javaReadsTheFramesThatPythonWrites(Way way) throws Exception {
    start(way);
    Process writer = python("write", "frames");

    assertThat(read(announced(writer))).containsExactlyElementsOf(batches().toList());

    assertThat(output(writer)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void javaReadsTheBatchesThatPythonWrites(Way way) throws Exception {
    start(way);
    Process writer = python("write", "batches");

    assertThat(read(announced(writer))).containsExactlyElementsOf(batches().toList());

    assertThat(output(writer)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void javaLearnsThatBatchesOfPythonFailed(Way way) throws Exception {
    start(way);
    Process writer = python("fail", "batches");
    ObjectId id = announced(writer);

    assertThatThrownBy(() -> read(id)).isInstanceOf(StreamFailedException.class);

    assertThat(output(writer)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void pythonReadsTheCollectionThatJavaWrites(Way way) throws Exception {
    start(way);
    List<ObjectId> streams = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      ByteStream stream = ByteStream.create(client, Map.of("name", new Json.Text(name)));
      streams.add(stream.id());
      try (ByteStreamWriter writer = stream.write(client)) {
        writer.write(("the bytes of " + name).getBytes(UTF_8));
        writer.finish();
      }
    }
    ObjectId id = client.put(new StreamCollection(streams, Map.of("__path", new Json.Text("a/b"))));

    assertThat(output(python("read", id.toString())))
        .containsExactly(
            "collection a/b",
            "ByteStream [('name', 'one')]",
            "the bytes of one",
            "finished",
            "ByteStream [('name', 'two')]",
            "the bytes of two",
            "finished");
  }

  @ParameterizedTest
  @EnumSource
  void javaReadsTheCollectionThatPythonWrites(Way way) throws Exception {
    start(way);
    Process writer = python("write", "collection");
    StreamCollection collection = client.get(announced(writer), StreamCollection.class);

    assertThat(collection.fields())
        .containsEntry("__path", new Json.Text("a/b"))
        .containsEntry("rows", Json.Whole.signed(7));
    assertThat(texts(collection)).containsExactly("the bytes of one", "the bytes of two");
    assertThat(output(writer)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void javaReadsTheParallelStreamThatPythonWrites(Way way) throws Exception {
    start(way);
    Process writer = python("write", "parallel");
    StreamCollection collection = client.get(announced(writer), StreamCollection.class);

    assertThat(texts(collection)).containsExactly("the bytes of one", "the bytes of two");
    assertThat(output(writer)).isEmpty();
  }

  private List<String> texts(StreamCollection collection) throws IOException {
    List<String> texts = new ArrayList<>();
    for (ObjectId id : collection.streamIds()) {
      try (ByteStreamReader reader = client.get(id, ByteStream.class).read(client)) {
        texts.add(new String(reader.readAllBytes(), UTF_8));
      }
    }
    return texts;
  }

  /// The batches as lines.
  private static Stream<String> batches() {
    return IntStream.rangeClosed(1, BATCHES)
        .mapToObj(rows ->
            String.join(
                "; ",
                IntStream.range(0, rows)
                    .mapToObj(i -> i + "|" + (i == 1 ? "-" : "row " + i) + "|" + i / 2.0)
                    .toList()));
  }

  private void write(BatchWriter writer) {
    for (int rows = 1; rows <= BATCHES; rows++) {
      try (var numbers = new BigIntVector("number", memory);
          var texts = new LargeVarCharVector("text", memory);
          var halves = new Float8Vector("half", memory)) {
        for (int i = 0; i < rows; i++) {
          numbers.setSafe(i, i);
          halves.setSafe(i, i / 2.0);
          if (i != 1) {
            texts.setSafe(i, ("row " + i).getBytes(UTF_8));
          }
        }
        VectorSchemaRoot batch = VectorSchemaRoot.of(numbers, texts, halves);
        batch.setRowCount(rows);
        writer.write(batch);
      }
    }
  }

  private List<String> read(ObjectId id) throws IOException {
    StoredStream stream = client.get(id, StoredStream.class);
    assertThat(stream.parameters().text("delimiter")).isEqualTo(",");
    List<String> lines = new ArrayList<>();
    try (BatchReader reader =
        switch (stream) {
          case DataFrameStream frames -> frames.read(client, memory);
          case RecordBatchStream batches -> batches.read(client, memory);
          default -> throw new AssertionError("another stream: " + stream);
        }) {
      VectorSchemaRoot batch = reader.getVectorSchemaRoot();
      while (reader.loadNextBatch()) {
        lines.add(line(batch));
      }
    }
    return lines;
  }

  private static String line(VectorSchemaRoot batch) {
    return String.join(
        "; ",
        IntStream.range(0, batch.getRowCount())
            .mapToObj(row ->
                String.join(
                    "|",
                    batch.getFieldVectors().stream()
                        .map(column -> ArrowValues.value(column, row))
                        .map(cell -> cell == null ? "-" : cell.toString())
                        .toList()))
            .toList());
  }

  private Process python(String role, String what) throws IOException {
    Path script = Path.of("interop", "typed_stream.py").toAbsolutePath();
    return new ProcessBuilder(
            PythonProcess.interpreter(), script.toString(), daemon.socket().toString(), role, what)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /// The id of the stream that a writer has made.
  private static ObjectId announced(Process writer) throws IOException {
    return ObjectId.parse(String.valueOf(writer.inputReader().readLine()));
  }

  /// The lines that a process prints until its end, which must be a good one.
  private static List<String> output(Process process) throws InterruptedException {
    List<String> lines = process.inputReader().lines().toList();
    assertThat(process.waitFor()).as("exit status, with output %s", lines).isZero();
    return lines;
  }
}
