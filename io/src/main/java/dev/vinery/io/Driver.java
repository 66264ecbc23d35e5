package dev.vinery.io;

import java.io.IOException;

/// Reads and writes what URIs of one scheme mean. A service, found by [java.util.ServiceLoader], or
/// registered on a [Drivers]. Safe for use by several threads.
public interface Driver {
  /// How the URIs begin, in lower case and without the colon.
  String scheme();

  /// Finds what there is to be read, quickly: reading itself comes later, in threads of its own.
  ///
  /// @throws IOException if there is nothing that can be read; the message says what and why
  /// @throws IllegalArgumentException if an option is wrong or unknown
  Reading read(ReadRequest request) throws IOException;

  /// Makes ready to write.
  ///
  /// @throws IOException if nothing can be written there; the message says what and why
  /// @throws IllegalArgumentException if an option is wrong or unknown
  default Writing write(Location location) throws IOException {
    throw new UnsupportedOperationException(location + ": it can only be read");
  }
}
