package dev.vinery.io;

import java.util.Locale;

/// What is in a file.
enum FileFormat {
  CSV(".csv"),
  PARQUET(".parquet"),
  ORC(".orc"),
  ARROW(".arrow"),
  BYTES("");

  private final String suffix;

  FileFormat(String suffix) {
    this.suffix = suffix;
  }

  /// How the names of such files most often end.
  String suffix() {
    return suffix;
  }

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

  /// The same for a name that may end in the number of a part.
  static FileFormat ofWritten(Settings settings, String name) {
    return of(settings, name.replaceFirst("_[0-9]+$", ""));
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
