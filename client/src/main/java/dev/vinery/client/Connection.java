package dev.vinery.client;

import dev.vinery.posix.PosixException;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.Codec;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.Extension;
import dev.vinery.protocol.ExtentRequest;
import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StreamRequest;
import java.io.EOFException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A registered connection to a daemon. Safe for use by several threads.
///
/// **One exchange at a time.** A lock is held from the first byte of a request to the last byte of
/// its reply, descriptors included. Whoever needs several exchanges to stand together takes it with
/// [#exclusively].
///
/// **Pipelining.** The daemon answers in order, so several requests may be under way, up to
/// [#UNDER_WAY_MAX], and fewer if replies are long: more could fill the buffers of both directions,
/// and both ends would wait for each other. A request whose outcome nobody needs is *posted*: its
/// reply is read and dropped before the next exchange.
///
/// **Deferred work.** What becomes due in a thread that must not wait for the lock, such as the one
/// that runs cleaners, is deferred to whoever holds it.
///
/// **Loss.** An exchange that was cut short leaves the stream in an unknown place. Therefore an
/// interrupt or a time-out in the middle of an exchange ends the connection, as does a reply that
/// makes no sense.
final class Connection {
  /// Requests that may be unanswered at one time.
  static final int UNDER_WAY_MAX = 32;

  /// Requests that [#callEach] sends ahead.
  private static final int AHEAD_MAX = 4;

  /// Bytes of replies that may be under way at one time, roughly: well below what a socket buffers.
  private static final int REPLIES_UNDER_WAY_MAX_BYTES = 64 << 10;

  /// Bytes of a reply for each object that was created, roughly.
  private static final int CREATED_BYTES = 128;

  /// Bytes of a request's text that are kept for the next one.
  private static final int TEXT_KEPT_BYTES = 64 << 10;

  private final Address address;
  private final ConnectOptions options;
  private final FrameSocket socket;
  private final SessionReply.Registered registered;

  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Runnable> deferred = new ConcurrentLinkedQueue<>();
  private final JsonWriter text = new JsonWriter();
  private final MemoryFileTable files = new MemoryFileTable();
  private int posted;
  private int writing;
  private volatile @Nullable String end;

  /// Registers on a connected socket, which this object closes.
  ///
  /// @param address where the daemon listens
  Connection(FrameSocket socket, Address address, ConnectOptions options) {
    this.socket = socket;
    this.address = address;
    this.options = options;
    this.registered = register();
  }

  private SessionReply.Registered register() {
    boolean accepted = false;
    try {
      var request =
          new SessionRequest.Register(
              ConnectionAttempt.VERSION,
              SessionRequest.StoreType.NORMAL,
              address instanceof Address.Remote ? options.sessionId() : 0,
              options.username(),
              options.password(),
              address instanceof Address.Local ? EnumSet.allOf(Extension.class) : Set.of());
      var reply = call(request, SessionReply.Registered.class);
      accepted = true;
      return reply;
    } finally {
      if (!accepted) {
        lose("the daemon at " + address + " refused the connection");
      }
    }
  }

  SessionReply.Registered registered() {
    return registered;
  }

  /// Whether the connection has come to an end, so that the daemon holds nothing for it any more.
  boolean ended() {
    return end != null;
  }

