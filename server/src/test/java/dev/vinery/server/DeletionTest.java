package dev.vinery.server;

import static dev.vinery.server.ObjectCreationTest.json;
import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The cases of the specification: P and Q have O as a member, O has the blob B.
@ParameterizedClass
@EnumSource
final class DeletionTest {
  private static final boolean FORCE = true;
  private static final boolean DEEP = true;

  @RegisterExtension private final DaemonUnderTest daemon;

  DeletionTest(Door door) {
    daemon = DaemonUnderTest.withMemory(1 << 20).through(door);
  }

  private TestClient client;
  private ObjectId p;
  private ObjectId q;
  private ObjectId o;
  private ObjectId b;

  @BeforeEach
  void make() {
    client = daemon.client();
    b = client.put("blob");
    o = make("'b':{'id':'%s','typename':'vineyard::Blob','instance_id':0}".formatted(b));
    p = make("'o':{'id':'%s'}".formatted(o));
    q = make("'o':{'id':'%s'}".formatted(o));
  }

  private ObjectId make(String members) {
    return client.createObject(json("{'typename':'T','instance_id':0," + members + "}"));
  }

  @Test
  void whatIsOwnedStaysUnlessForced() {
    delete(!FORCE, DEEP, b);
    delete(!FORCE, DEEP, o);

    assertLeft(p, q, o, b);
  }

  @Test
  void withoutDepthOnlyTheObjectGoes() {
    delete(!FORCE, !DEEP, p);

    assertLeft(q, o, b);
  }

  @Test
  void aBlobFollowsItsLastOwnerEvenWithoutDepth() {
    delete(!FORCE, !DEEP, p, q);
    assertLeft(o, b);

    delete(!FORCE, !DEEP, o);

    assertLeft();
    assertThat(client.usage()).isZero();
  }

  @Test
  void withDepthWhatNothingElseHasFollows() {
    delete(!FORCE, DEEP, p);
    assertLeft(q, o, b);

    delete(!FORCE, DEEP, q);

    assertLeft();
  }

  @Test
  void byForceTheOwnersGoToo() {
    ObjectId above = make("'p':{'id':'%s'}".formatted(p));

    delete(FORCE, !DEEP, o);

    assertLeft();
    assertThat(client.sees(above)).isFalse();
    assertThat(client.usage()).isZero();
  }

  @Test
  void byForceABlobGoesWithEverythingAbove() {
    delete(FORCE, !DEEP, b);

    assertLeft();
  }

  @Test
  void ownersAndWhatTheyOwnGoTogetherInAnyOrder() {
    delete(!FORCE, !DEEP, b, o, q, p, o);

    assertLeft();
  }

  @Test
  void ofSeveralOwnersAllMustGo() {
    delete(!FORCE, DEEP, o, q);
    assertLeft(p, o, b);

    delete(!FORCE, DEEP, p);
    assertLeft();
  }

  @Test
  void whatIsUnknownIsSkipped() {
    delete(!FORCE, DEEP, new ObjectId(1), new ObjectId(-2), ObjectId.EMPTY_BLOB, ObjectId.INVALID);
    delete(FORCE, DEEP, new ObjectId(1), new ObjectId(-2), ObjectId.EMPTY_BLOB);
    delete(!FORCE, DEEP);

    assertLeft(p, q, o, b);
  }

  @Test
  void theFastPathTakesBlobsWhoeverHasThem() {
    ObjectId other = client.put("other");

    assertThat(client.refused(fast(b, o))).isEqualTo(Status.ASSERTION_FAILED);
    assertThat(client.finds(b)).isTrue();
    client.done(fast(b, other, new ObjectId(-2)));

    assertThat(client.finds(b)).isFalse();
    assertThat(client.sees(o)).isTrue();
    assertThat(client.metadata(o).member("b").whole("nbytes")).isZero();
    assertThat(client.usage()).isZero();
    delete(!FORCE, DEEP, p, q);
    assertThat(client.sees(o)).isFalse();
  }

  private static ObjectRequest fast(ObjectId... ids) {
    return new ObjectRequest.Delete(List.of(ids), false, false, true, false, false);
  }

  @Test
  void feedbackNamesTheBlobsThatWent() {
    ObjectId other = client.put("other");
    ObjectId unknown = new ObjectId(-2);

    assertThat(feedback(true, false, o, other, unknown)).containsExactlyInAnyOrder(b, other);
    assertThat(feedback(false, false, b)).isEmpty();
    assertThat(feedback(false, true, b, unknown)).containsExactly(b, unknown);
  }

  private List<ObjectId> feedback(boolean force, boolean fastpath, ObjectId... ids) {
    return client
        .wire()
        .call(
            new ObjectRequest.Delete(List.of(ids), force, false, fastpath, false, true),
            ObjectReply.Deleted.class)
        .blobs();
  }

  @Test
  void clearingTakesEverythingOfTheSession() {
    TestClient writer = daemon.localClient();
    Payload unsealed = writer.create(100);
    client.done(new ObjectRequest.Persist(p));

    client.done(new ObjectRequest.Clear());

    assertLeft();
    assertThat(client.exists(unsealed.id())).isFalse();
    assertThat(client.usage()).as("what its writer may write into still").isEqualTo(100);
    writer.close();
    eventually(() -> assertThat(client.usage()).isZero());
    assertThat(client.wire().call(new ObjectRequest.Find("*", false, 10)))
        .isEqualTo(new ObjectReply.Found(new LinkedHashMap<>()));
    client.done(new ObjectRequest.Clear());
  }

  @Test
  void deletingTakesWhatIsPersistentToo() {
    client.done(new ObjectRequest.Persist(p));
    client.done(new ObjectRequest.Persist(q));

    delete(!FORCE, DEEP, p, q);

    assertLeft();
  }

  @Test
  void anObjectCanBeMadeAnewUnderTheIdOfAMemberThatWent() {
    String owner =
        json(
            "{'typename':'T','instance_id':0,'m':{'id':'o1','typename':'%s','instance_id':0,'signature':1}}");
    ObjectId first = client.createObject(owner.formatted("A"));
    delete(!FORCE, DEEP, first);

    client.createObject(owner.formatted("B"));

    assertThat(client.metadata(new ObjectId(1)).typeName()).isEqualTo("B");
  }

  /// A long row of objects, each of which shares a member with the next.
  @Test
  void aLongFenceOfObjectsIsDeletedAtOnce() {
    List<ObjectId> posts = new ArrayList<>();
    ObjectId before = make("'x':0");
    for (int i = 0; i < 5000; i++) {
      ObjectId rail = make("'x':1");
      posts.add(make("'a':{'id':'%s'},'b':{'id':'%s'}".formatted(before, rail)));
      before = rail;
    }

    delete(FORCE, DEEP, posts.toArray(ObjectId[]::new));

    assertThat(
            client
                .wire()
                .call(new ObjectRequest.Find("*", false, 100), ObjectReply.Found.class)
                .objects())
        .hasSize(4);
  }

  private void delete(boolean force, boolean deep, ObjectId... ids) {
    client.done(new ObjectRequest.Delete(List.of(ids), force, deep, false, false, false));
  }

  private void assertLeft(ObjectId... left) {
    List<ObjectId> seen = new ArrayList<>();
    for (ObjectId id : List.of(p, q, o, b)) {
      if (client.sees(id)) {
        seen.add(id);
      }
    }
    assertThat(seen).containsExactly(left);
    assertThat(client.finds(b)).isEqualTo(seen.contains(b));
  }
}
