package dev.vinery.server;

import static dev.vinery.server.ObjectCreationTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
final class ListingTest {
  private static final long ALL = Long.MAX_VALUE;

  @RegisterExtension private final DaemonUnderTest daemon;

  ListingTest(Door door) {
    daemon = DaemonUnderTest.withMemory(1 << 20).through(door);
  }

  @Test
  void objectsAreListedByTheirTypeInTheOrderOfTheirIds() {
    TestClient client = daemon.client();
    ObjectId a1 = make(client, "vineyard::Tensor<int64>");
    ObjectId b1 = make(client, "vineyard::DataFrame");
    ObjectId a2 = make(client, "vineyard::Tensor<float>");
    ObjectId b2 = make(client, "vineyard::DataFrame");

    assertThat(list(client, "vineyard::*", false, ALL)).containsExactly(a1, b1, a2, b2);
    assertThat(list(client, "vineyard::Tensor*", false, ALL)).containsExactly(a1, a2);
    assertThat(list(client, "vineyard::DataFrame", false, ALL)).containsExactly(b1, b2);
    assertThat(list(client, "vineyard::(Tensor<int.*|DataFrame)", true, ALL))
        .containsExactly(a1, b1, b2);
    assertThat(list(client, "Tensor", false, ALL)).isEmpty();
    assertThat(list(client, "Tensor", true, ALL)).isEmpty();
  }

  @Test
  void idsAreOrderedAsUnsignedNumbersWhateverOrderTheyCameIn() {
    TestClient client = daemon.client();
    List<ObjectId> ids = new ArrayList<>();
    for (String id : List.of("o7fffffffffffffff", "o0000000000000001", "o0000000000000002")) {
      make(
          client,
          "T",
          ",'m':{'id':'%s','typename':'M','instance_id':0,'signature':1}".formatted(id));
      ids.add(ObjectId.parse(id));
    }

    assertThat(list(client, "M", false, ALL)).containsExactly(ids.get(1), ids.get(2), ids.get(0));
  }

  @Test
  void noMoreAreListedThanTheLimit() {
    TestClient client = daemon.client();
    ObjectId a = make(client, "A");
    ObjectId b = make(client, "B");
    ObjectId blob = client.put("x");

    assertThat(list(client, "*", false, 0)).isEmpty();
    assertThat(list(client, "*", false, 1)).containsExactly(a);
    assertThat(list(client, "*", false, 2)).containsExactly(a, b);
    assertThat(list(client, "*", false, 3)).containsExactly(a, b, blob);
    Json.Fields reply =
        client
            .wire()
            .call(
                "{\"type\":\"list_data_request\",\"pattern\":\"*\",\"limit\":18446744073709551615}");
    assertThat(reply.text("type")).isEqualTo("get_data_reply");
    assertThat(reply.fields("content").values()).hasSize(3);
    assertThat(
            client
                .wire()
                .call("{\"type\":\"list_data_request\",\"pattern\":\"*\",\"limit\":0}")
                .find("content"))
        .isEqualTo(Json.Null.NULL);
  }

  @Test
  void sealedBlobsAreListedIfTheWildcardHasThemAndOnlyThen() {
    TestClient client = daemon.client();
    ObjectId sealed = client.put("12345");
    daemon.localClient().create(3);

    assertThat(list(client, "*", false, ALL)).containsExactly(sealed);
    assertThat(list(client, "vineyard::Blob", false, ALL)).containsExactly(sealed);
    assertThat(list(client, "vineyard::Blob", true, ALL)).containsExactly(sealed);
    assertThat(list(client, ".*", true, ALL)).isEmpty();
    assertThat(list(client, "vineyard::.*", true, ALL)).isEmpty();
    assertThat(list(client, "Blob", false, ALL)).isEmpty();
    Metadata listed =
        client
            .wire()
            .call(new ObjectRequest.Find("*", false, 1), ObjectReply.Found.class)
            .objects()
            .get(sealed);
    assertThat(listed).isEqualTo(client.metadata(sealed));
  }

  @Test
  void whatIsDeletedIsListedNoLonger() {
    TestClient client = daemon.client();
    ObjectId kept = make(client, "T");
    ObjectId deleted = make(client, "T");
    ObjectId only = make(client, "U");
    ObjectId blob = client.put("x");

    client.delete(deleted, only, blob);

    assertThat(list(client, "*", false, ALL)).containsExactly(kept);
  }

  @Test
  void veryManyAreListedWithTheirMembers() {
    TestClient client = daemon.client();
    ObjectId member = make(client, "Member");
    List<Json> trees = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      trees.add(
          ObjectCreationTest.parse(
              "{'typename':'T%d','instance_id':0,'i':%d,'m':{'id':'%s'}}"
                  .formatted(i % 7, i, member)));
    }
    client.wire().call(new ObjectRequest.CreateMany(trees), ObjectReply.CreatedMany.class);

    ObjectReply.Found found =
        client.wire().call(new ObjectRequest.Find("T*", false, ALL), ObjectReply.Found.class);

    assertThat(found.objects()).hasSize(5000);
    assertThat(List.copyOf(found.objects().sequencedKeySet())).isSorted();
    int i = 0;
    for (Metadata metadata : found.objects().sequencedValues()) {
      assertThat(metadata.whole("i")).isEqualTo(i++);
      assertThat(metadata.member("m").id()).isEqualTo(member);
    }
  }

  @Test
  void patternsThatExplodeOrAreTooLongHarmNobody() {
    TestClient client = daemon.client();
    TestClient neighbour = daemon.client();
    make(client, "a".repeat(1000));

    for (String pattern : List.of("(a+)+$", "(a|a)*b", "(a*)*c", ".*.*.*.*.*.*.*b")) {
      list(client, pattern, true, ALL);
      assertThat(neighbour.usage()).isZero();
    }
    for (boolean regex : new boolean[] {true, false}) {
      assertThat(client.refused(new ObjectRequest.Find("(a+)+".repeat(200_000), regex, ALL)))
          .isEqualTo(Status.INVALID);
    }
    assertThat(list(client, "(a+)\\1", true, ALL)).isEmpty();
    assertThat(list(client, "(", true, ALL)).isEmpty();
    assertThat(list(client, "a*", true, ALL)).hasSize(1);
  }

  private static ObjectId make(TestClient client, String typeName) {
    return make(client, typeName, "");
  }

  private static ObjectId make(TestClient client, String typeName, String more) {
    return client.createObject(
        json("{'typename':'%s','instance_id':0%s}".formatted(typeName, more)));
  }

  private static List<ObjectId> list(TestClient client, String pattern, boolean regex, long limit) {
    return List.copyOf(
        client
            .wire()
            .call(new ObjectRequest.Find(pattern, regex, limit), ObjectReply.Found.class)
            .objects()
            .sequencedKeySet());
  }
}
