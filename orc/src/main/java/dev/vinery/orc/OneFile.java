package dev.vinery.orc;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/// A file of this host, as the only one of a file system of Hadoop, through which ORC's library
/// reads and writes. Immutable.
///
/// Hadoop's own local files would be bound to its users and their logins, which ask the JVM for
/// what it has no longer.
final class OneFile extends FileSystem {
  /// The name of the file there.
  static final Path NAME = new Path("file:/table.orc");

  private static final int BUFFER_BYTES = 256 << 10;

  private final java.nio.file.Path file;

  OneFile(java.nio.file.Path file, Configuration settings) {
    this.file = file;
    setConf(settings);
  }

  @Override
  public URI getUri() {
    return URI.create("file:///");
  }

  @Override
  public FSDataInputStream open(Path name, int bufferBytes) throws IOException {
    return new FSDataInputStream(new Bytes(FileChannel.open(file, StandardOpenOption.READ)));
  }

  @Override
  public FSDataOutputStream create(
      Path name,
      FsPermission permission,
      boolean overwrite,
      int bufferBytes,
      short replication,
      long blockBytes,
      Progressable progress)
      throws IOException {
    return new FSDataOutputStream(
        new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES), null);
  }

  @Override
  public FileStatus getFileStatus(Path name) throws IOException {
    return new FileStatus(Files.size(file), false, 1, BUFFER_BYTES, 0, NAME);
  }

  @Override
  public FSDataOutputStream append(Path name, int bufferBytes, Progressable progress) {
    throw unexpected();
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw unexpected();
  }

  @Override
  public boolean delete(Path name, boolean recursive) {
    throw unexpected();
  }

  @Override
  public FileStatus[] listStatus(Path name) {
    throw unexpected();
  }

  @Override
  public void setWorkingDirectory(Path directory) {
    throw unexpected();
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path("/");
  }

  @Override
  public boolean mkdirs(Path name, FsPermission permission) {
    throw unexpected();
  }

  private static UnsupportedOperationException unexpected() {
    return new UnsupportedOperationException("there is one file, which is read or written");
  }

  /// The bytes of the file. Confined to one thread.
  private static final class Bytes extends FSInputStream {
    private final FileChannel channel;

    private Bytes(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void seek(long position) throws IOException {
      channel.position(position);
    }

    @Override
    public long getPos() throws IOException {
      return channel.position();
    }

    @Override
    public boolean seekToNewSource(long position) {
      return false;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return length == 0 ? 0 : channel.read(ByteBuffer.wrap(into, offset, length));
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