  /// Runs steps that no other thread's exchange may come between.
  <T> T exclusively(Supplier<T> steps) {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionException(
          Status.CONNECTION_ERROR, "interrupted before the daemon at " + address + " was asked", e);
    }
    try {
      return steps.get();
    } finally {
      lock.unlock();
      runDeferred();
    }
  }

  /// Hands over work to whoever holds the lock next, which may be this thread at once. Never waits
  /// for another thread's exchange.
  void defer(Runnable work) {
    if (!lock.isHeldByCurrentThread() && lock.tryLock()) {
      try {
        runAllDeferred();
        work.run();
      } finally {
        lock.unlock();
      }
    } else {
      deferred.add(work);
    }
    runDeferred();
  }

  private void runDeferred() {
    // Who fails to get the lock may rely on its holder: he looks at the queue after giving it up.
    while (!deferred.isEmpty() && !lock.isHeldByCurrentThread() && lock.tryLock()) {
      try {
        runAllDeferred();
      } finally {
        lock.unlock();
      }
    }
  }

  private void runAllDeferred() {
    @Nullable Runnable work = deferred.poll();
    while (work != null) {
      work.run();
      work = deferred.poll();
    }
  }

  /// Asks and returns the answer.
  ///
  /// @throws StoreException if the daemon refuses
  <R extends Reply> R call(Request request, Class<R> replyType) {
    return call(request, replyType, options.timeout());
  }

  /// Asks and returns the answer, within a time of its own.
  ///
  /// @throws StoreException if the daemon refuses
  <R extends Reply> R call(Request request, Class<R> replyType, Duration timeout) {
    Reply reply = callAll(List.of(request), List.of(), timeout).getFirst();
    return answer(request, reply, replyType);
  }

  /// The answer to a request, out of what [#callAll] returned.
  ///
  /// @throws StoreException if it is a refusal
  <R extends Reply> R answer(Request request, Reply reply, Class<R> replyType) {
    if (reply instanceof Reply.Failed(var status, var message)) {
      throw StoreException.of(
          status, message.replace('\n', ' ') + " (" + RequestText.describe(request) + ")");
    }
    if (!replyType.isInstance(reply)) {
      lose("the daemon at " + address + " answered out of turn");
      throw new ProtocolException(
          "the daemon answered "
              + reply.getClass().getSimpleName()
              + " ("
              + RequestText.describe(request)
              + ")");
    }
    return replyType.cast(reply);
  }

  /// Asks for several things at once.
  ///
  /// @param requests what is asked
  /// @param afterwards what is posted behind them
  /// @return the replies to `requests`, refusals included
  List<Reply> callAll(List<? extends Request> requests, List<? extends Request> afterwards) {
    return callAll(requests, afterwards, options.timeout());
  }

  private List<Reply> callAll(
      List<? extends Request> requests, List<? extends Request> afterwards, Duration timeout) {
    return inOneGo(timeout, deadline -> exchange(requests, afterwards, deadline));
  }

  /// Asks for one thing after the other, a few ahead of the answers: what the daemon does and what
  /// makes the next request go on at the same time.
  ///
  /// @param requests whose replies are short and bring no descriptors
  /// @return the replies, refusals included
  List<Reply> callEach(Iterator<? extends Request> requests) {
    return inOneGo(
        options.timeout(),
        deadline -> {
          requireAlive();
          settle(false, deadline);
          List<Reply> replies = new ArrayList<>();
          int asked = 0;
          while (requests.hasNext()) {
            put(requests.next(), deadline);
            socket.flush(deadline);
            asked++;
            if (asked - replies.size() == AHEAD_MAX) {
              replies.add(receive(false, deadline));
            }
          }
          while (replies.size() < asked) {
            replies.add(receive(false, deadline));
          }
          return replies;
        });
  }

  /// Asks for something, sends bytes once the daemon is ready for them, and returns its answer to
  /// these.
  ///
  /// @throws StoreException if the daemon refuses, before or after
  <R extends Reply> R upload(Request request, Class<R> replyType, Transfer bytes) {
    Reply last =
        inOneGo(
            options.timeout(),
            deadline -> {
              Reply first = exchange(List.of(request), List.of(), deadline).getFirst();
              if (!replyType.isInstance(first)) {
                return first;
              }
              bytes.run(socket);
              return receive(false, deadlineNanos(options.timeout()));
            });
    return answer(request, last, replyType);
  }

  /// Asks for bytes, and takes those that come behind the answer.
  ///
  /// @param bytes makes room for what the answer announces
  /// @throws StoreException if the daemon refuses
  <R extends Reply> R download(Request request, Class<R> replyType, Function<R, Transfer> bytes) {
    Reply reply =
        inOneGo(
            options.timeout(),
            deadline -> {
              Reply first = exchange(List.of(request), List.of(), deadline).getFirst();
              if (replyType.isInstance(first)) {
                bytes.apply(replyType.cast(first)).run(socket);
              }
              return first;
            });
    return answer(request, reply, replyType);
  }

  /// The bytes of blobs, in the middle of an exchange.
  interface Transfer {
    void run(FrameSocket socket)
        throws PosixException, InterruptedException, TimeoutException, EOFException;
  }

  /// Runs an exchange to its end, or ends the connection.
  private <T> T inOneGo(Duration timeout, Exchange<T> steps) {
    return exclusively(() -> {
      boolean whole = false;
      try {
        T result = steps.run(deadlineNanos(timeout));
        whole = true;
        return result;
      } catch (EOFException | PosixException e) {
        throw lost("the daemon at " + address + " is gone", e);
      } catch (TimeoutException e) {
        throw lost("the daemon at " + address + " did not answer within " + seconds(timeout), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw lost("interrupted while the daemon at " + address + " was asked", e);
      } finally {
        if (!whole) {
          lose("an exchange with the daemon at " + address + " was cut short");
        }
      }
    });
  }

  /// Steps of an exchange.
  private interface Exchange<T> {
    T run(long deadlineNanos)
        throws PosixException, InterruptedException, TimeoutException, EOFException;
  }

  private List<Reply> exchange(
      List<? extends Request> requests, List<? extends Request> afterwards, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException, EOFException {
    requireAlive();
    boolean exact = mayBringDescriptors(requests);
    List<Reply> replies = new ArrayList<>(requests.size());
    int asked = 0;
    int replyBytes = 0;
    for (Request request : requests) {
      int more = replyBytes(request);
      if (posted + asked - replies.size() == UNDER_WAY_MAX
          || (asked > replies.size() && replyBytes + more > REPLIES_UNDER_WAY_MAX_BYTES)) {
        collect(replies, asked, exact, deadlineNanos);
        replyBytes = 0;
      }
      put(request, deadlineNanos);
      asked++;
      replyBytes += more;
    }
    if (posted + asked - replies.size() + afterwards.size() > UNDER_WAY_MAX) {
      collect(replies, asked, exact, deadlineNanos);
    }
    int behind = 0;
    for (Request request : afterwards) {
      if (behind == UNDER_WAY_MAX) {
        socket.flush(deadlineNanos);
        posted += behind;
        settle(false, deadlineNanos);
        behind = 0;
      }
      put(request, deadlineNanos);
      behind++;
    }
    collect(replies, asked, exact, deadlineNanos);
    posted += behind;
    return replies;
  }

  private static int replyBytes(Request request) {
    return request instanceof ObjectRequest.CreateMany(var contents)
        ? contents.size() * CREATED_BYTES
        : CREATED_BYTES;
  }

  private static boolean mayBringDescriptors(List<? extends Request> requests) {
    for (Request request : requests) {
      if (request instanceof BlobRequest
          || request instanceof ExtentRequest.Lease
          || (request instanceof ObjectRequest.Get get && get.held())
          || request instanceof StreamRequest.Reserve
          || request instanceof SessionRequest.Index) {
        return true;
      }
    }
    return false;
  }

  private void put(Request request, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException {
    text.reset(TEXT_KEPT_BYTES);
    text.beginFrame();
    Codec.write(request, text);
    text.endFrame();
    socket.put(text.array(), text.sizeBytes(), deadlineNanos);
  }

  /// Sends what was put, and reads replies until there are as many as were asked for.
  private void collect(List<Reply> replies, int asked, boolean exact, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException, EOFException {
    socket.flush(deadlineNanos);
    settle(exact, deadlineNanos);
    while (replies.size() < asked) {
      replies.add(receive(exact, deadlineNanos));
    }
  }

  private Reply receive(boolean exact, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException, EOFException {
    int length = socket.receive(exact, deadlineNanos);
    Reply reply = Codec.readReply(socket.body(), 0, length);
    takeDescriptors(reply, deadlineNanos);
    return reply;
  }

  /// Reads and drops the replies to what was posted. A refusal among them changes nothing: what was
  /// to be let go has gone already.
  private void settle(boolean exact, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException, EOFException {
    while (posted > 0) {
      socket.receive(exact, deadlineNanos);
      posted--;
    }
  }

  /// Receives the descriptors behind a reply, in the order in which the reply names them: daemons
  /// that send several do not agree on any other order.
  private void takeDescriptors(Reply reply, long deadlineNanos)
      throws PosixException, InterruptedException, TimeoutException {
    for (int storeFd : reply.descriptors()) {
      files.add(storeFd, socket.receiveDescriptor(deadlineNanos), reply);
    }
  }

  /// The memory files that hold blobs. The caller holds the lock.
  MemoryFileTable files() {
    return files;
  }

  /// Sends a request whose outcome nobody needs, and does not wait. On a lost connection nothing
  /// happens. The caller holds the lock.
  void post(Request request) {
    quietly(deadlineNanos -> {
      if (posted == UNDER_WAY_MAX) {
        settle(false, deadlineNanos);
      }
      put(request, deadlineNanos);
      socket.flush(deadlineNanos);
      return ++posted;
    });
  }

  /// Leaves the daemon once it has answered all that was posted. Nothing happens if the connection
  /// has ended already.
  void close() {
    lock.lock();
    try {
      quietly(deadlineNanos -> {
        settle(false, deadlineNanos);
        put(new SessionRequest.Exit(), deadlineNanos);
        socket.flush(deadlineNanos);
        return true;
      });
      lose("the connection to " + address + " is closed");
    } finally {
      lock.unlock();
    }
  }

  /// Does what nobody waits for. If it fails, the connection is lost, and the next exchange says
  /// so.
  private void quietly(Exchange<?> sending) {
    if (end != null) {
      return;
    }
    boolean whole = false;
    try {
      sending.run(deadlineNanos(options.timeout()));
      whole = true;
    } catch (EOFException | PosixException | TimeoutException e) {
      // The reason given below says enough.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!whole) {
        lose("the daemon at " + address + " is gone");
      }
    }
  }

  private void requireAlive() {
    String reason = end;
    if (reason != null) {
      throw new ConnectionException(Status.CONNECTION_ERROR, reason);
    }
  }

  private ConnectionException lost(String reason, Exception cause) {
    lose(reason);
    return new ConnectionException(Status.CONNECTION_ERROR, reason, cause);
  }

  /// Ends the connection, unless it has ended. The caller holds the lock.
  private void lose(String reason) {
    if (end == null) {
      end = reason;
      files.close();
      if (writing == 0) {
        socket.close();
      }
    }
  }

  /// Takes note that somebody writes into memory that the daemon gives to others when the
  /// connection ends: it does not learn of the end before [#endWriting]. The caller holds the lock.
  void beginWriting() {
    writing++;
  }

  void endWriting() {
    writing--;
    if (writing == 0 && end != null) {
      socket.close();
    }
  }

  /// Whether somebody writes. The caller holds the lock.
  boolean writing() {
    return writing > 0;
  }

  static long deadlineNanos(Duration timeout) {
    long timeoutNanos = TimeUnit.NANOSECONDS.convert(timeout);
    return System.nanoTime() + Math.min(timeoutNanos, Long.MAX_VALUE / 2);
  }

  private static String seconds(Duration time) {
    return time.toMillis() / 1000.0 + " s";
  }
}
