package dev.vinery.io;

import java.io.IOException;

/// The driver of files on this host. Safe for use by several threads.
public final class LocalFiles implements Driver {
  private final FileDriver files = new FileDriver(new LocalPlace());

  /// A driver without settings.
  public LocalFiles() {}

  @Override
  public String scheme() {
    return files.scheme();
  }

  @Override
  public Reading read(ReadRequest request) throws IOException {
    return files.read(request);
  }

  @Override
  public Writing write(Location location) throws IOException {
    return files.write(location);
  }
}
