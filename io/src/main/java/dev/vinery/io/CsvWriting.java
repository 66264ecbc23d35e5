package dev.vinery.io;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/// Writes batches as CSV, in UTF-8, as it is read here again: what is missing is empty, an empty
/// text is a pair of quotes. Immutable.
final class CsvWriting {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final DateTimeFormatter NANOS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSSSS");

  private final boolean header;
  private final char delimiter;

  /// @throws IllegalArgumentException if an option is wrong
  CsvWriting(Settings settings) {
    this.header = settings.flag("header_row");
    this.delimiter = (char) settings.character("delimiter", ",");
  }

  /// @param out stays the caller's
  void write(ArrowReader batches, OutputStream out) throws IOException {
    try {
      writeAll(batches, out);
    } catch (UncheckedIOException e) {
      throw e.getCause(); // as FastCSV wraps it
    }
  }

  private void writeAll(ArrowReader batches, OutputStream out) throws IOException {
    var text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    CsvWriter csv =
        CsvWriter.builder()
            .fieldSeparator(delimiter)
            .lineDelimiter(LineDelimiter.LF)
            .quoteStrategy(QuoteStrategies.EMPTY)
            .build(text);
    VectorSchemaRoot root = batches.getVectorSchemaRoot();
    if (header) {
      csv.writeRecord(root.getSchema().getFields().stream().map(Field::getName).toList());
    }
    while (batches.loadNextBatch()) {
      List<FieldVector> columns = root.getFieldVectors();
      List<@Nullable String> fields = new ArrayList<>(columns.size());
      for (int row = 0; row < root.getRowCount(); row++) {
        fields.clear();
        for (FieldVector column : columns) {
          fields.add(text(column.getObject(row)));
        }
        csv.writeRecord(fields);
      }
    }
    csv.flush();
    text.flush();
  }

  private static @Nullable String text(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case LocalDateTime time ->
          (time.get(ChronoField.NANO_OF_SECOND) == 0 ? SECONDS : NANOS).format(time);
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
      default -> value.toString();
    };
  }
}
