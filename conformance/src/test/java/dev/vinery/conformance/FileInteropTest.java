package dev.vinery.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.arrow.ArrowFiles;
import dev.vinery.arrow.ArrowTable;
import dev.vinery.arrow.ArrowText;
import dev.vinery.arrow.Samples;
import dev.vinery.parquet.ParquetFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Parquet and Feather files of pyarrow read here, and Parquet files of ours read by pyarrow. What
/// a file holds stands in an Arrow file beside it.
final class FileInteropTest {
  @TempDir private Path directory;
  private BufferAllocator memory;

  @BeforeEach
  void openMemory() {
    memory = new RootAllocator();
  }

  @AfterEach
  void nothingIsLeft() {
    memory.close();
  }

  @Test
  void whatPyarrowWritesIsReadOrRefusedByName() throws Exception {
    List<String> refused = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    for (String name : PythonProcess.run("files_make.py", directory)) {
      Path file = directory.resolve(name);
      Path expected = directory.resolve(name.replaceFirst("[.][a-z]+$", ".arrow"));
      if (!Files.exists(expected)) {
        refused.add(name);
        assertThatThrownBy(() -> requireLayouts(file)).as(name).hasMessageContaining("'bad'");
        continue;
      }
      try (ArrowTable wanted = ArrowFiles.read(expected, memory);
          ArrowTable got = read(file)) {
        differences.addAll(differences(name, contents(wanted), contents(got)));
      }
    }
    assertThat(differences).isEmpty();
    assertThat(refused).hasSize(6);
  }

  /// What differs, the first of each column.
  private static List<String> differences(
      String file, List<List<String>> wanted, List<List<String>> got) {
    assertThat(got).as("columns of " + file).hasSameSizeAs(wanted);
    List<String> differences = new ArrayList<>();
    for (int column = 0; column < wanted.size(); column++) {
      List<String> all = wanted.get(column);
      List<String> found = got.get(column);
      assertThat(found).as("column %s of %s", column, file).hasSameSizeAs(all);
      for (int i = 0; i < all.size(); i++) {
        if (!all.get(i).equals(found.get(i))) {
          differences.add(
              "%s, column %s, entry %d: %s and not %s"
                  .formatted(file, all.getFirst(), i, found.get(i), all.get(i)));
          break;
        }
      }
    }
    return differences;
  }

  private void requireLayouts(Path file) throws IOException {
    try (ArrowTable got = read(file)) {
      got.requireLayouts();
    }
  }

  private ArrowTable read(Path file) throws IOException {
    return file.toString().endsWith(".parquet")
        ? new ParquetFormat().read(file, memory)
        : ArrowFiles.read(file, memory);
  }

  @Test
  void pyarrowReadsWhatIsWrittenHere() throws Exception {
    int number = 0;
    for (int rows : new int[] {0, 1, 20}) {
      for (Map.Entry<String, FieldVector> sample : Samples.all(memory).entrySet()) {
        FieldVector vector = sample.getValue();
        if (vector.getValueCount() == rows && !isChanged(sample.getKey())) {
          write(ArrowTable.of(VectorSchemaRoot.of(named(vector))), number++);
        } else {
          vector.close();
        }
      }
    }
    assertThat(number).isGreaterThan(90);

    assertThat(PythonProcess.run("files_check.py", directory)).isEmpty();
  }

  /// Times are changed, their extremes are beyond what is allowed, and half floats become floats.
  private static boolean isChanged(String name) {
    return Stream.of("Timestamp", "Time", "Date", "Duration", "FloatingPoint(HALF", "nulls")
        .anyMatch(name::startsWith);
  }

  /// The same with a name, without which a column of Parquet is refused.
  private FieldVector named(FieldVector vector) {
    Field field = vector.getField();
    var transfer =
        vector.getTransferPair(
            new Field("column", field.getFieldType(), field.getChildren()), memory);
    transfer.transfer();
    vector.close();
    return (FieldVector) transfer.getTo();
  }

  private void write(ArrowTable table, int number) throws IOException {
    try (table) {
      ArrowFiles.write(table, directory.resolve(number + ".arrow"));
      new ParquetFormat().write(table, directory.resolve(number + ".parquet"));
    }
  }

  /// For each column its name, its type and its elements.
  private static List<List<String>> contents(ArrowTable table) {
    List<List<String>> contents = new ArrayList<>();
    List<Field> fields = table.schema().getFields();
    for (int i = 0; i < fields.size(); i++) {
      List<String> column = new ArrayList<>();
      column.add(fields.get(i).getName());
      String type = ArrowText.type(fields.get(i)).replace("large_", "");
      if (!type.contains("time") && !type.contains("date")) { // whose units may differ
        column.add(type);
      }
      for (VectorSchemaRoot batch : table.batches()) {
        for (int row = 0; row < batch.getRowCount(); row++) {
          column.add(ArrowText.element(batch.getVector(i), row));
        }
      }
      contents.add(column);
    }
    return contents;
  }
}
