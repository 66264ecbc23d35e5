package dev.vinery.server;

import static dev.vinery.server.ObjectCreationTest.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.posix.PeerCredentials;
import dev.vinery.posix.PosixException;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.StoreException;
import dev.vinery.testkit.SeededTest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Reading in turns, and the limits of it, which are lower here than in a daemon.
final class ObjectReaderTest {
  private static final long MAX_BYTES = 1 << 20;

  private Store store;
  private Peer peer;
  private BlobTable blobs;
  private ObjectTable objects;
  private ObjectReader reader;

  @BeforeEach
  void open() throws PosixException {
    Clock clock = Clock.systemUTC();
    var options = DaemonOptions.of(Path.of("unused"), 1 << 20);
    store = Store.alone(options, clock);
    var session = new Session(store, Session.ROOT, StoreType.NORMAL, options.socket());
    peer = session.join(new PeerCredentials(1, 1, 1));
    blobs = session.blobs();
    objects = new ObjectTable(blobs, 0);
    reader = new ObjectReader(store.lock(), objects, blobs, new Waits<>(), MAX_BYTES);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aLongTextIsPutTogetherOfItsPieces() {
    ObjectId small = make("'x':1");
    ObjectId middle = make(members(300, small));
    ObjectId large = make(members(9, middle) + ",'last':" + "[1]");

    SequencedMap<ObjectId, Metadata> found = get(small, large, middle, small);

    assertThat(found.sequencedKeySet()).containsExactly(small, large, middle);
    Metadata read = Objects.requireNonNull(found.get(large));
    assertThat(read.json().length).isGreaterThan(300_000);
    assertThat(read.members()).hasSize(9);
    assertThat(read.fields().items("last")).containsExactly(Json.Whole.signed(1));
    read.members().values().forEach(member -> assertThat(member).isEqualTo(found.get(middle)));
    assertThat(read.member("m0").members().values()).containsOnly(found.get(small));
  }

  @SeededTest(runs = 30)
  void textsOfAnyShapeAreWhole(RandomGenerator random) {
    List<ObjectId> made = new ArrayList<>();
    made.add(make("'x':1"));
    for (int i = 0; i < 30; i++) {
      StringBuilder members = new StringBuilder("'n':" + i);
      for (int m = random.nextInt(6); m > 0; m--) {
        ObjectId id = made.get(random.nextInt(Math.max(0, made.size() - 5), made.size()));
        members.append(",'m%d':{'id':'%s'}".formatted(m, id));
      }
      String padding = "y".repeat(random.nextInt(10) == 0 ? 50_000 : random.nextInt(2000));
      try {
        made.add(make(members + ",'text':'" + padding + "'"));
      } catch (StoreException tooLarge) {
        break;
      }
    }

    for (ObjectId id : made) {
      LiveObject object = Objects.requireNonNull(objects.find(id));
      if (object.expandedBytes() < MAX_BYTES) {
        Metadata read = Objects.requireNonNull(get(id).get(id));
        for (Member member : object.members()) {
          assertThat(read.member(member.name())).isEqualTo(get(member.id()).get(member.id()));
        }
        assertThat(read.json().length).isLessThanOrEqualTo(object.expandedBytes());
      }
    }
  }

  @Test
  void aReplyThatIsTooLongIsRefused() {
    ObjectId half = make("'f':'" + "x".repeat(600_000) + "'");
    ObjectId other = make("'f':'" + "x".repeat(600_000) + "'");

    assertThat(get(half)).hasSize(1);
    assertThatThrownBy(() -> get(half, other))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("1048576 bytes")
        .hasMessageContaining("fewer objects");
    assertThatThrownBy(() -> list(10)).isInstanceOf(ProtocolException.class);
    assertThat(list(1)).hasSize(1);
  }

  @Test
  void anObjectThatIsTooLongIsRefusedAloneAndSkippedInLists() {
    ObjectId small = make("'f':'" + "x".repeat(100_000) + "'");
    ObjectId large = make(members(12, small));

    assertThatThrownBy(() -> get(small, large))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(large.toString());
    assertThat(list(10).sequencedKeySet()).containsExactly(small);
  }

  /// It takes several turns, and between two of them it may be gone with all its members.
  @Test
  void anObjectThatIsDeletedMeanwhileIsReadAsAWholeOrNotAtAll() throws InterruptedException {
    int whole = 0;
    for (int round = 0; round < 200; round++) {
      ObjectId id = make(members(20, make("'f':'" + "x".repeat(20_000) + "'")));
      Thread deleting = Thread.ofPlatform().start(() -> delete(id));

      Metadata read = get(id).get(id);

      if (read != null) {
        whole++;
        assertThat(read.members()).hasSize(20);
      }
      deleting.join();
      assertThat(objects.size()).isZero();
    }
    assertThat(whole).isLessThan(200);
  }

  private void delete(ObjectId id) {
    store.lock().lock();
    try {
      var deletion = new Deletion(objects, blobs);
      deletion.select(List.of(id), false, true);
      deletion.objects().forEach(objects::remove);
    } finally {
      store.lock().unlock();
    }
  }

  private static String members(int count, ObjectId id) {
    StringBuilder members = new StringBuilder("'z':0");
    for (int i = 0; i < count; i++) {
      members.append(",'m%d':{'id':'%s'}".formatted(i, id));
    }
    return members.toString();
  }

  private ObjectId make(String fields) {
    var plan = new ObjectPlan(objects, store.ids(), 1, List.of());
    LiveObject made = plan.add(parse("{'typename':'T','instance_id':0," + fields + "}"));
    plan.objects().forEach(objects::add);
    return made.id();
  }

  private SequencedMap<ObjectId, Metadata> get(ObjectId... ids) {
    var request = new ObjectRequest.Get(List.of(ids), false, false);
    Answer answer = reader.get(request, peer);
    return ((ObjectReply.Found) ((Answer.Now) answer).reply()).objects();
  }

  private SequencedMap<ObjectId, Metadata> list(long limit) {
    return ((ObjectReply.Found) reader.find(new ObjectRequest.Find("T", false, limit))).objects();
  }
}
