package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.posix.PeerCredentials;
import dev.vinery.posix.PosixException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.StreamReply;
import dev.vinery.protocol.StreamTerms;
import dev.vinery.testkit.SeededTest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Random readers of a shared stream with a limit, against lists of all chunks that there ever
/// were: each gets the next chunk that is kept, and what is dropped is what nobody needs.
final class SharedStreamModelTest {
  private static final int PEERS = 4;
  private static final int LIMIT_BYTES = 40;
  private static final Reply END = Reply.Done.STOP_STREAM;

  private final List<Integer> sizes = new ArrayList<>();
  private final Map<Peer, Integer> next = new HashMap<>();
  private final Map<Peer, Integer> reading = new HashMap<>();
  private final Set<Integer> deleted = new HashSet<>();
  private int start;
  private int leftAt;
  private Store store;
  private Session session;

  @BeforeEach
  void open() throws PosixException {
    Clock clock = Clock.systemUTC();
    var options = DaemonOptions.of(Path.of("unused"), 1000);
    store = Store.alone(options, clock);
    session = new Session(store, Session.ROOT, StoreType.NORMAL, options.socket());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @SeededTest(runs = 500)
  void itKeepsAndGivesWhatListsSay(RandomGenerator random) {
    var readers = new StreamReaders(StreamTerms.SHARED.withLimitBytes(LIMIT_BYTES), () -> END);
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < PEERS; i++) {
      peers.add(peer());
    }
    for (int step = 0; step < 200; step++) {
      int who = random.nextInt(PEERS);
      Peer peer = peers.get(who);
      switch (random.nextInt(12)) {
        case 0 -> {
          session.leave(peer);
          readers.left(peer);
          leave(peer);
          peers.set(who, peer());
        }
        case 1 -> {
          int from = random.nextInt(sizes.size() + 3);
          readers.come(peer, (long) from);
          open(peer, from);
        }
        case 2 -> {
          readers.dropFinished();
          dropBefore(unfinished());
        }
        case 3, 4, 5, 6 -> {
          int size = random.nextInt(30);
          boolean full = readers.isFull(size);
          assertThat(full).isEqualTo(isFull(size));
          if (!full) {
            readers.append(new StreamChunk(id(sizes.size()), size, 0));
            sizes.add(size);
          }
        }
        default -> {
          StreamCursor cursor = readers.come(peer, null);
          readers.finishReading(cursor);
          assertThat(readers.next(cursor)).isEqualTo(pull(peer));
        }
      }
      for (ObjectId id : readers.takeDropped()) {
        assertThat(deleted.add((int) id.value())).as("%s was deleted before", id).isTrue();
      }
      assertThat(deleted).isEqualTo(unneeded());
      assertThat(readers.keptBytes())
          .isEqualTo(sizes.subList(start, sizes.size()).stream().mapToLong(each -> each).sum());
      assertThat(readers.count()).isEqualTo(next.size());
      assertThat(readers.readyCount()).isEqualTo(sizes.size() - slowest());
      assertThat(readers.readyBytes())
          .isEqualTo(sizes.subList(slowest(), sizes.size()).stream().mapToLong(each -> each).sum());
    }
  }

  private Peer peer() {
    return session.join(new PeerCredentials(1, 1, 1));
  }

  private static ObjectId id(int index) {
    return new ObjectId(index);
  }

  private void leave(Peer peer) {
    Integer at = next.remove(peer);
    Integer read = reading.remove(peer);
    if (at != null) {
      leftAt = Math.max(leftAt, read == null ? at : at - 1);
    }
  }

  private void open(Peer peer, int from) {
    reading.remove(peer);
    next.put(peer, Math.clamp(from, start, sizes.size()));
  }

  private Reply pull(Peer peer) {
    int at = Math.max(next.getOrDefault(peer, start), start);
    reading.remove(peer);
    next.put(peer, at);
    if (at == sizes.size()) {
      return END;
    }
    next.put(peer, at + 1);
    reading.put(peer, at);
    return new StreamReply.Pulled(id(at), at);
  }

  private int unfinished() {
    @Nullable Integer least = null;
    for (Map.Entry<Peer, Integer> each : next.entrySet()) {
      int at = reading.containsKey(each.getKey()) ? each.getValue() - 1 : each.getValue();
      least = least == null ? at : Math.min(least, at);
    }
    return least == null ? leftAt : least;
  }

  private int slowest() {
    return Math.max(start, next.values().stream().mapToInt(each -> each).min().orElse(leftAt));
  }

  private void dropBefore(int index) {
    start = Math.max(start, Math.min(index, sizes.size()));
  }

  private boolean isFull(int size) {
    while (start < unfinished() && keptBytes() + size > LIMIT_BYTES) {
      dropBefore(start + 1);
    }
    return start < sizes.size() && keptBytes() + size > LIMIT_BYTES;
  }

  private int keptBytes() {
    return sizes.subList(start, sizes.size()).stream().mapToInt(each -> each).sum();
  }

  /// What is kept no more and read by nobody.
  private Set<Integer> unneeded() {
    Set<Integer> unneeded = new HashSet<>();
    for (int i = 0; i < start; i++) {
      if (!reading.containsValue(i)) {
        unneeded.add(i);
      }
    }
    return unneeded;
  }
}
