package dev.vinery.s3;

import dev.vinery.io.Location;
import dev.vinery.io.NewFile;
import dev.vinery.io.Place;
import dev.vinery.io.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Files in buckets. All that is read of a file is of the version that was found first. Safe for
/// use by several threads.
final class S3Place implements Place {
  /// Objects that one pattern or folder may mean.
  private static final int MAX_FILES = 100_000;

  private final S3Client client;

  /// Which version of an object is read, by the name of the file.
  private final Map<String, String> versions = new ConcurrentHashMap<>();

  /// @param client stays the caller's
  S3Place(S3Client client) {
    this.client = client;
  }

  @Override
  public String scheme() {
    return S3Name.SCHEME;
  }

  @Override
  public List<StoredFile> find(Location location) throws IOException {
    S3Name name = S3Name.parse(location.path());
    try {
      if (name.isFolder()) {
        return some(list(name, name.key(), _ -> true), name, "nothing is there");
      }
      if (name.isPattern()) {
        return some(list(name, name.fixedPart(), matching(name)), name, "no object matches");
      }
      return List.of(one(name));
    } catch (SdkException e) {
      throw S3Errors.in(name, e);
    }
  }

  private static Predicate<String> matching(S3Name pattern) {
    PathMatcher glob = FileSystems.getDefault().getPathMatcher("glob:" + pattern.key());
    return key -> key.equals(pattern.key()) || glob.matches(Path.of(key));
  }

  private static List<StoredFile> some(List<StoredFile> found, S3Name name, String otherwise)
      throws IOException {
    if (found.isEmpty()) {
      throw new IOException(name + ": " + otherwise);
    }
    return found;
  }

  private List<StoredFile> list(S3Name name, String prefix, Predicate<String> wanted)
      throws IOException {
    List<StoredFile> files = new ArrayList<>();
    for (S3Object object :
        client.listObjectsV2Paginator(r -> r.bucket(name.bucket()).prefix(prefix)).contents()) {
      if (!object.key().endsWith("/") && wanted.test(object.key())) { // else it marks a folder
        files.add(stored(name.withKey(object.key()), object.size(), object.eTag()));
      }
      if (files.size() > MAX_FILES) {
        throw new IOException(name + ": more than " + MAX_FILES + " objects match");
      }
    }
    files.sort(Comparator.comparing(StoredFile::name));
    return files;
  }

  private StoredFile one(S3Name name) throws IOException {
    try {
      HeadObjectResponse head = client.headObject(r -> r.bucket(name.bucket()).key(name.key()));
      return stored(name, head.contentLength(), head.eTag());
    } catch (NoSuchKeyException e) {
      boolean folder =
          client
              .listObjectsV2(r -> r.bucket(name.bucket()).prefix(name.key() + "/").maxKeys(1))
              .hasContents();
      throw new IOException(
          folder
              ? "%s: it is a folder; name its objects, for example %s/*.csv".formatted(name, name)
              : name + ": there is no such object",
          e);
    }
  }

  private StoredFile stored(S3Name name, long sizeBytes, String version) {
    versions.put(name.toString(), version);
    return new StoredFile(name.toString(), sizeBytes, true);
  }

  @Override
  public InputStream read(StoredFile file, long offset) throws IOException {
    if (offset > 0 && offset >= file.sizeBytes()) {
      return InputStream.nullInputStream();
    }
    S3Name name = S3Name.parse(file.name());
    GetObjectRequest.Builder request =
        GetObjectRequest.builder()
            .bucket(name.bucket())
            .key(name.key())
            .ifMatch(versions.get(file.name()));
    if (offset > 0) {
      request.range("bytes=" + offset + "-");
    }
    try {
      ResponseInputStream<GetObjectResponse> bytes = client.getObject(request.build());
      return new S3Bytes(bytes, name);
    } catch (SdkException e) {
      throw S3Errors.in(name, e);
    }
  }

  @Override
  public NewFile create(String path) throws IOException {
    S3Name name = S3Name.parse(path);
    if (name.isFolder()) {
      throw new IOException(name + ": a file needs a name behind that of its folder");
    }
    try {
      client.headBucket(r -> r.bucket(name.bucket())); // now, and not when all is computed
    } catch (SdkException e) {
      throw S3Errors.in(name, e);
    }
    return S3Upload.begin(client, name);
  }
}
