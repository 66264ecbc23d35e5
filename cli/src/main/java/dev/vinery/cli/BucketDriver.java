package dev.vinery.cli;

import dev.vinery.io.Driver;
import dev.vinery.io.Location;
import dev.vinery.io.ReadRequest;
import dev.vinery.io.Reading;
import dev.vinery.io.Writing;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The driver of `s3:`, whose libraries are loaded when it is first used. Safe for use by several
/// threads.
public final class BucketDriver implements Driver {
  private static final JarFolder FOLDER = new JarFolder("lib-s3");

  private @Nullable Driver loaded;

  /// A driver of which nothing is loaded yet.
  public BucketDriver() {}

  @Override
  public String scheme() {
    return "s3";
  }

  @Override
  public Reading read(ReadRequest request) throws IOException {
    return driver().read(request);
  }

  @Override
  public Writing write(Location location) throws IOException {
    return driver().write(location);
  }

  private synchronized Driver driver() throws IOException {
    Driver driver = loaded;
    if (driver == null) {
      driver = FOLDER.load(Driver.class);
      loaded = driver;
    }
    return driver;
  }
}
