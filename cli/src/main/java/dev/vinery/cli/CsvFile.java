package dev.vinery.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.vinery.types.Column;
import dev.vinery.types.DataFrame;
import dev.vinery.types.ElementType;
import dev.vinery.types.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/// A data frame, written as a CSV file with a header, in UTF-8.
///
/// What is missing is an empty field. The labels of the rows are the first column, unless they are
/// the numbers from 0 up.
final class CsvFile {
  private CsvFile() {}

  /// @throws FileException if the file cannot be written
  static void write(DataFrame frame, Path file) {
    Optional<Column> labels = frame.index().filter(index -> !isNumbered(index));
    try (CsvWriter csv = CsvWriter.builder().build(file)) {
      List<String> names = new ArrayList<>();
      labels.ifPresent(_ -> names.add(frame.indexName().orElse("index")));
      names.addAll(frame.columnNames());
      csv.writeRecord(names);
      for (long row = 0; row < frame.rowCount(); row++) {
        List<String> fields = new ArrayList<>();
        if (labels.isPresent()) {
          fields.add(field(labels.get(), row));
        }
        for (Column column : frame.columns().values()) {
          fields.add(field(column, row));
        }
        csv.writeRecord(fields);
      }
    } catch (IOException e) {
      throw new FileException("cannot write %s: %s".formatted(file, ErrorText.of(e)), e);
    }
  }

  private static boolean isNumbered(Column labels) {
    return labels instanceof Tensor numbers
        && numbers.elementType() == ElementType.INT64
        && LongStream.range(0, numbers.length()).allMatch(i -> numbers.getLong(i) == i);
  }

  private static String field(Column column, long row) {
    return column.rowCount() == column.length() && column.isMissing(row)
        ? ""
        : column.formatRow(row);
  }
}
