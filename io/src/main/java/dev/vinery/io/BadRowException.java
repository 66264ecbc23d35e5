package dev.vinery.io;

import java.io.IOException;

/// A row of a text that cannot be read. Knows the byte where, from which its line is found.
final class BadRowException extends IOException {
  private static final long serialVersionUID = 1;

  private final String name;
  private final long offset;

  /// @param name of the text
  /// @param offset in the whole text, in bytes
  /// @param reason what is wrong there
  BadRowException(String name, long offset, String reason) {
    super(reason);
    this.name = name;
    this.offset = offset;
  }

  /// Which text.
  String name() {
    return name;
  }

  /// Where in the whole text, in bytes.
  long offset() {
    return offset;
  }

  String reason() {
    return String.valueOf(super.getMessage());
  }

  @Override
  public String getMessage() {
    return "%s, byte %d: %s".formatted(name, offset, reason());
  }
}
