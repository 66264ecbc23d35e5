package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.NameReply;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SharedIndex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a client of a daemon of a cluster finds in the index: nothing that another daemon can
/// change.
final class ClusterIndexTest {
  @RegisterExtension
  private final DaemonsUnderTest daemons = DaemonsUnderTest.with(ClusterTimes.DEFAULT);

  private TestClient client;
  private SharedIndex.Reader index;

  @BeforeEach
  void openIndex() {
    client = daemons.client(daemons.start());
    var reply = client.wire().call(new SessionRequest.Index(), SessionReply.Index.class);
    index = new SharedIndex.Reader(client.wire().bytes(reply.index()));
  }

  private boolean holds(long key) {
    return index.find(key) != SharedIndex.NONE;
  }

  private ObjectId object(ObjectId blob) {
    return client.createObject(
        """
        {"typename": "leaf", "instance_id": 0,
         "buffer_": {"id": "%s", "typename": "vineyard::Blob", "instance_id": 0}}\
        """
            .formatted(blob));
  }

  private ObjectId ownerOf(ObjectId member) {
    return client.createObject(
        "{\"typename\": \"owner\", \"instance_id\": 0, \"m\": {\"id\": \"%s\"}}".formatted(member));
  }

  @Test
  void transientObjectsAndTheirBlobsAreEnteredUntilTheyArePersistent() {
    ObjectId blob = client.put("payload");
    ObjectId object = object(blob);
    ObjectId owner = ownerOf(object);
    client.metadata(object);
    client.metadata(owner);
    assertThat(holds(blob.value())).isTrue();
    assertThat(holds(object.value())).isTrue();
    assertThat(holds(owner.value())).isTrue();

    client.done(new ObjectRequest.Persist(object));

    assertThat(holds(object.value())).isFalse();
    assertThat(holds(owner.value())).as("others may change a part of it").isFalse();
    client.metadata(object);
    client.metadata(owner);
    assertThat(holds(object.value())).isFalse();
    assertThat(holds(owner.value())).isFalse();
    assertThat(holds(blob.value())).as("its bytes are here all the same").isTrue();
  }

  @Test
  void namesAreNotEntered() {
    ObjectId object = object(client.put("payload"));
    client.done(new ObjectRequest.Persist(object));
    client.done(new NameRequest.Put("name", object));

    assertThat(client.wire().call(new NameRequest.Get("name", false), NameReply.Found.class).id())
        .isEqualTo(object);

    assertThat(holds(SharedIndex.keyOfName("name"))).isFalse();
  }
}
