package dev.vinery.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.vinery.types.Column;
import dev.vinery.types.DataFrame;
import dev.vinery.types.Strings;
import dev.vinery.types.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// A CSV file with a header, read into a data frame.
///
/// A column is of the narrowest kind that all its values fit: `int64`, `float64`, `bool`, else
/// strings. Empty fields, `NA`, `N/A`, `NaN`, `nan`, `null`, `NULL` and `None` are missing; whole
/// numbers of which some are missing become `float64`, and booleans strings, as pandas makes them.
final class CsvTable {
  private static final Set<String> MISSING =
      Set.of("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None");

  /// As pandas takes it.
  private static final Pattern INFINITE =
      Pattern.compile("[+-]?inf(inity)?", Pattern.CASE_INSENSITIVE);

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /// Columns of one file.
  private static final int MAX_COLUMNS = 100_000;

  private CsvTable() {}

  /// Reads a whole file in UTF-8.
  ///
  /// @param separator what stands between two fields
  /// @param rows counts the rows read so far, for whoever shows progress
  /// @throws FileException if it is no table, with the line
  static DataFrame read(Path file, char separator, AtomicLong rows) {
    try (BufferedReader text = Files.newBufferedReader(file);
        CsvReader<CsvRecord> csv =
            CsvReader.builder()
                .fieldSeparator(separator)
                .skipEmptyLines(true)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .ofCsvRecord(text)) {
      skipByteOrderMark(text);
      List<String> header = null;
      List<List<String>> columns = new ArrayList<>();
      for (CsvRecord record : csv) {
        if (header == null) {
          header = header(file, record);
          header.forEach(_ -> columns.add(new ArrayList<>()));
          continue;
        }
        addRow(file, record, columns);
        rows.incrementAndGet();
      }
      if (header == null) {
        throw new FileException(file + " is empty: the first line must name the columns");
      }
      return frame(header, columns);
    } catch (CsvParseException | UncheckedIOException e) {
      throw new FileException(file + " cannot be read as CSV: " + reason(e), e);
    } catch (CharacterCodingException e) {
      throw new FileException(
          file + " is not text in UTF-8; convert it, for example with iconv", e);
    } catch (IOException e) {
      throw new FileException(file + " cannot be read: " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof CharacterCodingException) {
      return "it is not text in UTF-8; convert it, for example with iconv";
    }
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  private static void skipByteOrderMark(BufferedReader text) throws IOException {
    text.mark(1);
    if (text.read() != BYTE_ORDER_MARK) {
      text.reset();
    }
  }

  private static List<String> header(Path file, CsvRecord record) {
    List<String> names = record.getFields();
    if (names.size() > MAX_COLUMNS) {
      throw new FileException(
          "%s has %d columns, at most %d can be put".formatted(file, names.size(), MAX_COLUMNS));
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.isBlank()) {
        throw at(file, record, "column %d has no name".formatted(i + 1));
      }
      if (!seen.add(name)) {
        throw at(file, record, "two columns are named '%s'".formatted(name));
      }
    }
    return names;
  }

  private static void addRow(Path file, CsvRecord record, List<List<String>> columns) {
    if (record.getFieldCount() != columns.size()) {
      throw at(
          file,
          record,
          "%d fields where the header names %d columns"
              .formatted(record.getFieldCount(), columns.size()));
    }
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).add(record.getField(i));
    }
  }

  private static FileException at(Path file, CsvRecord record, String what) {
    return new FileException(file + ", line " + record.getStartingLineNumber() + ": " + what);
  }

  private static DataFrame frame(List<String> names, List<List<String>> columns) {
    DataFrame.Builder frame = DataFrame.builder();
    for (int i = 0; i < names.size(); i++) {
      frame.column(names.get(i), column(columns.get(i)));
    }
    return frame.build();
  }

  private static Column column(List<String> values) {
    boolean someMissing = values.stream().anyMatch(MISSING::contains);
    boolean allMissing = values.stream().allMatch(MISSING::contains);
    if (allMissing && !values.isEmpty()) {
      return reals(values);
    }
    if (!someMissing && values.stream().allMatch(CsvTable::isWhole)) {
      return Tensor.of(values.stream().mapToLong(Long::parseLong).toArray());
    }
    if (values.stream().allMatch(value -> MISSING.contains(value) || isReal(value))) {
      return reals(values);
    }
    if (!someMissing && values.stream().allMatch(CsvTable::isBoolean)) {
      boolean[] flags = new boolean[values.size()];
      for (int i = 0; i < flags.length; i++) {
        flags[i] = Boolean.parseBoolean(values.get(i));
      }
      return Tensor.of(flags);
    }
    return Strings.ofOptional(
        values.stream()
            .map(value -> MISSING.contains(value) ? Optional.<String>empty() : Optional.of(value))
            .toList());
  }

  private static Tensor reals(List<String> values) {
    return Tensor.of(
        values.stream()
            .mapToDouble(value -> MISSING.contains(value) ? Double.NaN : real(value))
            .toArray());
  }

  private static boolean isWhole(String value) {
    try {
      Long.parseLong(value);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static double real(String value) {
    if (!INFINITE.matcher(value).matches()) {
      return Double.parseDouble(value);
    }
    return value.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  /// Java would also take hexadecimal numbers and a letter behind them.
  private static boolean isReal(String value) {
    if (INFINITE.matcher(value).matches()) {
      return true;
    }
    try {
      Double.parseDouble(value);
    } catch (NumberFormatException e) {
      return false;
    }
    return "xXfFdD".chars().noneMatch(letter -> value.indexOf(letter) >= 0);
  }

  private static boolean isBoolean(String value) {
    return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
  }
}
