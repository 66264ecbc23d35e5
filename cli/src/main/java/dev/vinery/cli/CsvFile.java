package dev.vinery.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.vinery.types.Column;
import dev.vinery.types.DataFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A data frame, written as a CSV file with a header, in UTF-8.
///
/// What is missing is an empty field. The labels of the rows are the first column, unless they are
/// the numbers from 0 up.
final class CsvFile {
  private CsvFile() {}

  /// @throws FileException if the file cannot be written
  static void write(DataFrame frame, Path file) {
    DataFrame labelled = frame.labelsAsColumn();
    try (CsvWriter csv = CsvWriter.builder().build(file)) {
      csv.writeRecord(labelled.columnNames());
      for (long row = 0; row < labelled.rowCount(); row++) {
        List<String> fields = new ArrayList<>();
        for (Column column : labelled.columns().values()) {
          fields.add(field(column, row));
        }
        csv.writeRecord(fields);
      }
    } catch (IOException e) {
      throw new FileException("cannot write %s: %s".formatted(file, ErrorText.of(e)), e);
    }
  }

  private static String field(Column column, long row) {
    return column.rowCount() == column.length() && column.isMissing(row)
        ? ""
        : column.formatRow(row);
  }
}
