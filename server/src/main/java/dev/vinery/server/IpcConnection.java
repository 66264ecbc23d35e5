package dev.vinery.server;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.EventFd;
import dev.vinery.posix.Poll;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import dev.vinery.protocol.Codec;
import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// One local client: reads a request, has it answered, sends the reply, until either side ends it.
///
/// Runs on a thread of its own. Whatever happens, the client's traces are removed at the end.
final class IpcConnection implements Runnable {
  private static final Logger log = System.getLogger(IpcConnection.class.getName());

  private final int fd;
  private final Peer peer;
  private final Lock storeLock;
  private final SessionHandler sessions;
  private final Polling polling;
  private final Runnable afterwards;
  private final JsonWriter out = new JsonWriter();

  /// Takes over the descriptor.
  ///
  /// @param afterwards called when the peer has left its session, before the descriptor is closed,
  ///   after which nobody may call [#shutdown()]
  IpcConnection(
      int fd,
      Peer peer,
      Lock storeLock,
      SessionHandler sessions,
      Polling polling,
      Runnable afterwards) {
    this.fd = fd;
    this.peer = peer;
    this.storeLock = storeLock;
    this.sessions = sessions;
    this.polling = polling;
    this.afterwards = afterwards;
  }

  /// Ends the connection from another thread.
  void shutdown() {
    try {
      UnixSocket.shutdown(fd);
    } catch (PosixException e) {
      // The peer was faster.
    }
  }

  @Override
  public void run() {
    try (var channel = new FrameChannel(fd, polling)) {
      while (!peer.leaving()) {
        int length = channel.read();
        if (length < 0) {
          break;
        }
        Reply reply = answer(channel.body(), length);
        if (reply == null) {
          break;
        }
        out.beginFrame();
        Codec.write(reply, out);
        out.endFrame();
        channel.write(out);
        sendDescriptors();
      }
    } catch (PosixException e) {
      log.log(Level.DEBUG, "connection lost: {0}", e.getMessage());
    } catch (RuntimeException | OutOfMemoryError e) {
      // Outside the handlers, so no table is concerned: a reply too large to be printed, say.
      log.log(Level.ERROR, "closing a connection: peer=" + peer.credentials().pid(), e);
    } finally {
      leave();
    }
  }

  /// @return null if the connection is to be closed without a reply
  private @Nullable Reply answer(byte[] body, int length) throws PosixException {
    Request request;
    try {
      request = Codec.readRequest(body, 0, length);
    } catch (ProtocolException malformed) {
      return new Reply.Failed(malformed.status(), malformed.detail());
    }
    if (request instanceof SessionRequest.Exit) {
      return null;
    }
    Dispatcher dispatcher = peer.session().dispatcher();
    Answer answer = dispatcher.dispatch(request, peer, sessions);
    while (answer instanceof Answer.Later later) {
      if (!await(later)) {
        return null;
      }
      answer = dispatcher.resume(later, request, peer, sessions);
    }
    return ((Answer.Now) answer).reply();
  }

  /// Waits for an answer to be due and for the peer to leave, whichever comes first.
  ///
  /// @return whether the answer is due
  private boolean await(Answer.Later later) throws PosixException {
    int bell = EventFd.create();
    try {
      listen(later, bell);
      while (true) {
        int happened = Poll.await(fd, Poll.POLLRDHUP, bell, Poll.POLLIN, Poll.FOR_EVER);
        if (Poll.second(happened) != 0) {
          return true;
        }
        if (Poll.first(happened) != 0) {
          return false;
        }
      }
    } finally {
      storeLock.lock();
      try {
        later.cancel();
        peer.waitFor(null);
        Descriptor.close(bell);
      } finally {
        storeLock.unlock();
      }
    }
  }

  private void listen(Answer.Later later, int bell) {
    storeLock.lock();
    try {
      later.onDue(() -> {
        try {
          EventFd.signal(bell);
        } catch (PosixException e) {
          throw new AssertionError("a bell is open while somebody listens", e);
        }
      });
    } finally {
      storeLock.unlock();
    }
  }

  /// Sends what the peer needs to map the memory that the reply tells of. The peer holds that
  /// memory or is still writing it, and both end by this thread only, so the files are open.
  private void sendDescriptors() throws PosixException {
    List<Integer> descriptors = peer.takeDescriptors();
    for (int descriptor : descriptors) {
      UnixSocket.sendDescriptor(fd, descriptor);
    }
  }

  /// Ends a connection whose thread could not be started.
  void abandon() {
    leave();
  }

  private void leave() {
    try {
      storeLock.lock();
      try {
        peer.session().leave(peer);
      } finally {
        storeLock.unlock();
      }
      afterwards.run();
    } finally {
      Descriptor.close(fd);
    }
  }
}
