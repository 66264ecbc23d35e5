package dev.vinery.server;

import static dev.vinery.server.ObjectCreationTest.json;
import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.NameReply;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.SessionRequest.StoreType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Requests that are answered when something has come into being.
@ParameterizedClass
@EnumSource
final class WaitTest {
  @RegisterExtension private final DaemonUnderTest daemon;

  WaitTest(Door door) {
    daemon = DaemonUnderTest.withMemory(1 << 20).through(door);
  }

  @Test
  void whatIsThereIsAnsweredAtOnce() {
    TestClient client = daemon.client();
    ObjectId id = make(client, "o1");
    name(client, id, "n");

    assertThat(get(client, id, ObjectId.EMPTY_BLOB)).containsExactly(id, ObjectId.EMPTY_BLOB);
    assertThat(get(client, ObjectId.INVALID)).isEmpty();
    assertThat(get(client)).isEmpty();
    assertThat(client.wire().call(new NameRequest.Get("n", true)))
        .isEqualTo(new NameReply.Found(id));
    assertThat(client.status().deferredRequests()).isZero();
  }

  private static List<ObjectId> get(TestClient client, ObjectId... ids) {
    return List.copyOf(
        client
            .wire()
            .call(new ObjectRequest.Get(List.of(ids), true, true), ObjectReply.Found.class)
            .objects()
            .sequencedKeySet());
  }

  @Test
  void aNameIsWaitedFor() {
    TestClient maker = daemon.client();
    TestClient first = waitForName("n");
    TestClient second = waitForName("n");
    TestClient other = waitForName("other");
    awaitDeferred(maker, 3);
    ObjectId id = make(maker, "o1");

    name(maker, id, "n");

    assertThat(first.wire().receiveReply()).isEqualTo(new NameReply.Found(id));
    assertThat(second.wire().receiveReply()).isEqualTo(new NameReply.Found(id));
    assertThat(other.wire().silent()).isTrue();
    assertThat(maker.status().deferredRequests()).isOne();
    assertThat(first.usage()).isZero();
  }

  private TestClient waitForName(String name) {
    TestClient client = daemon.client();
    client.wire().send(new NameRequest.Get(name, true));
    return client;
  }

  @Test
  void allObjectsOfARequestAreWaitedFor() {
    TestClient maker = daemon.client();
    ObjectId a = new ObjectId(1);
    ObjectId b = new ObjectId(2);
    TestClient waiting = waitForObjects(b, a, b);
    awaitDeferred(maker, 1);

    make(maker, "o1");
    assertThat(maker.status().deferredRequests()).isOne();
    assertThat(waiting.wire().silent()).isTrue();
    make(maker, "o2");

    assertThat(foundBy(waiting)).containsExactly(b, a);
    assertThat(maker.status().deferredRequests()).isZero();
  }

  @Test
  void anObjectThatCameAndWentIsWaitedForAgain() {
    TestClient maker = daemon.client();
    ObjectId a = new ObjectId(1);
    ObjectId b = new ObjectId(2);
    TestClient waiting = waitForObjects(a, b);
    awaitDeferred(maker, 1);

    ObjectId owner = make(maker, "o1");
    maker.delete(owner, a);
    make(maker, "o2");
    awaitDeferred(maker, 1);
    assertThat(waiting.wire().silent()).isTrue();
    make(maker, "o1");

    assertThat(foundBy(waiting)).containsExactly(a, b);
  }

  @Test
  void aBlobIsWaitedForUntilItIsSealed() {
    TestClient maker = daemon.localClient();
    Payload payload = maker.create(3);
    TestClient waiting = waitForObjects(payload.id());
    awaitDeferred(maker, 1);

    maker.seal(payload.id());

    assertThat(foundBy(waiting)).containsExactly(payload.id());
  }

  @Test
  void aBlobThatIsMovedHereIsWaitedForToo() {
    TestClient root = daemon.client();
    ObjectId source = root.put("x");
    Path socket = Sessions.open(root, StoreType.NORMAL);
    TestClient target = daemon.client(socket);
    ObjectId moved = new ObjectId(Long.MIN_VALUE | 99);
    TestClient waiting = daemon.client(socket);
    waiting.wire().send(new ObjectRequest.Get(List.of(moved), false, true));
    awaitDeferred(root, 1);

    Sessions.move(target, 0, source, moved);

    assertThat(foundBy(waiting)).containsExactly(moved);
  }

