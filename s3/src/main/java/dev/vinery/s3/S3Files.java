package dev.vinery.s3;

import dev.vinery.io.Driver;
import dev.vinery.io.FileDriver;
import dev.vinery.io.Location;
import dev.vinery.io.ReadRequest;
import dev.vinery.io.Reading;
import dev.vinery.io.Writing;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.s3.S3Client;

/// The driver of files in buckets: `s3://bucket/key`, a pattern like `s3://bucket/part-*.csv`, or
/// all of a folder, `s3://bucket/folder/`. Safe for use by several threads.
///
/// Who asks, and which server, is found as Amazon's own programs find it, or said by the options
/// `endpoint`, `region`, `profile` and `anonymous`.
public final class S3Files implements Driver {
  /// Which hold no connections while nobody reads, and so stay as long as this.
  private final Map<S3Account, S3Client> clients = new ConcurrentHashMap<>();

  /// A driver without settings.
  public S3Files() {}

  @Override
  public String scheme() {
    return S3Name.SCHEME;
  }

  @Override
  public Reading read(ReadRequest request) throws IOException {
    return files(request.location()).read(request);
  }

  @Override
  public Writing write(Location location) throws IOException {
    return files(location).write(location);
  }

  private FileDriver files(Location location) {
    S3Account account = S3Account.of(location.options());
    S3Client client = clients.computeIfAbsent(account, S3Account::connect);
    return new FileDriver(new S3Place(client), S3Account.OPTIONS);
  }
}
