package dev.vinery.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.vinery.arrow.ArrowFiles;
import dev.vinery.arrow.ArrowMemory;
import dev.vinery.arrow.ArrowTable;
import dev.vinery.arrow.ArrowText;
import dev.vinery.arrow.ArrowValues;
import dev.vinery.arrow.TableFormat;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.types.DataFrame;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/// Arrow's values as the verbs read, print and write them. The only class of this module that sees
/// Arrow, which is not on the daemon's module path.
final class ArrowView {
  private static final String PARQUET = ".parquet";

  private ArrowView() {}

  /// The value as a table, if it is one of Arrow: a vector is a table of one column, a schema one
  /// without rows.
  static Optional<ArrowTable> tableOf(Object value) {
    return switch (value) {
      case ArrowTable table -> Optional.of(table);
      case VectorSchemaRoot batch -> Optional.of(ArrowTable.of(batch));
      case FieldVector vector -> {
        var batch =
            new VectorSchemaRoot(
                List.of(vector.getField()), List.of(vector), vector.getValueCount());
        yield Optional.of(ArrowTable.of(batch));
      }
      case Schema schema -> Optional.of(ArrowTable.of(schema, List.of()));
      default -> Optional.empty();
    };
  }

  /// Reads a file of Arrow.
  static ArrowTable read(Path file) {
    try {
      return storable(ArrowFiles.read(file, ArrowMemory.views()), file);
    } catch (IOException e) {
      throw new FileException(file + " cannot be read: " + ErrorText.of(e), e);
    }
  }

  /// Reads a Parquet file.
  static ArrowTable readParquet(Path file) {
    try {
      return storable(parquet().read(file, ArrowMemory.views()), file);
    } catch (IOException e) {
      throw new FileException(file + " cannot be read: " + ErrorText.of(e), e);
    }
  }

  private static ArrowTable storable(ArrowTable table, Path file) {
    try {
      table.requireLayouts();
      return table;
    } catch (IllegalArgumentException e) {
      table.close();
      throw new FileException(file + " cannot be put: " + e.getMessage(), e);
    }
  }

  private static TableFormat parquet() {
    return ServiceLoader.load(TableFormat.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(format -> format.suffix().equals(PARQUET))
        .findFirst()
        .orElseThrow(() -> new FileException("Parquet files need the module dev.vinery.parquet"));
  }

  /// Writes a file of Arrow, or of Parquet if its name ends so.
  static void write(ArrowTable table, Path file) {
    try {
      if (file.toString().toLowerCase(Locale.ROOT).endsWith(PARQUET)) {
        parquet().write(table, file);
      } else {
        ArrowFiles.write(table, file);
      }
    } catch (IOException e) {
      throw new FileException("cannot write %s: %s".formatted(file, ErrorText.of(e)), e);
    }
  }

  /// Writes a frame as a file of Arrow, or of Parquet if its name ends so. The labels of the rows
  /// are the first column, unless they are the numbers from 0 up.
  ///
  /// @throws UsageException if a column has no form in Arrow
  static void write(DataFrame frame, Path file) {
    try (ArrowTable table = ArrowTable.copyOf(frame.labelsAsColumn(), ArrowMemory.views())) {
      write(table, file);
    } catch (IllegalArgumentException e) {
      throw new UsageException("cannot write %s: %s".formatted(file, e.getMessage()));
    }
  }

  /// Writes a CSV file with a header, in UTF-8. What is missing is an empty field.
  static void writeCsv(ArrowTable table, Path file) {
    try (CsvWriter csv = CsvWriter.builder().build(file)) {
      csv.writeRecord(table.schema().getFields().stream().map(Field::getName).toList());
      for (VectorSchemaRoot batch : table.batches()) {
        for (int i = 0; i < batch.getRowCount(); i++) {
          List<String> fields = new ArrayList<>();
          for (FieldVector vector : batch.getFieldVectors()) {
            fields.add(vector.isNull(i) ? "" : ArrowText.element(vector, i));
          }
          csv.writeRecord(fields);
        }
      }
    } catch (IOException e) {
      throw new FileException("cannot write %s: %s".formatted(file, ErrorText.of(e)), e);
    }
  }

  /// Prints names and types of the columns, the first rows, and how many rows there are.
  static void print(ArrowTable table, long maxRows, Console console) {
    List<TextTable.Column> headings = new ArrayList<>();
    List<String> types = new ArrayList<>();
    headings.add(TextTable.Column.number(""));
    types.add("");
    for (Field field : table.schema().getFields()) {
      headings.add(
          isNumber(field.getType())
              ? TextTable.Column.number(field.getName())
              : TextTable.Column.text(field.getName()));
      types.add(ArrowText.type(field));
    }
    var text = new TextTable(headings).row(types);
    long row = 0;
    for (VectorSchemaRoot batch : table.batches()) {
      for (int i = 0; i < batch.getRowCount() && row < maxRows; i++) {
        text.row(cells(batch, i, row++));
      }
    }
    text.print(console.out(), console.columns());
    String size = "%d rows x %d columns".formatted(table.rowCount(), table.columnCount());
    String shown = row < table.rowCount() ? ", the first " + row + " shown" : "";
    console.out().println("[" + size + shown + "]");
  }

  private static boolean isNumber(ArrowType type) {
    return type instanceof ArrowType.Int
        || type instanceof ArrowType.FloatingPoint
        || type instanceof ArrowType.Bool;
  }

  private static List<String> cells(VectorSchemaRoot batch, int index, long row) {
    List<String> cells = new ArrayList<>();
    cells.add(Long.toString(row));
    batch.getFieldVectors().forEach(vector -> cells.add(ArrowText.element(vector, index)));
    return cells;
  }

  /// Prints a line for each row: an object from names to values.
  static void printJson(ArrowTable table, long maxRows, Console console) {
    long row = 0;
    for (VectorSchemaRoot batch : table.batches()) {
      for (int i = 0; i < batch.getRowCount() && row < maxRows; i++, row++) {
        var fields = new LinkedHashMap<String, Json>();
        for (FieldVector vector : batch.getFieldVectors()) {
          fields.put(vector.getName(), json(ArrowValues.value(vector, i)));
        }
        console.out().println(JsonText.print(Json.Fields.of(fields)));
      }
    }
  }

  private static Json json(@Nullable Object value) {
    return switch (value) {
      case null -> Json.Null.NULL;
      case Boolean flag -> new Json.Flag(flag);
      case Double number -> new Json.Real(number);
      case Float number -> new Json.Real(number);
      case BigInteger number -> Json.Whole.unsigned(number.longValue());
      case Number number -> Json.Whole.signed(number.longValue());
      case byte[] bytes -> new Json.Text(HexFormat.of().formatHex(bytes));
      case List<?> list -> new Json.Items(list.stream().map(ArrowView::json).toList());
      default -> new Json.Text(value.toString());
    };
  }
}
