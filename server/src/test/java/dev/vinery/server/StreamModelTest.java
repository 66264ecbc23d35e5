package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.posix.PeerCredentials;
import dev.vinery.posix.PosixException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StreamReply;
import dev.vinery.protocol.StreamRequest;
import dev.vinery.testkit.SeededTest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Random requests of a few connections about one stream, against a naive stream that keeps lists
/// of names and of who waits: same answers, same memory, at every step.
final class StreamModelTest {
  private static final long MEMORY_BYTES = 1000;
  private static final int PEERS = 4;
  private static final ObjectId ID = new ObjectId(1);

  private Store store;
  private Session session;
  private StreamHandler handler;

  /// The connections, and what each waits for.
  private final List<Peer> peers = new ArrayList<>();

  private final Map<Integer, Answer.Later> waiting = new HashMap<>();
  private final Map<Integer, StreamRequest> asked = new HashMap<>();
  private final NaiveStream naive = new NaiveStream(MEMORY_BYTES * 8 / 10);

  @BeforeEach
  void open() throws PosixException {
    Clock clock = Clock.systemUTC();
    var options = DaemonOptions.of(Path.of("unused"), MEMORY_BYTES);
    store = Store.alone(options, clock);
    session = new Session(store, Session.ROOT, StoreType.NORMAL, options.socket());
    var objects = new ObjectTable(session.blobs(), 0);
    handler =
        new StreamHandler(
            options.streams(),
            session.blobs(),
            new ObjectHandler(
                objects, session.blobs(), store.ids(), clock, session.publisher(), new Waits<>()),
            store.pool(),
            new Waits<>(),
            store.alarms());
    for (int i = 0; i < PEERS; i++) {
      peers.add(join());
    }
  }

  private Peer join() {
    return session.join(new PeerCredentials(1, 1, 1));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @SeededTest(runs = 300)
  void itAnswersAsTheNaiveStreamDoes(RandomGenerator random) {
    var history = new ArrayList<String>();
    for (int step = 0; step < 150; step++) {
      int peer = random.nextInt(PEERS);
      if (random.nextInt(25) == 0) {
        history.add(peer + " leaves");
        leave(peer);
      } else if (!waiting.containsKey(peer)) {
        StreamRequest request = anyRequest(peer, random);
        history.add(peer + " " + request);
        String expected = naive.handle(peer, request);
        assertThat(handle(peer, request)).as("%s", history).isEqualTo(expected);
      }
      resume(history);
      assertThat(store.pool().usedBytes()).as("%s", history).isEqualTo(naive.usedBytes());
      assertThat(handler.waiting()).as("%s", history).isEqualTo(waiting.size());
    }
  }

  private StreamRequest anyRequest(int peer, RandomGenerator random) {
    return switch (random.nextInt(20)) {
      case 0, 1 -> new StreamRequest.Create(ID);
      case 2 -> new StreamRequest.Open(ID, random.nextBoolean(), true);
      case 3 -> new StreamRequest.Open(ID, true, random.nextBoolean());
      case 4, 5, 6 -> new StreamRequest.Push(ID, pushable(peer, 1 + random.nextInt(50)));
      case 7, 8, 9, 10, 11 -> new StreamRequest.Reserve(ID, random.nextInt(300));
      case 12 -> random.nextInt(3) == 0 ? new StreamRequest.Drop(ID) : new StreamRequest.Survey();
      case 13 -> new StreamRequest.Stop(ID, random.nextBoolean(), "");
      default -> new StreamRequest.Pull(ID);
    };
  }

  /// Makes a sealed blob; if there is no room, an unknown id.
  private ObjectId pushable(int peer, int sizeBytes) {
    try {
      Blob blob = session.blobs().create(sizeBytes, peers.get(peer));
      session.blobs().seal(blob, peers.get(peer));
      naive.made(blob.id(), sizeBytes);
      return blob.id();
    } catch (StoreException full) {
      return new ObjectId(99);
    }
  }

  /// Handles a request and tells the outcome in the words of the naive stream.
  private String handle(int peer, StreamRequest request) {
    Answer answer;
    try {
      answer = handler.handle(request, peers.get(peer));
    } catch (StoreException refused) {
      return refused.status().toString();
    }
    return switch (answer) {
      case Answer.Now(var reply) -> word(reply);
      case Answer.Later later -> {
        waiting.put(peer, later);
        asked.put(peer, request);
        peers.get(peer).waitFor(later);
        later.onDue(() -> {});
        yield "waits";
      }
      case Answer.Upload _, Answer.Download _ -> throw new AssertionError("no bytes on a socket");
    };
  }

  private String word(Reply reply) {
    return switch (reply) {
      case StreamReply.Pulled(var chunk, _) -> chunk.toString();
      case StreamReply.Reserved(var payload, _) -> {
        naive.handedOut(payload.id(), payload.sizeBytes());
        yield "a chunk of " + payload.sizeBytes();
      }
      case Reply.Failed(var status, _) -> status.toString();
      default -> "done";
    };
  }

  /// Carries on with whoever is to wait no longer, as their connections would.
  private void resume(List<String> history) {
    boolean again = true;
    while (again) {
      again = false;
      for (int peer : List.copyOf(waiting.keySet())) {
        String expected = naive.resumed(peer);
        if (expected.equals("waits")) {
          continue;
        }
        again = true;
        Answer.Later later = Objects.requireNonNull(waiting.remove(peer));
        StreamRequest request = Objects.requireNonNull(asked.remove(peer));
        peers.get(peer).waitFor(null);
        Reply reply = later.reply();
        history.add(peer + " goes on");
        assertThat(reply != null ? word(reply) : handle(peer, request))
            .as("%s", history)
            .isEqualTo(expected);
      }
    }
  }

  private void leave(int peer) {
    naive.left(peer);
    waiting.remove(peer);
    asked.remove(peer);
    Peer leaving = peers.get(peer);
    session.leave(leaving);
    handler.left(leaving);
    peers.set(peer, join());
  }
}
