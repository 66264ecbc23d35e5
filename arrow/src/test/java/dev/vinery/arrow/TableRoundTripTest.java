package dev.vinery.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.VineryObject;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.ObjectId;
import dev.vinery.testkit.Eventually;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Batches, tables and schemas that one client puts, another gets equal; without a copy where that
/// was promised.
class TableRoundTripTest {
  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon();

  private Client writer;
  private Client reader;
  private BufferAllocator memory;
  private BufferAllocator views;

  @BeforeEach
  void connect() {
    writer = DAEMON.connect();
    reader = DAEMON.connect();
    memory = new RootAllocator();
    views = new RootAllocator();
    ArrowMemory.accountTo(reader, views);
  }

  @AfterEach
  void nothingIsLeft() {
    memory.close();
    views.close();
    writer.clear();
    // What the other connection has let go is on its way.
    Eventually.eventually(() -> assertThat(writer.status().memoryUsageBytes()).isZero());
    writer.close();
    reader.close();
  }

  @Test
  void batchesOfEveryTypeComeBackEqual() {
    for (boolean missing : new boolean[] {false, true}) {
      try (VectorSchemaRoot batch = Samples.batch(20, missing, memory);
          var got = (VectorSchemaRoot) reader.get(writer.put(batch))) {
        assertThat(contents(got)).isEqualTo(contents(batch));
        assertThat(got.getSchema()).isEqualTo(SchemaCodec.asStored(batch.getSchema()));
        assertThat(got.getSchema().getCustomMetadata()).containsEntry("made by", "a test ü");
      }
    }
  }

  @Test
  void tablesOfSeveralBatchesComeBackEqual() {
    var first = Samples.batch(20, true, memory);
    var empty = Samples.batch(0, true, memory);
    var last = Samples.batch(9, false, memory);
    try (var table = ArrowTable.of(first.getSchema(), List.of(first, empty, last));
        var got = (ArrowTable) reader.get(writer.put(table))) {
      assertThat(got.rowCount()).isEqualTo(29);
      assertThat(got.batches()).hasSize(3);
      assertThat(contents(got)).isEqualTo(contents(table));
      assertThat(got.column("column 0").length()).isEqualTo(29);
      assertThat(got.column(0).value(28)).isEqualTo(table.column(0).value(28));
      assertThat(got.isPolars()).isFalse();
      assertThat(reader.get(reader.put(got.asPolars()), ArrowTable.class))
          .satisfies(again -> {
            assertThat(again.isPolars()).isTrue();
            assertThat(contents(again)).isEqualTo(contents(table));
            again.close();
          });
    }
  }

  @Test
  void aTableOfVeryManyBatchesComesBackEqual() {
    List<VectorSchemaRoot> batches = new ArrayList<>();
    for (int i = 0; i < 21_000; i++) {
      var numbers = new BigIntVector("n", memory);
      numbers.allocateNew(1);
      numbers.set(0, i);
      numbers.setValueCount(1);
      batches.add(VectorSchemaRoot.of(numbers));
      batches.getLast().setRowCount(1);
    }
    try (var table = ArrowTable.of(batches.getFirst().getSchema(), batches);
        var got = reader.get(writer.put(table), ArrowTable.class)) {
      assertThat(got.rowCount()).isEqualTo(21_000);
      for (int i = 0; i < 21_000; i++) {
        assertThat(((BigIntVector) got.batches().get(i).getVector(0)).get(0)).isEqualTo(i);
      }
    }
  }

  @Test
  void smallBatchesShareTheirBlobs() {
    List<VectorSchemaRoot> batches = new ArrayList<>();
    for (int rows : new int[] {7, 0, 1, 20, 3}) { // so bits of a batch begin within a byte
      batches.add(new VectorSchemaRoot(columnsOfEveryKind(rows)));
    }
    ObjectId id;
    try (var table = ArrowTable.of(batches.getFirst().getSchema(), batches)) {
      id = writer.put(table);
      try (var got = reader.get(id, ArrowTable.class)) {
        assertThat(contents(got)).isEqualTo(contents(table));
      }
    }
    try (VineryObject object = reader.getObject(id)) {
      for (int column = 0; column < Samples.flatTypes().size(); column++) {
        VineryObject first = object.member("partitions_-0").member("__columns_-" + column);
        VineryObject last = object.member("partitions_-4").member("__columns_-" + column);
        assertThat(last.metadata().whole("offset_")).isEqualTo(28);
        assertThat(last.member("null_bitmap_").id()).isEqualTo(first.member("null_bitmap_").id());
      }
      assertThat(object.metadata().whole("nbytes")).isPositive();
    }
  }

