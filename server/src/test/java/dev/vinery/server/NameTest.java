package dev.vinery.server;

import static dev.vinery.server.ObjectCreationTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.NameReply;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
final class NameTest {
  @RegisterExtension private final DaemonUnderTest daemon;

  NameTest(Door door) {
    daemon = DaemonUnderTest.withMemory(1 << 20).through(door);
  }

  @Test
  void aNameIsSeenByEverybodyAndByItsObject() {
    TestClient client = daemon.client();
    ObjectId id = persistent(client);

    client.done(new NameRequest.Put("flights", id));

    assertThat(find(daemon.client(), "flights")).isEqualTo(id);
    assertThat(client.metadata(id).text("__name")).isEqualTo("flights");
  }

  @ParameterizedTest
  @CsvSource({"n/1~x, n~11~0x", "/, ~1", "~~, ~0~0", "~1, ~01", "é 🙂, é 🙂", "'', ''"})
  void anObjectShowsItsNameEscapedAsUpstreamDoes(String name, String shown) {
    TestClient client = daemon.client();
    ObjectId id = persistent(client);

    client.done(new NameRequest.Put(name, id));

    assertThat(client.metadata(id).text("__name")).isEqualTo(shown);
    assertThat(find(client, name)).isEqualTo(id);
    assertThat(list(client, "*", false, 10)).isEqualTo(Map.of(name, id));
  }

  @Test
  void anObjectMayHaveSeveralNamesAndShowsTheLast() {
    TestClient client = daemon.client();
    ObjectId id = persistent(client);
    client.done(new NameRequest.Put("a", id));
    client.done(new NameRequest.Put("b", id));

    assertThat(find(client, "a")).isEqualTo(find(client, "b")).isEqualTo(id);
    assertThat(client.metadata(id).text("__name")).isEqualTo("b");
  }

  @Test
  void aNameThatIsTakenIsGivenToTheNewObject() {
    TestClient client = daemon.client();
    ObjectId before = persistent(client);
    ObjectId after = persistent(client);
    client.done(new NameRequest.Put("n", before));

    client.done(new NameRequest.Put("n", after));

    assertThat(find(client, "n")).isEqualTo(after);
    assertThat(client.metadata(before).text("__name")).isEqualTo("n");
  }

  @Test
  void whatIsTransientOrABlobOrUnknownGetsNoName() {
    TestClient client = daemon.client();
    ObjectId id = client.createObject(json("{'typename':'T','instance_id':0}"));

    assertThat(client.refused(new NameRequest.Put("n", id))).isEqualTo(Status.INVALID);
    assertThat(client.refused(new NameRequest.Put("n", client.put("x")))).isEqualTo(Status.INVALID);
    assertThat(client.refused(new NameRequest.Put("n", new ObjectId(1))))
        .isEqualTo(Status.OBJECT_NOT_FOUND);
    assertThat(client.refused(new NameRequest.Get("n", false))).isEqualTo(Status.OBJECT_NOT_FOUND);
    assertThat(client.metadata(id).has("__name")).isFalse();
  }

  @Test
  void aDroppedNameIsGoneFromTheObjectToo() {
    TestClient client = daemon.client();
    ObjectId id = persistent(client);
    client.done(new NameRequest.Put("n", id));

    client.done(new NameRequest.Drop("n"));
    client.done(new NameRequest.Drop("n"));
    client.done(new NameRequest.Drop("never"));

    assertThat(client.refused(new NameRequest.Get("n", false))).isEqualTo(Status.OBJECT_NOT_FOUND);
    assertThat(client.metadata(id).has("__name")).isFalse();
  }

  @Test
  void aNameOutlivesItsObject() {
    TestClient client = daemon.client();
    ObjectId id = persistent(client);
    client.done(new NameRequest.Put("n", id));

    client.delete(id);

    assertThat(find(client, "n")).isEqualTo(id);
    client.done(new ObjectRequest.Clear());
    assertThat(find(client, "n")).isEqualTo(id);
    client.done(new NameRequest.Drop("n"));
    assertThat(list(client, "*", false, 10)).isEmpty();
  }

  @Test
  void namesAreListedByPatternInTheirOrder() {
    TestClient client = daemon.client();
    ObjectId id = persistent(client);
    for (String name : List.of("b/1", "a/2", "a/1", ".hidden", "Ω")) {
      client.done(new NameRequest.Put(name, id));
    }

    assertThat(list(client, "*", false, 100).keySet())
        .containsExactly(".hidden", "a/1", "a/2", "b/1", "Ω");
    assertThat(list(client, "a/*", false, 100).keySet()).containsExactly("a/1", "a/2");
    assertThat(list(client, "?/1", false, 100).keySet()).containsExactly("a/1", "b/1");
    assertThat(list(client, "[ab]/1", true, 100).keySet()).containsExactly("a/1", "b/1");
    assertThat(list(client, "*", false, 2).keySet()).containsExactly(".hidden", "a/1");
    assertThat(list(client, "*", false, 0)).isEmpty();
    assertThat(list(client, "(", true, 100)).isEmpty();
  }

  @Test
  void aListOfNamesHasItsSizeEvenIfItIsEmpty() {
    Json.Fields reply =
        daemon
            .client()
            .wire()
            .call("{\"type\":\"list_name_request\",\"pattern\":\"*\",\"limit\":5}");

    assertThat(reply.whole("size")).isZero();
    assertThat(reply.fields("names").values()).isEmpty();
    assertThat(reply.text("type")).isEqualTo("list_name_reply");
  }

  @Test
  void namesAreAsLongAsTheLimitAtMost() {
    TestClient client = daemon.client();
    ObjectId id = persistent(client);
    String longest = "n".repeat(NameHandler.MAX_NAME_CHARS);

    client.done(new NameRequest.Put(longest, id));

    assertThat(find(client, longest)).isEqualTo(id);
    assertThat(client.refused(new NameRequest.Put(longest + "n", id))).isEqualTo(Status.INVALID);
    assertThat(client.refused(new NameRequest.Get(longest + "n", false)))
        .isEqualTo(Status.OBJECT_NOT_FOUND);
  }

  @Test
  void whetherToWaitMustBeSaid() {
    assertThat(daemon.client().refused("{\"type\":\"get_name_request\",\"name\":\"n\"}"))
        .isEqualTo(1);
  }

  private static ObjectId persistent(TestClient client) {
    ObjectId id = client.createObject(json("{'typename':'T','instance_id':0}"));
    client.done(new ObjectRequest.Persist(id));
    return id;
  }

  private static ObjectId find(TestClient client, String name) {
    return client.wire().call(new NameRequest.Get(name, false), NameReply.Found.class).id();
  }

  private static Map<String, ObjectId> list(
      TestClient client, String pattern, boolean regex, long limit) {
    return client
        .wire()
        .call(new NameRequest.Find(pattern, regex, limit), NameReply.Listed.class)
        .names();
  }
}
