package dev.vinery.io;

import java.io.IOException;

/// The drivers of files on web servers. Safe for use by several threads.
public final class HttpFiles {
  private HttpFiles() {}

  /// Files reached by `http:`.
  public static final class Plain implements Driver {
    private final FileDriver files = new FileDriver(new HttpPlace("http"));

    /// A driver without settings.
    public Plain() {}

    @Override
    public String scheme() {
      return files.scheme();
    }

    @Override
    public Reading read(ReadRequest request) throws IOException {
      return files.read(request);
    }
  }

  /// Files reached by `https:`.
  public static final class Encrypted implements Driver {
    private final FileDriver files = new FileDriver(new HttpPlace("https"));

    /// A driver without settings.
    public Encrypted() {}

    @Override
    public String scheme() {
      return files.scheme();
    }

    @Override
    public Reading read(ReadRequest request) throws IOException {
      return files.read(request);
    }
  }
}
