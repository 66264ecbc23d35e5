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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource
final class LabelAndCopyTest {
  @RegisterExtension private final DaemonUnderTest daemon;

  LabelAndCopyTest(Door door) {
    daemon = DaemonUnderTest.withMemory(1 << 20).through(door);
  }

  @Test
  void labelsAreMergedIntoOneTextOfJson() {
    TestClient client = daemon.client();
    ObjectId id = make(client, "");

    label(client, id, List.of("k", "k2"), List.of("v", "v2"));
    assertThat(client.metadata(id).text("__labels")).isEqualTo("{\"k\":\"v\",\"k2\":\"v2\"}");
    label(client, id, List.of("k2", "é\"/~"), List.of("new", "🙂"));
    label(client, id, List.of(), List.of());

    assertThat(client.metadata(id).structured("__labels"))
        .isEqualTo(JsonText.parse("{\"k\":\"v\",\"k2\":\"new\",\"é\\\"/~\":\"🙂\"}"));
    assertThat(client.metadata(id).isTransient()).isTrue();
  }

  @Test
  void aPersistentObjectIsLabelledAndStaysPersistent() {
    TestClient client = daemon.client();
    ObjectId id = make(client, "");
    client.done(new ObjectRequest.Persist(id));

    label(client, id, List.of("k"), List.of("v"));

    assertThat(client.metadata(id).text("__labels")).isEqualTo("{\"k\":\"v\"}");
    assertThat(client.metadata(id).isTransient()).isFalse();
  }

  @Test
  void whatCannotBeLabelledIsRefused() {
    TestClient client = daemon.client();
    ObjectId id = make(client, "");
    ObjectId blob = client.put("x");

    assertThat(client.refused(new ObjectRequest.Label(new ObjectId(1), List.of("k"), List.of("v"))))
        .isEqualTo(Status.OBJECT_NOT_FOUND);
    assertThat(
            client.refused(
                json(
                    "{'type':'label_request','id':%s,'keys':['a','b'],'values':['c']}"
                        .formatted(Long.toUnsignedString(id.value())))))
        .isEqualTo(1);
    label(client, blob, List.of("k"), List.of("v"));
    assertThat(client.metadata(blob).has("__labels")).isFalse();
    assertThat(client.metadata(id).has("__labels")).isFalse();
  }

  @Test
  void labelsThatAClientWroteOtherwiseAreReplacedOrKept() {
    TestClient client = daemon.client();
    ObjectId kept =
        client.createObject(
            "{\"typename\":\"T\",\"instance_id\":0,\"__labels\":\"{\\\"a\\\":\\\"b\\\"}\"}");
    ObjectId replaced = make(client, ",'__labels':5");
    ObjectId broken = make(client, ",'__labels':'no json'");

    label(client, kept, List.of("k"), List.of("v"));
    label(client, replaced, List.of("k"), List.of("v"));
    label(client, broken, List.of("k"), List.of("v"));

    assertThat(client.metadata(kept).structured("__labels"))
        .isEqualTo(JsonText.parse("{\"a\":\"b\",\"k\":\"v\"}"));
    assertThat(client.metadata(replaced).text("__labels")).isEqualTo("{\"k\":\"v\"}");
    assertThat(client.metadata(broken).text("__labels")).isEqualTo("{\"k\":\"v\"}");
  }

  @Test
  void aCopySharesMembersSignatureAndTime() {
    TestClient client = daemon.client();
    ObjectId source =
        make(
            client,
            ",'x':1,'m':{'id':'o1','typename':'M','instance_id':0,'signature':1},"
                + "'b':{'id':'o8000000000003039','typename':'vineyard::Blob','instance_id':0}");
    label(client, source, List.of("k"), List.of("v"));

    ObjectId copy = copy(client, source, Map.of());

    assertThat(copy).isNotEqualTo(source);
    assertThat(client.metadata(copy).toString().replace(copy.toString(), source.toString()))
        .isEqualTo(client.metadata(source).toString());
  }

