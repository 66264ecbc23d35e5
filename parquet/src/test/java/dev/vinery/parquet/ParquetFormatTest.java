package dev.vinery.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.arrow.ArrowTable;
import dev.vinery.arrow.ChunkedVector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TimeStampNanoTZVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetFormatTest {
  private static final long SEED = 7;
  private static final int ROWS = 5;
  private static final List<MinorType> NUMBERS =
      List.of(
          MinorType.TINYINT,
          MinorType.SMALLINT,
          MinorType.INT,
          MinorType.BIGINT,
          MinorType.UINT1,
          MinorType.UINT2,
          MinorType.UINT4,
          MinorType.UINT8,
          MinorType.FLOAT4,
          MinorType.FLOAT8);

  @TempDir private Path directory;
  private final ParquetFormat parquet = new ParquetFormat();
  private BufferAllocator memory;
  private Path file;

  @BeforeEach
  void openMemory() {
    memory = new RootAllocator();
    file = directory.resolve("table.parquet");
  }

  @AfterEach
  void nothingIsLeft() {
    memory.close();
  }

  @Test
  void numbersTextsAndListsAreReadAgain() throws IOException {
    List<FieldVector> columns = new ArrayList<>();
    for (MinorType type : NUMBERS) {
      var numbers =
          (BaseFixedWidthVector) type.getNewVector(type.name(), nullable(type), memory, null);
      numbers.allocateNew(ROWS);
      for (int i = 0; i < ROWS - 1; i++) {
        // Ones and zeros as they come: of floats, some are no numbers and some infinite.
        for (int at = 0; at < numbers.getTypeWidth(); at++) {
          numbers.getDataBuffer().setByte((long) i * numbers.getTypeWidth() + at, 37 * i - at);
        }
        BitVectorHelper.setBit(numbers.getValidityBuffer(), i);
      }
      columns.add(numbers);
    }
    var flags = new BitVector("flag", memory);
    var texts = new VarCharVector("text", memory);
    var large = new LargeVarCharVector("large", memory);
    var bytes = new VarBinaryVector("bytes", memory);
    var lists = ListVector.empty("lists", memory);
    UnionListWriter list = lists.getWriter();
    for (int i = 0; i < ROWS - 1; i++) {
      byte[] text = "žluťoučký \0 🐎 ".repeat(i).getBytes(StandardCharsets.UTF_8);
      flags.setSafe(i, i % 2);
      texts.setSafe(i, text);
      large.setSafe(i, text);
      bytes.setSafe(i, text);
      list.setPosition(i);
      list.startList();
      for (int j = 0; j < i; j++) {
        list.writeBigInt(10L * i + j);
      }
      list.endList();
    }
    columns.addAll(List.of(flags, texts, large, bytes, lists));
    columns.forEach(column -> column.setValueCount(ROWS)); // the last row misses all
    assertReadAgain(new VectorSchemaRoot(columns));
  }

  private static FieldType nullable(MinorType type) {
    return FieldType.nullable(type.getType());
  }

  private void assertReadAgain(VectorSchemaRoot batch) throws IOException {
    batch.setRowCount(ROWS);
    try (var table = ArrowTable.of(batch)) {
      parquet.write(table, file);
      try (ArrowTable read = parquet.read(file, memory)) {
        assertThat(read.columnCount()).isEqualTo(table.columnCount());
        for (int column = 0; column < table.columnCount(); column++) {
          ChunkedVector wanted = table.column(column);
          ChunkedVector got = read.column(column);
          assertThat(got.field().getName()).isEqualTo(wanted.field().getName());
          assertThat(got.length()).isEqualTo(ROWS);
          for (int row = 0; row < ROWS; row++) {
            assertThat(got.value(row)).as(wanted.field().getName()).isEqualTo(wanted.value(row));
          }
        }
      }
    }
  }

  @Test
  void datesAndTimesAreReadAgain() throws IOException {
    var days = new DateDayVector("day", memory);
    var times = new TimeMicroVector("time", memory);
    var local = new TimeStampMicroVector("local", memory);
    var nanos = new TimeStampNanoVector("nanos", memory);
    var zoned = new TimeStampMicroTZVector("zoned", memory, "Asia/Singapore");
    for (int i = 0; i < ROWS - 1; i++) { // the last row misses all
      days.setSafe(i, 20_000 * i - 1);
      times.setSafe(i, 3_600_000_001L * i);
      local.setSafe(i, 1_700_000_000_123_456L * i - 1);
      nanos.setSafe(i, 1_700_000_000_123_456_789L * i - 1);
      zoned.setSafe(i, 1_700_000_000_123_456L * i - 1);
    }
    assertReadAgain(VectorSchemaRoot.of(days, times, local, nanos, zoned));
    try (ArrowTable read = parquet.read(file, memory)) {
      assertThat(read.column("zoned").field().getType())
          .isEqualTo(new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC"));
    }
  }

  @Test
  void nanosecondsAreKept() throws IOException {
    var times = new TimeNanoVector("time", memory);
    var zoned = new TimeStampNanoTZVector("zoned", memory, "Asia/Singapore");
    for (int i = 0; i < ROWS - 1; i++) { // the last row misses all
      times.setSafe(i, 3_600_000_000_001L * i);
      zoned.setSafe(i, 1_700_000_000_123_456_789L * i - 1);
    }
    assertReadAgain(VectorSchemaRoot.of(times, zoned));
  }

  @Test
  void durationsBecomeNumbersOfTheirUnit() throws IOException {
    var type = FieldType.nullable(new ArrowType.Duration(TimeUnit.NANOSECOND));
    var durations = new DurationVector("long", type, memory);
    for (int i = 0; i < ROWS - 1; i++) { // the last row misses all
      durations.setSafe(i, 1_700_000_000_123_456_789L * i - 1);
    }
    VectorSchemaRoot batch = VectorSchemaRoot.of(durations);
    batch.setRowCount(ROWS);
    try (var table = ArrowTable.of(batch)) {
      parquet.write(table, file);
    }
    try (ArrowTable read = parquet.read(file, memory)) {
      for (int row = 0; row < ROWS - 1; row++) {
        assertThat(read.column("long").value(row)).isEqualTo(1_700_000_000_123_456_789L * row - 1);
      }
      assertThat(read.column("long").value(ROWS - 1)).isNull();
    }
  }

  @Test
  void batchesKeepTheirOrderAndLargeFilesBecomeSeveral() throws IOException {
    int count = 1_500_000;
    List<VectorSchemaRoot> batches = new ArrayList<>();
    for (int from = 0; from < count; from += 100_000) {
      batches.add(numbers(from, 100_000));
    }
    try (var table = ArrowTable.of(batches.getFirst().getSchema(), batches)) {
      parquet.write(table, file);
    }
    try (ArrowTable read = parquet.read(file, memory)) {
      assertThat(read.batches()).hasSizeGreaterThan(1);
      long row = 0;
      for (VectorSchemaRoot batch : read.batches()) {
        var numbers = (BigIntVector) batch.getVector("n");
        for (int i = 0; i < batch.getRowCount(); i++) {
          assertThat(numbers.get(i)).isEqualTo(row++);
        }
      }
      assertThat(row).isEqualTo(count);
    }
  }

  private VectorSchemaRoot numbers(int from, int count) {
    var numbers = new BigIntVector("n", memory);
    numbers.allocateNew(count);
    for (int i = 0; i < count; i++) {
      numbers.set(i, from + i);
    }
    numbers.setValueCount(count);
    return VectorSchemaRoot.of(numbers);
  }

  @Test
  void namesOfFilesAreTakenLiterally() throws IOException {
    Path odd = directory.resolve("year=2026 [a] *? it's.parquet");
    try (var table = ArrowTable.of(numbers(0, 3))) {
      parquet.write(table, odd);
      parquet.write(table, directory.resolve("year=2026 a xy it's.parquet"));
    }
    try (ArrowTable read = parquet.read(odd, memory)) {
      assertThat(read.columnCount()).isEqualTo(1);
      assertThat(read.rowCount()).isEqualTo(3);
    }
  }

  @Test
  void namesThatWouldBeChangedAreRefused() {
    for (String second : List.of("N", "n", "")) {
      try (var one = new BigIntVector("n", memory);
          var other = new BigIntVector(second, memory)) {
        assertThatThrownBy(
                () -> parquet.write(ArrowTable.of(VectorSchemaRoot.of(one, other)), file))
            .isInstanceOf(IOException.class)
            .hasMessageMatching(second.isEmpty() ? ".*no name.*" : ".*'n' and '" + second + "'.*");
      }
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void whatIsNoParquetFileIsSaidToBeNone() throws IOException {
    Files.writeString(file, "no table at all, but some text");
    assertThatThrownBy(() -> parquet.read(file, memory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no Parquet file");

    Files.writeString(file, "");
    assertThatThrownBy(() -> parquet.read(file, memory)).isInstanceOf(IOException.class);
  }

  @Test
  void truncatedFilesAreRefusedInOneLine() throws IOException {
    byte[] whole = sample();
    for (int length = 0; length < whole.length; length += whole.length / 20 + 1) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> parquet.read(file, memory))
          .as("the first %d of %d bytes", length, whole.length)
          .isInstanceOf(IOException.class)
          .hasMessageNotContaining("\n");
    }
  }

  /// Whatever it holds, a damaged file is a table or an [IOException].
  @Test
  void damagedFilesAreRefusedOrRead() throws IOException {
    byte[] whole = sample();
    var random = new Random(SEED);
    for (int run = 0; run < 50; run++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      Files.write(file, damaged);
      try (ArrowTable read = parquet.read(file, memory)) {
        assertThat(read.columnCount()).isNotNegative();
      } catch (IOException refused) {
        assertThat(refused).hasMessageNotContaining("\n");
      }
    }
  }

  private byte[] sample() throws IOException {
    var texts = new VarCharVector("t", memory);
    for (int i = 0; i < 500; i++) {
      texts.setSafe(i, ("text " + i % 50).getBytes(StandardCharsets.UTF_8));
    }
    VectorSchemaRoot numbers = numbers(0, 500);
    var batch = VectorSchemaRoot.of(numbers.getVector(0), texts);
    batch.setRowCount(500);
    try (var table = ArrowTable.of(batch)) {
      parquet.write(table, file);
    }
    return Files.readAllBytes(file);
  }
}
