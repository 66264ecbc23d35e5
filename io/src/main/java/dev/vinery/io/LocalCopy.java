package dev.vinery.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// A file that must lie on this host to be read: the file itself if it does, or a copy. Immutable.
record LocalCopy(Place place, StoredFile file) {
  /// A file on this host, until it is closed.
  ///
  /// @param temporary whether it goes with this
  record Held(Path path, boolean temporary) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      if (temporary) {
        Files.deleteIfExists(path);
      }
    }
  }

  /// Fetches the file if it is elsewhere.
  Held hold() throws IOException {
    Optional<Path> local = place.local(file);
    if (local.isPresent()) {
      return new Held(local.get(), false);
    }
    Path copy = Files.createTempFile("vinery-", ".part");
    boolean copied = false;
    try (InputStream in = place.read(file, 0)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      copied = true;
    } finally {
      if (!copied) {
        Files.deleteIfExists(copy);
      }
    }
    return new Held(copy, true);
  }
}
