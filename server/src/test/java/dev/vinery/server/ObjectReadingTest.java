package dev.vinery.server;

import static dev.vinery.server.ObjectCreationTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Status;
import dev.vinery.testkit.SeededTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is read back of the metadata that was sent.
@ParameterizedClass
@EnumSource
final class ObjectReadingTest {
  @RegisterExtension private final DaemonUnderTest daemon;

  ObjectReadingTest(Door door) {
    daemon = DaemonUnderTest.withMemory(1 << 20).through(door);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "0",
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "-9223372036854775808",
        "1.0",
        "0.1",
        "-2.5",
        "1.0E300",
        "4.9E-324",
        "true",
        "false",
        "null",
        "\"\"",
        "\"text\"",
        "\"\\\"\\\\ \\n\\t\\u0000\\u001f\"",
        "\"grüße 日本 🙂\"",
        "\"{\\\"json\\\":[1,2]}\"",
        "[]",
        "[1,2.5,\"a\",null,true,[],[[1]]]",
        "[{\"a\":1}]"
      })
  void everyValueComesBackAsItWasSent(String value) {
    TestClient client = daemon.client();
    ObjectId id =
        client.createObject(
            "{\"typename\":\"T\",\"instance_id\":0,\"field\":%s,\"__x\":%s}"
                .formatted(value, value));

    Json.Fields reply =
        client.wire().call("{\"type\":\"get_data_request\",\"id\":[%s]}".formatted(text(id)));

    Json.Fields read = reply.fields("content").fields(id.toString());
    assertThat(read.get("field")).isEqualTo(JsonText.parse(value));
    assertThat(read.get("__x")).isEqualTo(JsonText.parse(value));
    assertThat(reply.text("type")).isEqualTo("get_data_reply");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "a/b",
        "~",
        "~0",
        "~1",
        "a~b",
        "0",
        "00",
        "-1",
        "",
        " ",
        ".",
        "..",
        "$ref",
        "é",
        "🙂",
        "a\\\"b",
        "a\\u0000b",
        "code",
        "type",
        "name",
        "nbytes",
        "length",
        "__elements_-0",
        "__timestam"
      })
  void fieldsKeepTheirNamesWhateverTheyAre(String name) {
    TestClient client = daemon.client();
    ObjectId id =
        client.createObject(
            "{\"typename\":\"T\",\"instance_id\":0,\"%s\":5,\"aaa\":1}".formatted(name));
    ObjectId owner =
        client.createObject(
            "{\"typename\":\"T\",\"instance_id\":0,\"%s\":{\"id\":\"%s\"}}".formatted(name, id));
    String unescaped = ((Json.Text) JsonText.parse('"' + name + '"')).value();

    assertThat(client.metadata(id).whole(unescaped)).isEqualTo(5);
    assertThat(client.metadata(owner).member(unescaped).id()).isEqualTo(id);
  }

  @Test
  void whatIsNotFoundIsLeftOutAndNothingFoundIsNull() {
    TestClient client = daemon.client();
    ObjectId object = client.createObject(json("{'typename':'T','instance_id':0}"));
    ObjectId blob = client.put("blob");
    ObjectId unsealed = daemon.localClient().create(3).id();

    ObjectReply.Found found =
        client.find(
            new ObjectId(9), object, unsealed, blob, ObjectId.EMPTY_BLOB, ObjectId.INVALID, object);

    assertThat(found.objects().sequencedKeySet())
        .containsExactly(object, blob, ObjectId.EMPTY_BLOB);
    for (String ids : List.of("", "9", "18446744073709551615", text(unsealed))) {
      Json.Fields reply =
          client
              .wire()
              .call(
                  "{\"type\":\"get_data_request\",\"id\":[%s],\"sync_remote\":true}"
                      .formatted(ids));
      assertThat(reply.find("content")).isEqualTo(Json.Null.NULL);
    }
  }

  @Test
  void aBlobIsDescribedByItsSizeOnItsOwnAndAsAMember() {
    TestClient client = daemon.client();
    ObjectId blob = client.put("12345");
    ObjectId owner =
        client.createObject(
            json(
                "{'typename':'T','instance_id':0,'b':{'id':'%s','typename':'vineyard::Blob','instance_id':0}}"
                    .formatted(blob)));

    assertThat(client.metadata(blob))
        .isEqualTo(client.metadata(owner).member("b"))
        .isEqualTo(Metadata.ofBlob(blob, 5, 0));
  }

  @Test
  void existenceIsToldOfObjectsBlobsAndTheEmptyBlob() {
    TestClient client = daemon.client();
    ObjectId object = client.createObject(json("{'typename':'T','instance_id':0}"));

    assertThat(client.exists(object)).isTrue();
    assertThat(client.exists(client.put("x"))).isTrue();
    assertThat(client.exists(daemon.localClient().create(1).id())).isTrue();
    assertThat(client.exists(ObjectId.EMPTY_BLOB)).isTrue();
    assertThat(client.exists(new ObjectId(1))).isFalse();
    assertThat(client.exists(new ObjectId(-2))).isFalse();
    assertThat(client.exists(ObjectId.INVALID)).isFalse();
    client.delete(object);
    assertThat(client.exists(object)).isFalse();
  }

  @Test
  void anIdMustStandInAnArray() {
    TestClient client = daemon.client();

    assertThat(client.refused("{\"type\":\"get_data_request\",\"id\":5}")).isEqualTo(1);
    assertThat(client.refused("{\"type\":\"del_data_request\",\"id\":5}")).isEqualTo(1);
  }

  @SeededTest(runs = 60)
  void randomTreesComeBackWithTheirMembersExpanded(RandomGenerator random) {
    TestClient client = daemon.client();
    Map<String, Json> fields = randomFields(random, 4);

    ObjectId id = client.createObject(Metadata.of(Json.Fields.of(fields))).id();

    assertSubset(Json.Fields.of(fields), client.metadata(id).fields(), true);
    client.done(new ObjectRequest.Persist(id));
    assertSubset(Json.Fields.of(fields), client.metadata(id).fields(), true);
  }

  /// Everything that was sent must be there; more is the daemon's.
  private static void assertSubset(Json.Fields sent, Json.Fields read, boolean top) {
    for (Map.Entry<String, Json> field : sent.values().entrySet()) {
      Json value = read.get(field.getKey());
      if (field.getValue() instanceof Json.Fields member) {
        assertSubset(member, (Json.Fields) value, false);
      } else if (!(top && field.getKey().equals("id"))) {
        assertThat(value).as(field.getKey()).isEqualTo(field.getValue());
      }
    }
    for (String name : read.values().keySet()) {
      assertThat(
              sent.has(name)
                  || List.of("id", "signature", "transient", "__timestamp").contains(name))
          .as("field that nobody sent: %s", name)
          .isTrue();
    }
  }

  private static Map<String, Json> randomFields(RandomGenerator random, int levels) {
    Map<String, Json> fields = new LinkedHashMap<>();
    fields.put("typename", new Json.Text(randomText(random)));
    fields.put("instance_id", Json.Whole.signed(0));
    for (int i = random.nextInt(8); i > 0; i--) {
      fields.put("x" + randomText(random), randomValue(random, 3));
    }
    if (levels > 0) {
      for (int i = random.nextInt(4); i > 0; i--) {
        Map<String, Json> member = randomFields(random, levels - 1);
        member.put("id", new Json.Text(new ObjectId(random.nextLong(Long.MAX_VALUE)).toString()));
        member.put("signature", Json.Whole.unsigned(random.nextLong()));
        fields.put("m" + randomText(random), Json.Fields.of(member));
      }
    }
    return fields;
  }

  private static Json randomValue(RandomGenerator random, int levels) {
    return switch (random.nextInt(levels > 0 ? 8 : 6)) {
      case 0 -> Json.Null.NULL;
      case 1 -> new Json.Flag(random.nextBoolean());
      case 2 -> Json.Whole.unsigned(random.nextLong());
      case 3 -> Json.Whole.signed(random.nextLong());
      case 4 -> new Json.Real(random.nextDouble() * Math.pow(10, random.nextInt(-300, 300)));
      case 5 -> new Json.Text(randomText(random));
      default ->
          new Json.Items(
              Stream.generate(() -> randomValue(random, levels - 1))
                  .limit(random.nextInt(4))
                  .toList());
    };
  }

  private static String randomText(RandomGenerator random) {
    int[] codePoints =
        random
            .ints(random.nextInt(12), 0, Character.MAX_CODE_POINT + 1)
            .map(c -> random.nextBoolean() ? c % 128 : c)
            .filter(c -> !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))
            .toArray();
    return new String(codePoints, 0, codePoints.length);
  }

  @Test
  void persistingChangesNothingButTheFlagHereAndBelow() {
    TestClient client = daemon.client();
    ObjectId owner =
        client.createObject(
            json(
                """
                {'typename':'T','instance_id':0,'x':[1],
                 'b':{'id':'o8000000000003039','typename':'vineyard::Blob','instance_id':0},
                 'm':{'id':'o1','typename':'M','instance_id':0,'signature':1,
                      'n':{'id':'o2','typename':'N','instance_id':0,'signature':2}}}
                """));
    String before = client.metadata(owner).toString();
    assertThat(isPersistent(client, owner)).isFalse();

    client.done(new ObjectRequest.Persist(owner));
    client.done(new ObjectRequest.Persist(owner));

    Metadata after = client.metadata(owner);
    assertThat(after.isTransient()).isFalse();
    assertThat(after.member("m").isTransient()).isFalse();
    assertThat(after.member("m").member("n").isTransient()).isFalse();
    assertThat(after.member("b").isTransient()).isTrue();
    assertThat(isPersistent(client, new ObjectId(2))).isTrue();
    assertThat(after.toString().replace("\"transient\":false", "\"transient\":true"))
        .isEqualTo(before);
  }

  @Test
  void persistingAMemberLeavesItsOwnerTransient() {
    TestClient client = daemon.client();
    ObjectId member = client.createObject(json("{'typename':'M','instance_id':0}"));
    ObjectId owner =
        client.createObject(
            json("{'typename':'T','instance_id':0,'m':{'id':'%s'}}".formatted(member)));

    client.done(new ObjectRequest.Persist(member));

    assertThat(isPersistent(client, member)).isTrue();
    assertThat(isPersistent(client, owner)).isFalse();
  }

  @Test
  void whatCannotBePersistedIsRefused() {
    TestClient client = daemon.client();
    ObjectId blob = client.put("x");

    assertThat(client.refused(new ObjectRequest.Persist(blob))).isEqualTo(Status.ASSERTION_FAILED);
    assertThat(client.refused(new ObjectRequest.Persist(new ObjectId(1))))
        .isEqualTo(Status.META_TREE_SUBTREE_NOT_EXISTS);
    assertThat(client.refused(new ObjectRequest.IsPersistent(new ObjectId(1))))
        .isEqualTo(Status.META_TREE_SUBTREE_NOT_EXISTS);
    assertThat(isPersistent(client, blob)).isFalse();
  }

  private static boolean isPersistent(TestClient client, ObjectId id) {
    return client
        .wire()
        .call(new ObjectRequest.IsPersistent(id), ObjectReply.IsPersistent.class)
        .persistent();
  }

  private static String text(ObjectId id) {
    return Long.toUnsignedString(id.value());
  }
}
