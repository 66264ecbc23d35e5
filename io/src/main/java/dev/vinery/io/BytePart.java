package dev.vinery.io;

import java.io.IOException;
import java.io.OutputStream;

/// A part of what there is to be read, as bytes. Read once, by one thread.
@FunctionalInterface
public interface BytePart {
  /// Reads the part and writes its bytes.
  ///
  /// @throws IOException if it cannot be read to its end; the message, which the stream's reader
  ///   gets, says where and why
  void read(OutputStream to) throws IOException;
}
