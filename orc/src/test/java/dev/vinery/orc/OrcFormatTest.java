package dev.vinery.orc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.arrow.ArrowTable;
import dev.vinery.arrow.ArrowText;
import dev.vinery.arrow.RowRange;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TimeStampNanoTZVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of ORC that come back as they were written.
class OrcFormatTest {
  /// More than one step of the library.
  private static final int ROWS = 3000;

  @TempDir private Path directory;
  private final OrcFormat orc = new OrcFormat();
  private BufferAllocator memory;

  @BeforeEach
  void openMemory() {
    memory = new RootAllocator();
  }

  @AfterEach
  void nothingIsLeft() {
    memory.close();
  }

  private interface Setting {
    void set(int row);
  }

  /// A column of which every seventh value is missing.
  private static <V extends FieldVector> V filled(V vector, int rows, Setting setting) {
    vector.setInitialCapacity(rows);
    vector.allocateNew();
    for (int row = 0; row < rows; row++) {
      if (row % 7 == 3) {
        vector.setNull(row);
      } else {
        setting.set(row);
      }
    }
    vector.setValueCount(rows);
    return vector;
  }

  private ArrowTable table() {
    var flags = new BitVector("flag", memory);
    var shorts = new IntVector("int", memory);
    var longs = new BigIntVector("long", memory);
    var floats = new Float4Vector("float", memory);
    var reals = new Float8Vector("real", memory);
    var texts = new VarCharVector("text", memory);
    var bytes = new VarBinaryVector("bytes", memory);
    var days = new DateDayVector("day", memory);
    var times = new TimeStampNanoVector("time", memory);
    var instants = new TimeStampNanoTZVector("instant", memory, "UTC");
    var money = new DecimalVector("money", memory, 20, 3);
    var lists = ListVector.empty("list", memory);
    long second = 1_000_000_000;
    FieldVector[] columns = {
      filled(flags, ROWS, row -> flags.setSafe(row, row % 2)),
      filled(shorts, ROWS, row -> shorts.setSafe(row, -row)),
      filled(longs, ROWS, row -> longs.setSafe(row, row * 1_000_000_000_000L)),
      filled(floats, ROWS, row -> floats.setSafe(row, row / 4f)),
      filled(reals, ROWS, row -> reals.setSafe(row, row / 3.0)),
      filled(
          texts,
          ROWS,
          row ->
              texts.setSafe(row, ("é " + row).getBytes(java.nio.charset.StandardCharsets.UTF_8))),
      filled(bytes, ROWS, row -> bytes.setSafe(row, new byte[] {(byte) row, -1, 0})),
      filled(days, ROWS, row -> days.setSafe(row, row - 1000)),
      filled(times, ROWS, row -> times.setSafe(row, ((row - 1500) * 86_399L + 5) * second - row)),
      filled(instants, ROWS, row -> instants.setSafe(row, row * 7_777L * second + row)),
      filled(money, ROWS, row -> money.setSafe(row, BigDecimal.valueOf(row * 1234L, 3))),
      lists(lists)
    };
    return ArrowTable.of(new VectorSchemaRoot(Arrays.asList(columns)));
  }

  private static ListVector lists(ListVector lists) {
    UnionListWriter writer = lists.getWriter();
    for (int row = 0; row < ROWS; row++) {
      writer.setPosition(row);
      writer.startList();
      for (int i = 0; i < row % 4; i++) {
        writer.bigInt().writeBigInt(row + i);
      }
      writer.endList();
    }
    lists.setValueCount(ROWS);
    return lists;
  }

  private static List<List<String>> contents(ArrowTable table) {
    List<List<String>> columns = new ArrayList<>();
    for (int i = 0; i < table.schema().getFields().size(); i++) {
      List<String> column = new ArrayList<>();
      column.add(table.schema().getFields().get(i).getName());
      for (VectorSchemaRoot batch : table.batches()) {
        for (int row = 0; row < batch.getRowCount(); row++) {
          column.add(ArrowText.element(batch.getVector(i), row));
        }
      }
      columns.add(column);
    }
    return columns;
  }