  @Test
  void whatIsAddedToACopyReplacesWhatWasThere() {
    TestClient client = daemon.client();
    ObjectId source =
        make(client, ",'x':1,'m':{'id':'o1','typename':'M','instance_id':0,'signature':1}");

    ObjectId copy =
        copy(
            client,
            source,
            Map.of(
                "x", new Json.Text("new"),
                "y", Json.Null.NULL,
                "z", new Json.Real(1.5),
                "m", new Json.Flag(true),
                "typename", new Json.Text("U"),
                "signature", Json.Whole.unsigned(-1)));

    Metadata read = client.metadata(copy);
    assertThat(read.text("x")).isEqualTo("new");
    assertThat(read.fields().find("y")).isEqualTo(Json.Null.NULL);
    assertThat(read.fields().find("m")).isEqualTo(new Json.Flag(true));
    assertThat(read.typeName()).isEqualTo("U");
    assertThat(read.whole("signature")).isEqualTo(-1);
    assertThat(read.members()).isEmpty();
    assertThat(client.metadata(source).members()).hasSize(1);
  }

  @Test
  void aMemberStaysAsLongAsTheSourceOrTheCopyDoes() {
    TestClient client = daemon.client();
    ObjectId blob = client.put("shared");
    ObjectId source =
        make(
            client, ",'b':{'id':'%s','typename':'vineyard::Blob','instance_id':0}".formatted(blob));
    ObjectId copy = copy(client, source, Map.of());

    client.delete(source);
    assertThat(client.text(blob)).isEqualTo("shared");
    client.delete(blob);
    assertThat(client.finds(blob)).isTrue();
    client.delete(copy);
    assertThat(client.finds(blob)).isFalse();
  }

  @Test
  void theCopyOfAPersistentObjectIsPersistent() {
    TestClient client = daemon.client();
    ObjectId source = make(client, "");
    client.done(new ObjectRequest.Persist(source));

    assertThat(client.metadata(copy(client, source, Map.of())).isTransient()).isFalse();
    assertThat(
            client
                .metadata(copy(client, source, Map.of("transient", new Json.Flag(true))))
                .isTransient())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'x':[]}", "{'x':{}}", "[]", "5", "null", "'x'"})
  void onlyScalarsCanBeAdded(String extra) {
    TestClient client = daemon.client();
    ObjectId source = make(client, "");

    assertThat(
            client.refused(
                json(
                    "{'type':'shallow_copy_request','id':%s,'extra':%s}"
                        .formatted(Long.toUnsignedString(source.value()), extra))))
        .isEqualTo(7);
  }

  @Test
  void whatCannotBeCopiedIsRefused() {
    TestClient client = daemon.client();
    Json none = Json.Fields.of(Map.of());

    assertThat(client.refused(new ObjectRequest.Copy(client.put("x"), none)))
        .isEqualTo(Status.ASSERTION_FAILED);
    assertThat(client.refused(new ObjectRequest.Copy(new ObjectId(1), none)))
        .isEqualTo(Status.META_TREE_SUBTREE_NOT_EXISTS);
  }

  @Test
  void migratingWhatIsHereChangesNothing() {
    TestClient client = daemon.client();
    ObjectId here = make(client, "");
    ObjectId elsewhere = client.createObject(json("{'typename':'T','instance_id':3}"));
    ObjectId global = make(client, ",'global':true");

    assertThat(client.wire().call(new ObjectRequest.Migrate(here), ObjectReply.Migrated.class).id())
        .isEqualTo(here);
    assertThat(client.refused(new ObjectRequest.Migrate(elsewhere))).isEqualTo(Status.INVALID);
    assertThat(client.refused(new ObjectRequest.Migrate(global))).isEqualTo(Status.INVALID);
    assertThat(client.refused(new ObjectRequest.Migrate(client.put("x"))))
        .isEqualTo(Status.INVALID);
    assertThat(client.refused(new ObjectRequest.Migrate(new ObjectId(1))))
        .isEqualTo(Status.META_TREE_SUBTREE_NOT_EXISTS);
  }

  private static void label(
      TestClient client, ObjectId id, List<String> keys, List<String> values) {
    client.done(new ObjectRequest.Label(id, keys, values));
  }

  private static ObjectId copy(TestClient client, ObjectId id, Map<String, Json> extra) {
    return client
        .wire()
        .call(new ObjectRequest.Copy(id, Json.Fields.of(extra)), ObjectReply.Copied.class)
        .id();
  }

  private static ObjectId make(TestClient client, String more) {
    return client.createObject(json("{'typename':'T','instance_id':0%s}".formatted(more)));
  }
}
