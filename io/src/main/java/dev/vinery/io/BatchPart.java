package dev.vinery.io;

import java.io.IOException;

/// A part of what there is to be read, as record batches. Read once, by one thread.
@FunctionalInterface
public interface BatchPart {
  /// Reads the part and writes its batches, all with the same fields, at least one.
  ///
  /// @throws IOException if it cannot be read to its end; the message, which the stream's reader
  ///   gets, says where and why
  void read(BatchSink sink) throws IOException;
}