  @Test
  void aTableComesBackEqual() throws IOException {
    Path file = directory.resolve("table.orc");
    try (ArrowTable table = table()) {
      orc.write(table, file);
      try (ArrowTable back = orc.read(file, memory)) {
        List<List<String>> expected = contents(table);
        List<List<String>> found = contents(back);
        for (int column = 0; column < expected.size(); column++) {
          for (int i = 0; i < expected.get(column).size(); i++) {
            assertThat(found.get(column).get(i))
                .as("%s, entry %s", expected.get(column).getFirst(), i)
                .isEqualTo(expected.get(column).get(i));
          }
        }
        assertThat(found).hasSameSizeAs(expected);
        assertThat(back.schema().findField("time")).isEqualTo(table.schema().findField("time"));
      }
    }
  }

  @Test
  void rowsOfARangeAreReadInBatches() throws IOException {
    Path file = directory.resolve("table.orc");
    try (ArrowTable table = table()) {
      orc.write(table, file);
    }
    assertThat(orc.groups(file)).containsExactly(new RowRange(0, ROWS));
    List<Object> found = new ArrayList<>();
    try (ArrowReader rows = orc.open(file, memory, 500, new RowRange(1100, 2500))) {
      while (rows.loadNextBatch()) {
        VectorSchemaRoot root = rows.getVectorSchemaRoot();
        assertThat(root.getRowCount()).isLessThanOrEqualTo(500);
        for (int row = 0; row < root.getRowCount(); row++) {
          found.add(root.getVector("int").getObject(row));
        }
      }
    }
    assertThat(found).hasSize(1400);
    assertThat(found.getFirst()).isEqualTo(-1100);
    assertThat(found.getLast()).isEqualTo(-2499);
  }

  @Test
  void unitsOfTimesAndNumbersWithoutSignGetTheirNextType() throws IOException {
    Path file = directory.resolve("table.orc");
    var micros = new TimeStampMicroVector("t", memory);
    var counts = new UInt4Vector("n", memory);
    micros.setSafe(0, -1_500_001);
    counts.setSafe(0, -1);
    try (ArrowTable table = ArrowTable.of(root(1, micros, counts))) {
      orc.write(table, file);
    }
    try (ArrowTable back = orc.read(file, memory)) {
      VectorSchemaRoot batch = back.batches().getFirst();
      assertThat(((TimeStampNanoVector) batch.getVector("t")).get(0)).isEqualTo(-1_500_001_000L);
      assertThat(batch.getVector("n").getObject(0)).isEqualTo(0xffff_ffffL);
    }
  }

  private static VectorSchemaRoot root(int rows, FieldVector... vectors) {
    var root = VectorSchemaRoot.of(vectors);
    root.setRowCount(rows);
    return root;
  }

  @Test
  void aTypeThatOrcHasNotIsRefusedByName() {
    try (ArrowTable table = ArrowTable.of(root(0, new TimeNanoVector("bad", memory)))) {
      assertThatThrownBy(() -> orc.write(table, directory.resolve("x.orc")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("column 'bad' is of type Time");
    }
  }

  /// Which the format would give back a second later.
  @Test
  void aTimeInTheLastSecondBefore1970IsRefused() {
    var times = new TimeStampNanoVector("t", memory);
    times.setSafe(0, -1);
    try (ArrowTable table = ArrowTable.of(root(1, times))) {
      assertThatThrownBy(() -> orc.write(table, directory.resolve("x.orc")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("column 't' has a time in the last second before 1970");
    }
  }

  @Test
  void aDamagedFileIsRefused() throws IOException {
    Path file = directory.resolve("table.orc");
    try (ArrowTable table = table()) {
      orc.write(table, file);
    }
    byte[] bytes = Files.readAllBytes(file);
    Path cut = Files.write(directory.resolve("cut.orc"), Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> orc.read(cut, memory))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("it is damaged: ");
    Path other = Files.writeString(directory.resolve("other.orc"), "PAR1");
    assertThatThrownBy(() -> orc.groups(other))
        .isInstanceOf(IOException.class)
        .hasMessage("it is no ORC file: it begins otherwise");
  }
}
