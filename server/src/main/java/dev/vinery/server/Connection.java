package dev.vinery.server;

import dev.vinery.posix.PosixException;
import dev.vinery.protocol.Codec;
import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/// One client: reads a request, has it answered, sends the reply, until either side ends it.
///
/// Has a thread to itself. Whatever happens, the client's traces are removed at the end.
final class Connection {
  private static final Logger log = System.getLogger(Connection.class.getName());

  private final Channel channel;
  private final Peer peer;
  private final Lock storeLock;
  private final SessionHandler sessions;
  private final Consumer<Connection> afterwards;
  private final JsonWriter out = new JsonWriter();

  /// Takes over the channel.
  ///
  /// @param afterwards called when the peer has left its session, before the channel is closed,
  ///   after which nobody may call [#shutdown()]
  Connection(
      Channel channel,
      Peer peer,
      Lock storeLock,
      SessionHandler sessions,
      Consumer<Connection> afterwards) {
    this.channel = channel;
    this.peer = peer;
    this.storeLock = storeLock;
    this.sessions = sessions;
    this.afterwards = afterwards;
  }

  Peer peer() {
    return peer;
  }

  /// Ends the connection from another thread.
  void shutdown() {
    channel.shutdown();
  }

  /// Serves the client until it leaves or is sent away.
  void run() {
    try {
      while (!peer.leaving()) {
        int length = channel.read();
        if (length < 0 || !answer(channel.body(), length)) {
          break;
        }
      }
    } catch (PosixException | IOException e) {
      log.log(Level.DEBUG, "connection lost: peer={0}: {1}", peer.name(), e.getMessage());
    } catch (RuntimeException | OutOfMemoryError e) {
      // Outside the handlers, so no table is concerned: a reply too large to be printed, say.
      log.log(Level.ERROR, "closing a connection: peer=" + peer.name(), e);
    } finally {
      leave();
    }
  }

  /// @return whether the connection goes on
  private boolean answer(byte[] body, int length) throws IOException, PosixException {
    Request request;
    try {
      request = Codec.readRequest(body, 0, length);
    } catch (ProtocolException malformed) {
      return reply(new Reply.Failed(malformed.status(), malformed.detail()));
    }
    if (request instanceof SessionRequest.Exit) {
      return false;
    }
    Dispatcher dispatcher = peer.session().dispatcher();
    Answer answer = dispatcher.dispatch(request, peer, sessions);
    while (true) {
      switch (answer) {
        case Answer.Now(var reply) -> {
          return reply(reply);
        }
        case Answer.Later later -> {
          if (!await(later)) {
            return false;
          }
          answer = dispatcher.resume(later, request, peer, sessions);
        }
        case Answer.Upload upload -> {
          return upload(upload);
        }
        case Answer.Download download -> {
          return download(download);
        }
      }
    }
  }

  /// Sends a reply, and what the peer needs to map the memory that it tells of. The peer holds that
  /// memory or is still writing it, and both end by this thread only, so the files are open.
  private boolean reply(Reply reply) throws IOException, PosixException {
    print(reply);
    channel.write(out);
    for (int descriptor : peer.takeDescriptors()) {
      channel.sendDescriptor(descriptor);
    }
    return true;
  }

  private void print(Reply reply) {
    out.beginFrame();
    Codec.write(reply, out);
    out.endFrame();
  }

  /// Waits for an answer to be due and for the peer to leave, whichever comes first.
  ///
  /// @return whether the answer is due
  private boolean await(Answer.Later later) throws IOException, PosixException {
    Channel.Bell bell = channel.bell();
    try {
      listen(later, bell);
      return bell.await();
    } finally {
      storeLock.lock();
      try {
        later.abandon();
        peer.waitFor(null);
        bell.close();
      } finally {
        storeLock.unlock();
      }
    }
  }

  private void listen(Answer.Later later, Channel.Bell bell) {
    storeLock.lock();
    try {
      later.onDue(bell::ring);
    } finally {
      storeLock.unlock();
    }
  }

  /// Takes the bytes of blobs and makes the blobs seen. If that fails, they have never been there.
  private boolean upload(Answer.Upload upload) throws IOException, PosixException {
    Reply last;
    try {
      reply(upload.reply());
      upload.bytes().receive(channel::receive, upload.compressed());
      last = upload.blobs().publish();
    } catch (ProtocolException malformed) {
      reply(new Reply.Failed(malformed.status(), malformed.detail()));
      return false; // nobody knows where the next request begins
    } finally {
      upload.blobs().end();
    }
    return reply(last);
  }

  private boolean download(Answer.Download download) throws IOException, PosixException {
    try {
      print(download.reply());
      channel.announce(out);
      download.bytes().send(channel, download.compressed());
      channel.flush();
      return true;
    } finally {
      download.end().run();
    }
  }

  private void leave() {
    try {
      SharedFile pins;
      storeLock.lock();
      try {
        pins = peer.session().leave(peer);
      } finally {
        storeLock.unlock();
      }
      if (pins != null) {
        pins.close();
      }
      afterwards.accept(this);
    } finally {
      channel.close();
    }
  }
}