  private List<FieldVector> columnsOfEveryKind(int rows) {
    List<FieldVector> columns = new ArrayList<>();
    for (ArrowType type : Samples.flatTypes()) {
      columns.add(Samples.flat(type, rows, true, memory));
    }
    columns.add(Samples.list(ArrowType.Utf8.INSTANCE, rows, true, memory));
    columns.add(Samples.largeList(rows, true, memory));
    columns.add(Samples.fixedList(rows, memory));
    columns.add(Samples.nulls(rows, memory));
    return columns;
  }

  @Test
  void largeBatchesHaveBlobsOfTheirOwn() {
    List<VectorSchemaRoot> batches = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      batches.add(VectorSchemaRoot.of(Samples.flat(Samples.INT64, 10_000, false, memory)));
      batches.getLast().setRowCount(10_000);
    }
    try (var table = ArrowTable.of(batches.getFirst().getSchema(), batches);
        VineryObject object = reader.getObject(writer.put(table))) {
      VineryObject first = object.member("partitions_-0").member("__columns_-0");
      VineryObject last = object.member("partitions_-1").member("__columns_-0");
      assertThat(last.member("buffer_").id()).isNotEqualTo(first.member("buffer_").id());
      assertThat(last.metadata().whole("offset_")).isZero();
    }
  }

  @Test
  void smallBatchesThatLieInBlobsStayThere() {
    BufferAllocator shared = ArrowMemory.allocator(writer);
    ObjectId id;
    List<VectorSchemaRoot> batches = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      batches.add(VectorSchemaRoot.of(Samples.flat(Samples.INT64, 10, false, shared)));
      batches.getLast().setRowCount(10);
    }
    try (var table = ArrowTable.of(batches.getFirst().getSchema(), batches)) {
      id = writer.put(table);
      try (VineryObject object = reader.getObject(id)) {
        VineryObject last = object.member("partitions_-1").member("__columns_-0");
        assertThat(last.metadata().whole("offset_")).isZero();
        assertThat(last.member("buffer_").segment().byteSize()).isGreaterThanOrEqualTo(80);
      }
    }
    shared.close();
  }

  @Test
  void aTableWithoutBatchesKeepsItsSchemaAndGetsAnEmptyBatch() {
    var schema = new Schema(List.of(Field.nullable("a", new ArrowType.Int(64, true))));
    try (var table = reader.get(writer.put(ArrowTable.of(schema, List.of())), ArrowTable.class)) {
      assertThat(table.schema()).isEqualTo(schema);
      assertThat(table.batches()).hasSize(1); // Python reads no table without one
      assertThat(table.rowCount()).isZero();
    }
    assertThat(reader.get(writer.put(schema), Schema.class)).isEqualTo(schema);
  }

  @Test
  void namesMetadataAndWhatMayNotBeMissingAreKept() {
    var strict =
        new Field(
            "ž",
            new FieldType(false, new ArrowType.Int(64, true), null, Map.of("unit", "m")),
            List.of());
    try (var batch = VectorSchemaRoot.create(new Schema(List.of(strict)), memory);
        var got = reader.get(writer.put(batch), VectorSchemaRoot.class)) {
      assertThat(got.getSchema().getFields()).containsExactly(strict);
    }
  }

  @Test
  void aBatchIsATableAndATableOfOneBatchIsABatch() {
    try (VectorSchemaRoot batch = Samples.batch(3, true, memory)) {
      ObjectId stored = writer.put(batch);
      try (var table = reader.get(stored, ArrowTable.class);
          var again = reader.get(reader.put(table), VectorSchemaRoot.class)) {
        assertThat(contents(again)).isEqualTo(contents(batch));
      }
    }
  }

  @Test
  void aBatchWhoseVectorsDifferInLengthIsRefused() {
    try (var numbers = new BigIntVector("n", memory)) {
      numbers.setValueCount(2);
      var batch = new VectorSchemaRoot(List.of(numbers.getField()), List.of(numbers), 3);
      assertThatThrownBy(() -> writer.put(batch))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("column 'n' has 2 rows where the batch has 3");
    }
  }

  @Test
  void whatIsGotLiesInSharedMemory() {
    try (VectorSchemaRoot batch = Samples.batch(1000, true, memory)) {
      ObjectId id = writer.put(ArrowTable.of(batch));
      try (var table = reader.get(id, ArrowTable.class);
          VineryObject object = reader.getObject(id)) {
        VineryObject stored = object.member("partitions_-0");
        int i = 0;
        for (FieldVector column : table.batches().getFirst().getFieldVectors()) {
          VineryObject array = stored.member("__columns_-" + i++);
          assertThat(column.getValidityBuffer().memoryAddress())
              .isEqualTo(array.member("null_bitmap_").segment().address());
          assertThat(column.getDataBuffer().memoryAddress())
              .isEqualTo(
                  array
                      .findMember("buffer_")
                      .orElseGet(() -> array.member("buffer_data_"))
                      .segment()
                      .address());
        }
      }
    }
  }

  @Test
  void aVectorBuiltInABlobIsPutWithoutACopy() {
    BufferAllocator shared = ArrowMemory.allocator(writer);
    ObjectId id;
    long numbersAt;
    long textsAt;
    try (var numbers = new Float8Vector("numbers", shared);
        var texts = new LargeVarCharVector("texts", shared)) {
      numbers.allocateNew(1000);
      texts.allocateNew(3000, 1000);
      for (int i = 0; i < 1000; i++) {
        numbers.set(i, i / 2.0);
        texts.set(i, new byte[] {'a', 'b'});
      }
      var batch = VectorSchemaRoot.of(numbers, texts);
      batch.setRowCount(1000);
      numbersAt = numbers.getDataBuffer().memoryAddress();
      textsAt = texts.getDataBuffer().memoryAddress();
      id = writer.put(batch);
    }
    shared.close();
    // The writer sees the same memory twice, writable and read-only; so look at the contents there.
    try (var got = writer.get(id, VectorSchemaRoot.class)) {
      assertThat(((Float8Vector) got.getVector(0)).get(999)).isEqualTo(499.5);
      assertThat(((LargeVarCharVector) got.getVector(1)).get(999)).containsExactly('a', 'b');
    }
    try (VineryObject object = writer.getObject(id)) {
      // 1,000 elements of 8 bytes and as many bits, in one allocation.
      assertThat(object.member("__columns_-0").member("buffer_").segment().byteSize())
          .isEqualTo(8000 + 128);
      assertThat(object.member("__columns_-1").member("buffer_data_").segment().byteSize())
          .isEqualTo(3000);
    }
    assertThat(numbersAt).isNotEqualTo(textsAt);
  }

  @Test
  void sharedMemoryThatIsNotPutIsGivenBack() {
    long before = writer.status().memoryUsageBytes();
    BufferAllocator shared = ArrowMemory.allocator(writer);
    try (var numbers = new BigIntVector("numbers", shared)) {
      numbers.allocateNew(100_000);
      assertThat(writer.status().memoryUsageBytes()).isGreaterThan(before + 800_000);
      assertThatThrownBy(() -> numbers.allocateNew(100_000_000))
          .isInstanceOf(OutOfMemoryException.class);
    }
    shared.close();
    Eventually.eventually(() -> assertThat(writer.status().memoryUsageBytes()).isEqualTo(before));
  }

  @Test
  void aTableIsPrintedAsPeopleExpect() {
    try (var numbers = new BigIntVector("n", memory);
        var texts = new LargeVarCharVector("text", memory)) {
      numbers.setSafe(0, 1);
      numbers.setSafe(1, -20);
      texts.setSafe(0, "a\nb".getBytes(StandardCharsets.UTF_8));
      var batch = VectorSchemaRoot.of(numbers, texts);
      batch.setRowCount(3);

      assertThat(ArrowTable.of(batch).toString(2))
          .isEqualTo(
              """
              n      text
              int64  large_string
              1      a\\nb
              -20    null
              [3 rows x 2 columns, the first 2 shown]\
              """);
    }
  }

  private static List<Object> contents(ArrowTable table) {
    List<Object> contents = new ArrayList<>();
    table.batches().forEach(batch -> contents.add(contents(batch)));
    return contents;
  }

  private static List<Object> contents(VectorSchemaRoot batch) {
    List<Object> contents = new ArrayList<>();
    batch.getFieldVectors().forEach(vector -> contents.add(Samples.contents(vector)));
    return contents;
  }
}
