package dev.vinery.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where files are kept, of all formats: with [FileDriver] it becomes a driver. Safe for use by
/// several threads.
public interface Place {
  /// How URIs of such files begin.
  String scheme();

  /// Finds the files that a location means, in the order of their names.
  ///
  /// @return at least one
  /// @throws IOException if there is none, or it cannot be read; the message names it
  List<StoredFile> find(Location location) throws IOException;

  /// Opens a file.
  ///
  /// @param offset where reading begins, in bytes; 0 unless the file is seekable
  InputStream read(StoredFile file, long offset) throws IOException;

  /// The file on this host, if it is there already.
  default Optional<Path> local(StoredFile file) {
    return Optional.empty();
  }

  /// Begins a new file in place of one that there may be.
  ///
  /// @throws IOException if it cannot be written; the message names it
  NewFile create(String name) throws IOException;
}
