package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.posix.PeerCredentials;
import dev.vinery.posix.PosixException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.testkit.FakeClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Ids are made from the clock, so a client that chooses ids of its own can take those that the
/// generator will come to. It must not come to them then.
final class TakenIdTest {
  private Store store;
  private Session session;

  @BeforeEach
  void open() throws PosixException {
    var options = DaemonOptions.of(Path.of("unused"), 1 << 20);
    store = Store.alone(options, new FakeClock(Instant.EPOCH));
    session = new Session(store, Session.ROOT, StoreType.NORMAL, options.socket());
    store.add(session);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void theIdOfAnObjectIsNotTakenTwice() {
    var objects = new ObjectTable(session.blobs(), 0);
    ObjectId first = make(objects, "");
    StringBuilder members = new StringBuilder();
    for (int i = 5; i < 50; i++) {
      members.append(
          ",'m%d':{'id':'%s','typename':'M','instance_id':0,'signature':1}"
              .formatted(i, new ObjectId(first.value() + i)));
    }
    make(objects, members.toString());
    Set<ObjectId> ids = new HashSet<>();

    for (int i = 0; i < 100; i++) {
      assertThat(ids.add(make(objects, ""))).isTrue();
    }

    assertThat(objects.size()).isEqualTo(2 + 45 + 100);
  }

  @Test
  void norWithinOneRequest() {
    var objects = new ObjectTable(session.blobs(), 0);
    ObjectId first = make(objects, "");
    var plan = new ObjectPlan(objects, store.ids(), 0, List.of());
    // A signature is drawn for each object too, so fresh ids are two apart.
    for (int i = 0; i < 4; i++) {
      plan.add(
          ObjectCreationTest.parse(
              "{'typename':'T','instance_id':0,'m':{'id':'%s','typename':'M','instance_id':0,'signature':1}}"
                  .formatted(new ObjectId(first.value() + 12 + i))));
    }
    for (int i = 0; i < 10; i++) {
      plan.add(ObjectCreationTest.parse("{'typename':'T','instance_id':0}"));
    }

    assertThat(plan.objects()).hasSize(4 + 4 + 10);
  }

  @Test
  void theIdOfABlobIsNotTakenTwice() {
    store.lock().lock();
    try {
      BlobTable blobs = session.blobs();
      Peer peer = session.join(new PeerCredentials(1, 1, 1));
      Blob lender = blobs.create(1, peer);
      blobs.seal(lender, peer);
      for (int i = 2; i < 40; i += 3) {
        blobs.borrow(new ObjectId(lender.id().value() + i), lender);
      }

      for (int i = 0; i < 100; i++) {
        blobs.create(1, peer);
      }

      assertThat(blobs.size()).isEqualTo(1 + 13 + 100);
    } finally {
      store.lock().unlock();
    }
  }

  private ObjectId make(ObjectTable objects, String members) {
    var plan = new ObjectPlan(objects, store.ids(), 0, List.of());
    LiveObject made =
        plan.add(ObjectCreationTest.parse("{'typename':'T','instance_id':0" + members + "}"));
    plan.objects().forEach(objects::add);
    return made.id();
  }
}
