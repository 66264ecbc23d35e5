package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.metadata.MetadataKeys;
import dev.vinery.metadata.MetadataLayout;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.NameReply;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Request;
import dev.vinery.testkit.SeededTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two daemons do what two clients ask for at random, and at the same time. Then both must show
/// what the metadata store says, nothing else, and their memory must hold what is needed for it.
final class ClusterModelTest {
  private static final int ROUNDS = 60;
  private static final int BLOB_BYTES = 64;
  private static final MetadataKeys KEYS = MetadataKeys.of(DaemonsUnderTest.PREFIX, 0);

  @RegisterExtension
  private final DaemonsUnderTest daemons = DaemonsUnderTest.with(ClusterTimes.DEFAULT);

  private final List<ObjectId> known = new ArrayList<>();

  @SeededTest(runs = 60)
  void bothTablesShowWhatTheStoreSays(RandomGenerator random) {
    List<TestClient> clients =
        List.of(daemons.client(daemons.start()), daemons.client(daemons.start()));
    for (int round = 0; round < ROUNDS; round++) {
      List<Request> asked = new ArrayList<>();
      for (int i = 0; i < clients.size(); i++) {
        TestClient client = clients.get(i);
        if (known.isEmpty() || random.nextInt(4) == 0) {
          known.add(leaf(client, i));
        }
        asked.add(anything(random));
        client.wire().send(asked.get(i));
      }
      for (TestClient client : clients) {
        if (client.wire().receiveReply() instanceof ObjectReply.Copied(var copy)) {
          known.add(copy);
        }
      }
      if (random.nextInt(5) == 0) {
        pair(clients.get(random.nextInt(2)), random);
      }
    }

    for (TestClient client : clients) {
      Map<ObjectId, Map<String, Json>> seen = objects(client);
      Map<ObjectId, Map<String, Json>> stored = stored();
      assertThat(stored).as("what is stored").containsAllEntriesOf(seen);
      stored.keySet().removeAll(seen.keySet());
      assertThat(stored.values())
          .as("what lacks a part")
          .allMatch(object -> object.containsKey(Metadata.GLOBAL));
      assertThat(names(client)).isEqualTo(storedNames());
    }
    clients.forEach(client -> client.done(new ObjectRequest.Clear()));
    assertThat(stored()).isEmpty();
    for (TestClient client : clients) {
      assertThat(objects(client)).isEmpty();
      client.done(new ObjectRequest.Clear());
      assertThat(client.usage()).isEqualTo(0);
    }
    daemons.closeAll();
    known.clear();
  }

  private Request anything(RandomGenerator random) {
    ObjectId id = known.get(random.nextInt(known.size()));
    String word = "n" + random.nextInt(4);
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> new ObjectRequest.Persist(id);
      case 4, 5 -> new NameRequest.Put(word, id);
      case 6 -> new NameRequest.Drop(word);
      case 7 -> new ObjectRequest.Label(id, List.of(word), List.of(word));
      case 8 -> new ObjectRequest.Copy(id, JsonText.parse("{\"extra\": \"" + word + "\"}"));
      case 9 -> new ObjectRequest.Get(List.of(id), true, false);
      default ->
          new ObjectRequest.Delete(
              List.of(id), random.nextInt(4) == 0, random.nextBoolean(), false, false, false);
    };
  }

  private static ObjectId leaf(TestClient client, long instanceId) {
    return client.createObject(
        """
        {"typename": "leaf", "instance_id": %d,
         "buffer_": {"id": "%s", "typename": "vineyard::Blob", "instance_id": %d}}\
        """
            .formatted(instanceId, client.put(new byte[BLOB_BYTES]), instanceId));
  }

  /// Makes a persistent global object of two others, if both are known there and may be its parts.
  private void pair(TestClient client, RandomGenerator random) {
    ObjectId a = known.get(random.nextInt(known.size()));
    ObjectId b = known.get(random.nextInt(known.size()));
    var found =
        client
            .wire()
            .call(new ObjectRequest.Get(List.of(a, b), true, false), ObjectReply.Found.class)
            .objects();
    if (found.size() < 2 || found.values().stream().anyMatch(Metadata::isGlobal)) {
      return;
    }
    ObjectId pair =
        client.createObject(
            """
            {"typename": "pair", "instance_id": 0, "global": true,
             "a": {"id": "%s"}, "b": {"id": "%s"}}\
            """
                .formatted(a, b));
    client.done(new ObjectRequest.Persist(pair));
    known.add(pair);
  }

  /// The persistent objects that a daemon knows, without what differs between daemons.
  private static Map<ObjectId, Map<String, Json>> objects(TestClient client) {
    catchUp(client);
    var all =
        client.wire().call(new ObjectRequest.Find("*", false, 100_000), ObjectReply.Found.class);
    Map<ObjectId, Map<String, Json>> objects = new TreeMap<>();
    all.objects()
        .forEach((id, metadata) -> {
          if (!id.isBlob() && !metadata.isTransient()) {
            Map<String, Json> plain = new HashMap<>(metadata.fields().values());
            plain.remove(Metadata.ID);
            plain.keySet().removeAll(metadata.members().keySet());
            objects.put(id, plain);
          }
        });
    return objects;
  }

  private static void catchUp(TestClient client) {
    client
        .wire()
        .call(
            new ObjectRequest.Get(List.of(ObjectId.INVALID), true, false), ObjectReply.Found.class);
  }

  /// The same of the objects in the store.
  private Map<ObjectId, Map<String, Json>> stored() {
    Map<ObjectId, Map<String, Json>> objects = new TreeMap<>();
    new MetadataLayout(KEYS)
        .objects(daemons.store().list(KEYS.root()).entries())
        .forEach((id, object) -> objects.put(id, new HashMap<>(object.fields().values())));
    return objects;
  }

  private static Map<String, ObjectId> names(TestClient client) {
    return client
        .wire()
        .call(new NameRequest.Find("*", false, 100_000), NameReply.Listed.class)
        .names();
  }

  private Map<String, ObjectId> storedNames() {
    return new MetadataLayout(KEYS).names(daemons.store().list(KEYS.root()).entries());
  }
}
