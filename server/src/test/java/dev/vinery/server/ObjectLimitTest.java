package dev.vinery.server;

import static dev.vinery.server.ObjectCreationTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Metadata that is deep, wide, or grows when it is read.
final class ObjectLimitTest {
  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(1 << 20);

  @Test
  void objectsMayBeAsDeepAsTheLimitWhetherInOneTreeOrOneByOne() {
    TestClient client = daemon.client();

    ObjectId inOneTree = client.createObject(nested(ObjectPlan.MAX_DEPTH, 1));
    ObjectId oneByOne = client.createObject(json("{'typename':'T','instance_id':0}"));
    for (int level = 1; level <= ObjectPlan.MAX_DEPTH; level++) {
      oneByOne = client.createObject(ownerOf(oneByOne));
    }

    assertThat(depthOf(client.metadata(inOneTree).fields())).isEqualTo(ObjectPlan.MAX_DEPTH);
    assertThat(depthOf(client.metadata(oneByOne).fields())).isEqualTo(ObjectPlan.MAX_DEPTH);
    assertThat(client.refusesObject(nested(ObjectPlan.MAX_DEPTH + 1, 10_001)))
        .isEqualTo(Status.META_TREE_INVALID);
    assertThat(client.refusesObject(ownerOf(oneByOne))).isEqualTo(Status.META_TREE_INVALID);
    client.done(new ObjectRequest.Persist(oneByOne));
    client.delete(oneByOne, inOneTree);
    assertThat(count(client)).isZero();
  }

  private static String ownerOf(ObjectId id) {
    return json("{'typename':'T','instance_id':0,'m':{'id':'%s'}}".formatted(id));
  }

  private static String nested(int levels, long firstId) {
    StringBuilder tree = new StringBuilder(json("{'typename':'T','instance_id':0"));
    for (int level = 1; level <= levels; level++) {
      tree.append(
          json(
              ",'m':{'id':'o%016x','typename':'M','instance_id':0,'signature':1"
                  .formatted(firstId + level)));
    }
    return tree.append("}".repeat(levels + 1)).toString();
  }

  private static int depthOf(Json.Fields tree) {
    return tree.find("m") instanceof Json.Fields member ? 1 + depthOf(member) : 0;
  }

  @Test
  void anObjectMayHaveVeryManyFieldsAndMembers() {
    TestClient client = daemon.client();
    Map<String, Json> fields = new LinkedHashMap<>();
    fields.put("typename", new Json.Text("Wide"));
    fields.put("instance_id", Json.Whole.signed(0));
    for (int i = 0; i < 20_000; i++) {
      fields.put("f" + i, Json.Whole.signed(i));
      fields.put(
          "b" + i,
          JsonText.parse(
              json(
                  "{'id':'%s','typename':'vineyard::Blob','instance_id':0}"
                      .formatted(new ObjectId(Long.MIN_VALUE + 1 + i)))));
    }

    ObjectId id =
        client
            .wire()
            .call(new ObjectRequest.Create(Json.Fields.of(fields)), ObjectReply.Created.class)
            .identity()
            .id();

    assertThat(client.metadata(id).fields().values()).hasSize(40_000 + 6);
    client.delete(id);
    assertThat(count(client)).isZero();
  }

  /// Each level holds the one below twice, so the text doubles where the request grows by a line.
  @Test
  void whatWouldBeTooLargeToReadIsNotMade() {
    TestClient client = daemon.client();
    ObjectId id = client.createObject(json("{'typename':'T','instance_id':0}"));
    Status status = Status.OK;
    int levels = 0;
    for (; levels < 100 && status == Status.OK; levels++) {
      Reply reply =
          client
              .wire()
              .call(
                  new ObjectRequest.Create(
                      JsonText.parse(
                          json(
                              "{'typename':'T','instance_id':0,'a':{'id':'%s'},'b':{'id':'%s'}}"
                                  .formatted(id, id)))));
      if (reply instanceof ObjectReply.Created made) {
        id = made.identity().id();
      } else {
        status = ((Reply.Failed) reply).status();
      }
    }

    assertThat(status).isEqualTo(Status.META_TREE_INVALID);
    assertThat(levels).isBetween(10, 30);
  }

  /// Reading it once is all that such a request costs.
  @Test
  void anObjectThatIsWantedOftenIsReadOnce() {
    TestClient client = daemon.client();
    ObjectId id = client.createObject(json("{'typename':'T','instance_id':0}"));
    for (int level = 0; level < 12; level++) {
      id =
          client.createObject(
              json(
                  "{'typename':'T','instance_id':0,'a':{'id':'%s'},'b':{'id':'%s'}}"
                      .formatted(id, id)));
    }
    String often = (Long.toUnsignedString(id.value()) + ",").repeat(100_000);

    byte[] reply =
        client
            .wire()
            .exchange(
                ("{\"type\":\"get_data_request\",\"id\":[" + often + "0]}")
                    .getBytes(StandardCharsets.US_ASCII));

    assertThat(reply).hasSizeBetween(100_000, 2 << 20);
    assertThat(client.metadata(id).member("b").member("a").member("b").members()).hasSize(2);
  }

  private static int count(TestClient client) {
    return count(client, "*");
  }

  private static int count(TestClient client, String pattern) {
    return client
        .wire()
        .call(new ObjectRequest.Find(pattern, false, Long.MAX_VALUE), ObjectReply.Found.class)
        .objects()
        .size();
  }
}
