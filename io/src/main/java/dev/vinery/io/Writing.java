package dev.vinery.io;

import java.io.IOException;
import java.io.InputStream;
import org.apache.arrow.vector.ipc.ArrowReader;

/// A place that is ready to take one stream. Closed unfinished, it leaves nothing there.
public interface Writing extends AutoCloseable {
  /// Writes all batches of a reader, which stays the caller's.
  ///
  /// @throws IOException if the place or the format does not take them
  void write(ArrowReader batches) throws IOException;

  /// Writes all bytes of a stream, which stays the caller's.
  ///
  /// @throws IOException if the place or the format does not take them
  void write(InputStream bytes) throws IOException;

  /// Makes what was written visible at its place.
  void finish() throws IOException;

  @Override
  void close() throws IOException;
}
