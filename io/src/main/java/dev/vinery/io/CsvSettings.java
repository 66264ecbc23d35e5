package dev.vinery.io;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;

/// How a file of CSV is to be understood. Immutable.
///
/// @param header whether the first row of every file names the columns
/// @param firstHeader whether only that of the first file does
/// @param selected names or numbers of the columns that are wanted; none for all
/// @param types of the selected columns, in their order; an empty text where it is to be found out
/// @param others whether the columns that are not selected are wanted, too, behind the others
record CsvSettings(
    CsvDialect dialect,
    boolean header,
    boolean firstHeader,
    List<String> selected,
    List<String> types,
    boolean others,
    Charset charset) {
  CsvSettings {
    selected = List.copyOf(selected);
    types = List.copyOf(types);
  }

  /// @throws IllegalArgumentException if an option is wrong
  static CsvSettings of(Settings settings) {
    byte quote =
        settings.text("quote").filter(each -> each.equals("none") || each.isEmpty()).isPresent()
            ? CsvDialect.NONE
            : settings.character("quote", "\"");
    byte delimiter = settings.character("delimiter", ",");
    if (delimiter == quote) {
      throw new IllegalArgumentException("options 'delimiter' and 'quote' must differ");
    }
    return new CsvSettings(
        new CsvDialect(delimiter, quote),
        settings.flag("header_row"),
        settings.flag("first_header_row"),
        items(settings.text("schema", "")),
        items(settings.text("column_types", "")),
        settings.flag("include_all_columns"),
        charset(settings.text("encoding", "utf-8")));
  }

  private static List<String> items(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  private static Charset charset(String name) {
    try {
      return name.equalsIgnoreCase("latin1") ? StandardCharsets.ISO_8859_1 : Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new IllegalArgumentException("there is no encoding '" + name + "'", e);
    }
  }
}
