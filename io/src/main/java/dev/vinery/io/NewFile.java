package dev.vinery.io;

import java.io.IOException;
import java.nio.file.Path;

/// A file on its way to its place. Nobody sees it there before it is complete. Confined to one
/// thread.
public interface NewFile extends AutoCloseable {
  /// Where to write it for now, on this host.
  Path path();

  /// Puts the file in its place.
  void complete() throws IOException;

  /// Leaves nothing behind unless it is complete. Closing twice is fine.
  @Override
  void close() throws IOException;
}