  private TestClient waitForObjects(ObjectId... ids) {
    TestClient client = daemon.client();
    client.wire().send(new ObjectRequest.Get(List.of(ids), false, true));
    return client;
  }

  private static List<ObjectId> foundBy(TestClient client) {
    Reply reply = client.wire().receiveReply();
    assertThat(reply).isInstanceOf(ObjectReply.Found.class);
    return List.copyOf(((ObjectReply.Found) reply).objects().sequencedKeySet());
  }

  @Test
  void whoLeavesWaitsNoLongerAndOthersStillDo() {
    TestClient maker = daemon.client();
    List<TestClient> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(waitForName("n"));
    }
    awaitDeferred(maker, 20);

    for (int i = 0; i < 20; i += 2) {
      waiting.get(i).close();
    }
    awaitDeferred(maker, 10);
    ObjectId id = make(maker, "o1");
    name(maker, id, "n");

    for (int i = 1; i < 20; i += 2) {
      assertThat(waiting.get(i).wire().receiveReply()).isEqualTo(new NameReply.Found(id));
    }
    assertThat(maker.status().deferredRequests()).isZero();
  }

  @Test
  void whatWasSentBehindAWaitIsAnsweredAfterIt() {
    TestClient maker = daemon.client();
    TestClient waiting = waitForName("n");
    waiting.wire().sendFrame("{\"type\":\"exists_request\",\"id\":1}");
    awaitDeferred(maker, 1);
    ObjectId id = make(maker, "o1");

    name(maker, id, "n");

    assertThat(waiting.wire().receiveReply()).isEqualTo(new NameReply.Found(id));
    assertThat(waiting.wire().receiveReply()).isEqualTo(new ObjectReply.Exists(true));
  }

  @Test
  void whoWaitsKeepsWhatItHolds() {
    TestClient maker = daemon.client();
    TestClient waiting = daemon.localClient();
    ObjectId held = maker.put("held");
    Payload read = waiting.getOne(held);
    waiting.wire().send(new NameRequest.Get("n", true));
    awaitDeferred(maker, 1);

    maker.delete(held);

    assertThat(maker.usage()).isEqualTo(4);
    assertThat(waiting.read(read)).containsExactly('h', 'e', 'l', 'd');
    waiting.close();
    eventually(() -> assertThat(maker.usage()).isZero());
  }

  /// Every client waits for a name and then makes the next one's, all at once.
  @Test
  void manyWaitAndWakeEachOther() {
    TestClient maker = daemon.client();
    ObjectId id = make(maker, "o1");
    int count = 30;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      TestClient client = daemon.client();
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int round = 0; round < 10; round++) {
                  client
                      .wire()
                      .call(
                          new NameRequest.Get("%d-%d".formatted(round, number), true),
                          NameReply.Found.class);
                  String next =
                      number + 1 < count
                          ? "%d-%d".formatted(round, number + 1)
                          : "%d-%d".formatted(round + 1, 0);
                  client.done(new NameRequest.Put(next, id));
                }
              }));
    }

    name(maker, id, "0-0");

    assertThat(maker.wire().call(new NameRequest.Get("10-0", true)))
        .isEqualTo(new NameReply.Found(id));
    eventually(() -> assertThat(threads).noneMatch(Thread::isAlive));
    assertThat(maker.status().deferredRequests()).isZero();
  }

  private static void awaitDeferred(TestClient client, long count) {
    eventually(() -> assertThat(client.status().deferredRequests()).isEqualTo(count));
  }

  /// Makes an object under an id of the caller's, as a member.
  ///
  /// @return its owner
  private static ObjectId make(TestClient client, String id) {
    ObjectId owner =
        client.createObject(
            json(
                "{'typename':'T','instance_id':0,'m':{'id':'%s','typename':'M','instance_id':0,'signature':1}}"
                    .formatted(id)));
    client.done(new ObjectRequest.Persist(owner));
    return owner;
  }

  private static void name(TestClient client, ObjectId id, String name) {
    client.done(new NameRequest.Put(name, id));
  }
}
