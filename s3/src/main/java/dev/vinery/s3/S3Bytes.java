package dev.vinery.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;

/// The bytes of an object. Confined to one thread.
final class S3Bytes extends FilterInputStream {
  private final ResponseInputStream<?> response;
  private final S3Name name;
  private boolean atEnd;

  S3Bytes(ResponseInputStream<?> response, S3Name name) {
    super(response);
    this.response = response;
    this.name = name;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      int count = response.read(into, offset, length);
      atEnd |= count < 0;
      return count;
    } catch (IOException e) {
      throw new IOException(name + ": the connection broke: " + e.getMessage(), e);
    } catch (SdkException e) {
      throw S3Errors.in(name, e);
    }
  }

  /// Ends the connection, too, if not all was read: the rest may be long.
  @Override
  public void close() throws IOException {
    if (!atEnd) {
      response.abort();
    }
    response.close();
  }
}
