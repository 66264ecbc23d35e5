package dev.vinery.server;

import dev.vinery.posix.PeerCredentials;
import dev.vinery.posix.PosixException;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.nio.file.Path;
import java.time.Clock;

/// The handler of blobs on disk without a socket in front of it, so that a test says who asks.
final class DiskHandlerUnderTest implements AutoCloseable {
  private final Store store;
  private final Session session;

  DiskHandlerUnderTest() {
    Clock clock = Clock.systemUTC();
    var options = DaemonOptions.of(Path.of("unused"), 1 << 20);
    try {
      store = Store.alone(options, clock);
    } catch (PosixException e) {
      throw new AssertionError(e);
    }
    session = new Session(store, Session.ROOT, StoreType.NORMAL, options.socket());
    store.add(session);
  }

  /// Asks for a blob of three bytes in a file, in the name of somebody.
  ///
  /// @return why it was refused, or that it was not
  Status create(Path path, PeerCredentials credentials) {
    var handler = new DiskHandler(store.lock(), session.blobs(), store.temporaryDirectory());
    Peer peer = join(credentials);
    try {
      handler.create(new BlobRequest.CreateOnDisk(3, path.toString()), peer);
      return Status.OK;
    } catch (StoreException refused) {
      return refused.status();
    } finally {
      leave(peer);
    }
  }

  private Peer join(PeerCredentials credentials) {
    store.lock().lock();
    try {
      return session.join(credentials);
    } finally {
      store.lock().unlock();
    }
  }

  private void leave(Peer peer) {
    store.lock().lock();
    try {
      session.leave(peer);
    } finally {
      store.lock().unlock();
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
