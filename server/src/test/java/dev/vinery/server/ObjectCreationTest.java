package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Status;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The rules by which trees become objects.
@ParameterizedClass
@EnumSource
final class ObjectCreationTest {
  private static final String BLOB =
      "{'id':'o8000000000003039','typename':'vineyard::Blob','instance_id':0,'length':9}";

  @RegisterExtension private final DaemonUnderTest daemon;

  ObjectCreationTest(Door door) {
    daemon = DaemonUnderTest.withMemory(1 << 20).through(door);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        // the object itself
        "{'instance_id':0}                                                        | 21",
        "{'typename':5,'instance_id':0}                                           | 21",
        "{'typename':null,'instance_id':0}                                        | 21",
        "{'typename':{},'instance_id':0}                                          | 21",
        "{'typename':'vineyard::Blob','instance_id':0}                            | 7",
        "{'typename':'T'}                                                         | 7",
        "{'typename':'T','instance_id':'0'}                                       | 1",
        "{'typename':'T','instance_id':{}}                                        | 1",
        "{'typename':'T','instance_id':0,'signature':'x'}                         | 1",
        "{'typename':'T','instance_id':0,'signature':{}}                          | 1",
        "{'typename':'T','instance_id':0,'transient':1}                           | 1",
        "{'typename':'T','instance_id':0,'transient':{}}                          | 1",
        "{'typename':'T','instance_id':0,'global':'true'}                         | 1",
        "{'typename':'T','instance_id':0,'global':{}}                             | 1",
        "[]                                                                       | 21",
        "null                                                                     | 21",
        "'text'                                                                   | 21",
        // members
        "{'typename':'T','instance_id':0,'m':{}}                                  | 25",
        "{'typename':'T','instance_id':0,'m':{'typename':'U','instance_id':0}}    | 25",
        "{'typename':'T','instance_id':0,'m':{'id':{}}}                           | 24",
        "{'typename':'T','instance_id':0,'m':{'id':5}}                            | 24",
        "{'typename':'T','instance_id':0,'m':{'id':'o0/1','typename':'U'}}        | 24",
        "{'typename':'T','instance_id':0,'m':{'id':'o0000000000000001'}}          | 27",
        "{'typename':'T','instance_id':0,'m':{'id':'o8000000000003039'}}          | 21",
        "{'typename':'T','instance_id':0,'m':{'id':'o8000000000003039','x':1}}    | 23",
        "{'typename':'T','instance_id':0,'m':{'id':'o8000000000003039','typename':'vineyard::Blob'}}"
            + " | 21",
        "{'typename':'T','instance_id':0,'m':{'id':'o0000000000000001','x':1}}    | 23",
        "{'typename':'T','instance_id':0,'m':{'id':'o0000000000000001','typename':'U','signature':1}}"
            + "   | 7",
        "{'typename':'T','instance_id':0,'m':{'id':'o0000000000000001','typename':'U','instance_id':0}}"
            + " | 21",
        "{'typename':'T','instance_id':0,'m':{'id':'o1','typename':'vineyard::Blob','instance_id':0,'signature':1}}"
            + " | 7",
        // names that the daemon keeps for itself
        "{'typename':'T','instance_id':0,'__name':{'id':'o8000000000003039','typename':'B','instance_id':0}}"
            + "   | 24",
        "{'typename':'T','instance_id':0,'__labels':{'id':'o8000000000003039','typename':'B','instance_id':0}}"
            + " | 24",
        // where members live
        "{'typename':'T','instance_id':0,'m':{'id':'o8000000000003039','typename':'B','instance_id':1}}"
            + "        | 51",
        "{'typename':'T','instance_id':0,'m':{'id':'o1','typename':'U','instance_id':1,'signature':1}}"
            + "         | 51",
        "{'typename':'T','instance_id':0,'global':true,'m':{'id':'o1','typename':'U','instance_id':0,'signature':1,'global':true}}"
            + " | 51",
        "{'typename':'T','instance_id':0,'global':true,'m':{'id':'o8000000000003039','typename':'B','instance_id':0}}"
            + "              | 51",
      })
  void aTreeThatBreaksARuleIsRefusedAndMakesNothing(String tree, int status) {
    TestClient client = daemon.client();

    assertThat(client.refusesObject(json(tree)).code()).isEqualTo(status);

    assertThat(list(client)).isEmpty();
    // Nor as the last of several, nor inside a tree that is right.
    assertThat(
            client
                .refused(
                    new ObjectRequest.CreateMany(
                        List.of(parse("{'typename':'T','instance_id':0}"), parse(tree))))
                .code())
        .isEqualTo(status);
    assertThat(list(client)).isEmpty();
  }

  @Test
  void membersThatStandBeforeAWrongOneAreNotMadeEither() {
    TestClient client = daemon.client();

    Status status =
        client.refusesObject(
            json(
                """
                {'typename':'T','instance_id':0,
                 'a':{'id':'o1','typename':'U','instance_id':0,'signature':1,
                      'b':{'id':'o2','typename':'U','instance_id':0,'signature':2}},
                 'z':{'id':'o3'}}
                """));

    assertThat(status).isEqualTo(Status.META_TREE_SUBTREE_NOT_EXISTS);
    assertThat(list(client)).isEmpty();
  }

  @Test
  void theReplyTellsWhatTheObjectWasGiven() {
    TestClient client = daemon.client();

    Json.Fields reply =
        client
            .wire()
            .call(
                json(
                    "{'type':'create_data_request','content':{'typename':'T','instance_id':5,'signature':18446744073709551615}}"));

    assertThat(reply.values().keySet()).containsExactly("id", "instance_id", "signature", "type");
    assertThat(reply.text("type")).isEqualTo("create_data_reply");
    assertThat(reply.whole("instance_id")).isEqualTo(5);
    assertThat(reply.whole("signature")).isEqualTo(-1);
    assertThat(reply.id("id").isBlob()).isFalse();
  }

  @Test
  void idSignatureAndTimeAreFresh() {
    TestClient client = daemon.client();
    long beforeMillis = System.currentTimeMillis();
    String tree = "{'typename':'T','instance_id':0,'id':'o0000000000000009','__timestamp':5,'x':1}";

    ObjectReply.Identity one = client.createObject(Metadata.of((Json.Fields) parse(tree)));
    ObjectReply.Identity two = client.createObject(Metadata.of((Json.Fields) parse(tree)));

    assertThat(one.id()).isNotEqualTo(two.id()).isNotEqualTo(new ObjectId(9));
    assertThat(one.signature()).isNotEqualTo(two.signature());
    assertThat(client.metadata(one.id()).whole("__timestamp"))
        .isBetween(beforeMillis, System.currentTimeMillis());
    assertThat(client.metadata(one.id()).id()).isEqualTo(one.id());
    assertThat(client.metadata(one.id()).whole("signature")).isEqualTo(one.signature());
  }

  @Test
  void anIdOrATimeThatIsATreeIsIgnoredLikeAnyOther() {
    TestClient client = daemon.client();

    ObjectId id =
        client.createObject(
            json(
                "{'typename':'T','instance_id':0,'id':{'id':'o1','x':2},'__timestamp':{'id':'o1'}}"));

    assertThat(client.metadata(id).text("id")).isEqualTo(id.toString());
    assertThat(client.metadata(id).whole("__timestamp")).isPositive();
  }

  @Test
  void severalObjectsAreMadeInTheOrderOfTheRequest() {
    TestClient client = daemon.client();

    List<ObjectReply.Identity> made =
        client
            .wire()
            .call(
                new ObjectRequest.CreateMany(
                    List.of(
                        parse("{'typename':'A','instance_id':1}"),
                        parse("{'typename':'B','instance_id':2,'signature':7}"))),
                ObjectReply.CreatedMany.class)
            .identities();

    assertThat(made).extracting(ObjectReply.Identity::instanceId).containsExactly(1L, 2L);
    assertThat(made.get(1).signature()).isEqualTo(7);
    assertThat(client.metadata(made.get(0).id()).typeName()).isEqualTo("A");
    assertThat(client.metadata(made.get(1).id()).typeName()).isEqualTo("B");
    assertThat(
            client
                .wire()
                .call(new ObjectRequest.CreateMany(List.of()), ObjectReply.CreatedMany.class)
                .identities())
        .isEmpty();
  }

  @Test
  void aPlaceholderLinksWhatIsKnown() {
    TestClient client = daemon.client();
    ObjectId member = client.createObject(json("{'typename':'M','instance_id':0,'x':1.5}"));

    ObjectId owner =
        client.createObject(
            json("{'typename':'T','instance_id':0,'m':{'id':'%s'}}".formatted(member)));

    Metadata read = client.metadata(owner).member("m");
    assertThat(read).isEqualTo(client.metadata(member));
  }

  @Test
  void aFullTreeOfAKnownMemberLinksItAndChangesNothing() {
    TestClient client = daemon.client();
    ObjectId member = client.createObject(json("{'typename':'M','instance_id':0,'x':1}"));
    Metadata before = client.metadata(member);

    ObjectId owner =
        client.createObject(
            json(
                "{'typename':'T','instance_id':0,'m':{'id':'%s','typename':'N','instance_id':0,'x':2}}"
                    .formatted(member)));

    assertThat(client.metadata(member)).isEqualTo(before);
    assertThat(client.metadata(owner).member("m")).isEqualTo(before);
  }

  @Test
  void aFullTreeOfAnUnknownMemberMakesItUnderTheIdItBrought() {
    TestClient client = daemon.client();

    ObjectId owner =
        client.createObject(
            json(
                """
                {'typename':'T','instance_id':0,
                 'm':{'id':'o0000000000000abc','typename':'M','instance_id':0,'signature':77,'x':[1],
                      'n':{'id':'o0000000000000abd','typename':'N','instance_id':0,'signature':78}}}
                """));

    Metadata member = client.metadata(new ObjectId(0xabc));
    assertThat(member.typeName()).isEqualTo("M");
    assertThat(member.whole("signature")).isEqualTo(77);
    assertThat(member.has("__timestamp")).isFalse();
    assertThat(member.isTransient()).isTrue();
    assertThat(client.metadata(owner).member("m")).isEqualTo(member);
    assertThat(client.metadata(new ObjectId(0xabd))).isEqualTo(member.member("n"));
    assertThat(list(client)).hasSize(3);
  }

  @Test
  void oneMemberTwiceInATreeIsOneObject() {
    TestClient client = daemon.client();
    String member = "{'id':'o1','typename':'M','instance_id':0,'signature':1}";

    ObjectId owner =
        client.createObject(
            json(
                "{'typename':'T','instance_id':0,'a':%s,'b':%s,'c':{'id':'o1'}}"
                    .formatted(member, member)));

    assertThat(list(client)).hasSize(2);
    Metadata read = client.metadata(owner);
    assertThat(read.member("a")).isEqualTo(read.member("b")).isEqualTo(read.member("c"));
    client.delete(owner);
    assertThat(list(client)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'id':'o1','typename':'M','instance_id':0,'signature':1,'m':{'id':'o1'}}",
        "{'id':'o1','typename':'M','instance_id':0,'signature':1,'m':{'id':'o1','typename':'M','instance_id':0,'signature':1}}",
        "{'id':'o1','typename':'M','instance_id':0,'signature':1,'m':{'id':'o2','typename':'M','instance_id':0,'signature':1,'m':{'id':'o1'}}}"
      })
  void aTreeThatContainsItselfIsRefused(String member) {
    TestClient client = daemon.client();

    assertThat(client.refusesObject(json("{'typename':'T','instance_id':0,'m':" + member + "}")))
        .isEqualTo(Status.META_TREE_INVALID);

    assertThat(list(client)).isEmpty();
  }

  @Test
  void whetherABlobMemberIsThereIsNotAsked() {
    TestClient client = daemon.client();

    ObjectId owner = client.createObject(json("{'typename':'T','instance_id':0,'b':" + BLOB + "}"));

    Metadata blob = client.metadata(owner).member("b");
    assertThat(blob.fields().values().keySet())
        .containsExactlyInAnyOrder(
            "id", "instance_id", "length", "nbytes", "transient", "typename");
    assertThat(blob.whole("length")).isZero();
  }

  @Test
  void theTypeOfABlobMemberIsKeptUpToItsParameters() {
    TestClient client = daemon.client();

    ObjectId owner =
        client.createObject(
            json(
                "{'typename':'T<int>','instance_id':0,'b':{'id':'o8000000000003039','typename':'vineyard::Blob<x>','instance_id':0}}"));

    assertThat(client.metadata(owner).typeName()).isEqualTo("T<int>");
    assertThat(client.metadata(owner).member("b").typeName()).isEqualTo("vineyard::Blob");
  }

  @Test
  void aGlobalObjectWithMembersElsewhereLivesNowhere() {
    TestClient client = daemon.client();

    ObjectReply.Identity made =
        client.createObject(
            Metadata.of(
                (Json.Fields)
                    parse(
                        """
                        {'typename':'T','instance_id':0,'global':true,
                         'here':{'id':'o1','typename':'M','instance_id':0,'signature':1},
                         'there':{'id':'o2','typename':'M','instance_id':9,'signature':2}}
                        """)));

    assertThat(made.instanceId()).isEqualTo(InstanceId.UNSPECIFIED);
    assertThat(client.metadata(made.id()).instanceId()).isEqualTo(InstanceId.UNSPECIFIED);
    assertThat(client.metadata(made.id()).isGlobal()).isTrue();
    assertThat(client.metadata(made.id()).member("there").instanceId()).isEqualTo(9);
  }

  static Json parse(String quoted) {
    return JsonText.parse(json(quoted));
  }

  /// JSON with its quotation marks instead of apostrophes.
  static String json(String quoted) {
    return quoted.replace('\'', '"');
  }

  private static List<ObjectId> list(TestClient client) {
    return List.copyOf(
        client
            .wire()
            .call(new ObjectRequest.Find("*", false, Long.MAX_VALUE), ObjectReply.Found.class)
            .objects()
            .keySet());
  }
}
