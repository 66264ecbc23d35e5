package dev.vinery.s3;

import dev.vinery.io.NewFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// A file on this host that becomes an object when it is complete, in one request or, if it is
/// long, in parts. Confined to one thread.
final class S3Upload implements NewFile {
  /// Length of a part, and of the longest file that is sent in one request, in bytes.
  static final long PART_BYTES = 64L << 20;

  /// Parts of one object, which the protocol limits.
  private static final int MAX_PARTS = 10_000;

  private final S3Client client;
  private final S3Name name;
  private final Path path;

  private S3Upload(S3Client client, S3Name name, Path path) {
    this.client = client;
    this.name = name;
    this.path = path;
  }

  static S3Upload begin(S3Client client, S3Name name) throws IOException {
    return new S3Upload(client, name, Files.createTempFile("vinery-", ".part"));
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public void complete() throws IOException {
    long sizeBytes = Files.size(path);
    try {
      if (sizeBytes <= PART_BYTES) {
        client.putObject(r -> r.bucket(name.bucket()).key(name.key()), RequestBody.fromFile(path));
      } else {
        sendParts(sizeBytes, partBytes(sizeBytes));
      }
    } catch (SdkException e) {
      throw S3Errors.in(name, e);
    }
  }

  /// Length of the parts of a long file, all but the last, in bytes.
  static long partBytes(long sizeBytes) {
    return Math.max(PART_BYTES, Math.ceilDiv(sizeBytes, MAX_PARTS));
  }

  private void sendParts(long sizeBytes, long partBytes) throws IOException {
    String upload =
        client.createMultipartUpload(r -> r.bucket(name.bucket()).key(name.key())).uploadId();
    boolean complete = false;
    try {
      List<CompletedPart> parts = new ArrayList<>();
      for (long from = 0; from < sizeBytes; from += partBytes) {
        parts.add(send(upload, parts.size() + 1, from, Math.min(partBytes, sizeBytes - from)));
      }
      client.completeMultipartUpload(r ->
          r.bucket(name.bucket())
              .key(name.key())
              .uploadId(upload)
              .multipartUpload(u -> u.parts(parts)));
      complete = true;
    } finally {
      if (!complete) {
        client.abortMultipartUpload(r -> r.bucket(name.bucket()).key(name.key()).uploadId(upload));
      }
    }
  }

  private CompletedPart send(String upload, int number, long from, long length) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      ByteBuffer bytes = file.map(MapMode.READ_ONLY, from, length, arena).asByteBuffer();
      UploadPartResponse answer =
          client.uploadPart(
              r -> r.bucket(name.bucket()).key(name.key()).uploadId(upload).partNumber(number),
              RequestBody.fromRemainingByteBuffer(bytes));
      return CompletedPart.builder().partNumber(number).eTag(answer.eTag()).build();
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
