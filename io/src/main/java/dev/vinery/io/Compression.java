package dev.vinery.io;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/// How the bytes of a file are compressed.
enum Compression {
  NONE(""),
  GZIP(".gz"),
  ZSTD(".zst");

  private static final int BUFFER_BYTES = 64 << 10;

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  /// What the option `compression` says, or, if there is none or it is `auto`, the end of the name.
  ///
  /// @throws IllegalArgumentException if there is no such compression
  static Compression of(Settings settings, String name) {
    String wanted = settings.text("compression", "auto").toLowerCase(Locale.ROOT);
    return switch (wanted) {
      case "none" -> NONE;
      case "gzip", "gz" -> GZIP;
      case "zstd", "zst" -> ZSTD;
      case "auto" -> ofName(name);
      default ->
          throw new IllegalArgumentException(
              "option 'compression' must be auto, none, gzip or zstd: " + wanted);
    };
  }

  static Compression ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(GZIP.suffix)) {
      return GZIP;
    }
    return lower.endsWith(ZSTD.suffix) || lower.endsWith(".zstd") ? ZSTD : NONE;
  }

  /// A name without what it says of compression.
  static String plainName(String name) {
    int end = name.lastIndexOf('.');
    return ofName(name) == NONE || end < 0 ? name : name.substring(0, end);
  }

  /// @param in closed with the result, and at once if this fails
  InputStream expand(InputStream in) throws IOException {
    boolean opened = false;
    try {
      InputStream expanded =
          switch (this) {
            case NONE -> in;
            case GZIP -> new Checked(new GZIPInputStream(in, BUFFER_BYTES), "gzip");
            case ZSTD -> new Checked(new ZstdInputStream(in), "zstd");
          };
      opened = true;
      return expanded;
    } catch (EOFException | ZipException e) {
      throw new IOException("it is no gzip file: " + reason(e), e);
    } finally {
      if (!opened) {
        in.close();
      }
    }
  }

  private static String reason(IOException e) {
    return e instanceof EOFException ? "it ends too early" : String.valueOf(e.getMessage());
  }

  /// @param out closed with the result
  OutputStream compress(OutputStream out) throws IOException {
    return switch (this) {
      case NONE -> out;
      case GZIP -> new GZIPOutputStream(out, BUFFER_BYTES);
      case ZSTD -> new ZstdOutputStream(out);
    };
  }

  /// Says in all errors that it was the compression that was wrong.
  private static final class Checked extends FilterInputStream {
    private final String name;

    private Checked(InputStream in, String name) {
      super(in);
      this.name = name;
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (IOException e) {
        throw wrong(e);
      }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        return super.read(into, offset, length);
      } catch (IOException e) {
        throw wrong(e);
      }
    }

    private IOException wrong(IOException e) {
      boolean early =
          e instanceof EOFException || String.valueOf(e.getMessage()).contains("Truncated");
      return new IOException(
          "the " + name + " data " + (early ? "end too early" : "are damaged: " + e.getMessage()),
          e);
    }
  }
}
