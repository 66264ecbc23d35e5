package dev.vinery.io;

import java.util.Locale;

/// What is in a file.
enum FileFormat {
  CSV,
  PARQUET,
  ORC,
  ARROW,
  BYTES;

  /// What the option `filetype` says, or, if there is none, the end of the name. A file of which
  /// neither says anything is CSV.
  ///
  /// @throws IllegalArgumentException if there is no such format
  static FileFormat of(Settings settings, String name) {
    String wanted = settings.text("filetype", "").toLowerCase(Locale.ROOT);
    return switch (wanted) {
      case "" -> ofName(Compression.plainName(name).toLowerCase(Locale.ROOT));
      case "csv", "tsv" -> CSV;
      case "parquet" -> PARQUET;
      case "orc" -> ORC;
      case "arrow", "ipc", "feather" -> ARROW;
      case "bytes" -> BYTES;
      default ->
          throw new IllegalArgumentException(
              "option 'filetype' must be csv, parquet, orc, arrow or bytes: " + wanted);
    };
  }

  private static FileFormat ofName(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "parquet", "pq" -> PARQUET;
      case "orc" -> ORC;
      case "arrow", "arrows", "ipc", "feather" -> ARROW;
      default -> CSV;
    };
  }
}
