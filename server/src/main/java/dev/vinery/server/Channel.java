package dev.vinery.server;

import dev.vinery.posix.PosixException;
import dev.vinery.protocol.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/// One client's socket: frames in and out, and between them bytes that are no frames.
///
/// Confined to one connection, [#shutdown()] aside. Whatever fails ends the connection.
sealed interface Channel extends AutoCloseable permits LocalChannel, RemoteChannel {
  /// Reads the next frame.
  ///
  /// @return length of the body, which then stands at the beginning of [#body()]; or -1 when the
  ///   peer has left, in the middle of a frame or not, or announced more than is allowed
  int read() throws IOException, PosixException;

  /// What [#read()] has read.
  byte[] body();

  /// Sends a frame, and makes the writer ready for the next one.
  void write(JsonWriter frame) throws IOException, PosixException;

  /// Takes a frame that bytes follow, to be sent before them or together with the first of them.
  /// After the last of them comes [#flush()].
  void announce(JsonWriter frame) throws IOException, PosixException;

  /// Sends what was announced, if no bytes have followed.
  void flush() throws IOException;

  /// Sends a descriptor, behind a byte that carries it.
  void sendDescriptor(int descriptor) throws PosixException;

  /// Fills a direct buffer with the next bytes, to its limit.
  ///
  /// @throws java.io.EOFException if the peer leaves before
  void receive(ByteBuffer into) throws IOException;

  /// Sends what is left in a direct buffer.
  void send(ByteBuffer from) throws IOException;

  /// Makes a bell to wait for.
  Bell bell() throws PosixException;

  /// Ends the connection from another thread.
  void shutdown();

  /// Closes the socket. Nobody may call [#shutdown()] any more.
  @Override
  void close();

  /// Wakes a connection that waits with its peer for something to happen.
  interface Bell {
    /// Called by whoever made it happen, under the store lock, at most once.
    void ring();

    /// Waits for the bell, or for the peer to leave.
    ///
    /// @return whether the bell rang
    boolean await() throws IOException, PosixException;

    /// Ends the bell, under the store lock, when nobody rings it any more.
    void close();
  }
}
