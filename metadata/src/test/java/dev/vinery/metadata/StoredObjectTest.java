package dev.vinery.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import dev.vinery.testkit.SeededTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class StoredObjectTest {
  @Test
  void onlyStringsArePrefixed() {
    String encoded =
        "{\"array\":[\"a\",1],\"empty\":\"v\",\"flag\":true,\"large\":18446744073709551615,"
            + "\"negative\":-9223372036854775808,\"nothing\":null,\"real\":0.5,\"text\":\"vvl\"}";

    StoredObject object = decode(encoded);

    assertThat(object.fields().text("empty")).isEmpty();
    assertThat(object.fields().text("text")).isEqualTo("vl");
    assertThat(object.fields().get("array"))
        .isEqualTo(new Json.Items(List.of(new Json.Text("a"), Json.Whole.signed(1))));
    assertThat(object.fields().get("large")).isEqualTo(Json.Whole.unsigned(-1));
    assertThat(object.members()).isEmpty();
    assertThat(JsonText.print(object.encode())).isEqualTo(encoded);
  }

  @Test
  void fieldsAreSortedByTheirBytes() {
    Metadata object =
        Metadata.builder("T")
            .put("🐞", 5)
            .put("\uffee", 4)
            .put("é", 3)
            .put("_", 1)
            .put("z", 2)
            .build();

    assertThat(StoredObject.of(object).encode().values().keySet())
        .containsExactly("_", "typename", "z", "é", "\uffee", "🐞");
  }

  @Test
  void theIdIsNotStored() {
    Metadata object = Metadata.builder("T").put("id", "o0000000000000001").build();

    assertThat(JsonText.print(StoredObject.of(object).encode())).isEqualTo("{\"typename\":\"vT\"}");
  }

  @Test
  void linksAreReadAtTheirFirstDot() {
    ObjectId id = new ObjectId(1);

    assertThat(decode("{\"m\":\"lo0000000000000001.my.mod.Type\"}").members())
        .containsEntry("m", new Link.ById(id, "my.mod.Type", InstanceId.UNSPECIFIED));
    assertThat(decode("{\"m\":\"ls0000000000000001.T@2\"}").members())
        .containsEntry("m", new Link.BySignature(1, "T@2", InstanceId.UNSPECIFIED));
    assertThat(decode("{\"m\":\"ls8000000000000000.vineyard::Blob@1\"}").members())
        .containsEntry("m", new Link.BySignature(Long.MIN_VALUE, "vineyard::Blob", 1));
  }

  @Test
  void aLinkNamesItsTypeWithoutParameters() {
    Metadata member =
        Metadata.builder("my.mod.Map<a.B,C<D>>").put("id", "o0000000000000001").build();
    Metadata object = Metadata.builder("T").put("m", member).build();

    assertThat(JsonText.print(StoredObject.of(object).encode()))
        .isEqualTo("{\"m\":\"lo0000000000000001.my.mod.Map\",\"typename\":\"vT\"}");
  }

  @Test
  void whatIsNoValueAndNoLinkIsRefused() {
    for (String value : List.of("\"\"", "\"x\"", "{}", "{\"a\":1}")) {
      assertStatus(value, Status.META_TREE_TYPE_INVALID);
    }
    for (String link :
        List.of(
            "",
            ".",
            "o0000000000000001",
            "o0000000000000001.",
            "o1.T",
            "x0000000000000001.T",
            ".T",
            "o000000000000000g.T",
            "o8000000000000001.vineyard::Blob@",
            "o8000000000000001.vineyard::Blob@-1",
            "o8000000000000001.vineyard::Blob@18446744073709551616")) {
      assertStatus("\"l" + link + "\"", Status.META_TREE_LINK_INVALID);
    }
  }

  private static void assertStatus(String value, Status status) {
    assertThatThrownBy(() -> decode("{\"f\":" + value + "}"))
        .describedAs(value)
        .isInstanceOfSatisfying(
            StoreException.class, refused -> assertThat(refused.status()).isEqualTo(status));
  }

  @SeededTest(runs = 200)
  void whatIsEncodedIsDecoded(RandomGenerator random) {
    var fields = new LinkedHashMap<String, Json>();
    var members = new LinkedHashMap<String, Link>();
    int count = random.nextInt(10);
    for (int i = 0; i < count; i++) {
      fields.put("f" + random.nextInt(20), randomValue(random));
      members.put("m" + random.nextInt(20), randomLink(random));
    }
    var object = new StoredObject(Json.Fields.of(fields), members);

    String printed = JsonText.print(object.encode());

    assertThat(decode(printed)).isEqualTo(object);
  }

  private static Json randomValue(RandomGenerator random) {
    return switch (random.nextInt(6)) {
      case 0 -> new Json.Text(Integer.toString(random.nextInt(), Character.MAX_RADIX));
      case 1 -> Json.Whole.signed(random.nextLong());
      case 2 -> Json.Whole.unsigned(random.nextLong());
      case 3 -> new Json.Real(random.nextDouble());
      case 4 -> new Json.Flag(random.nextBoolean());
      default -> new Json.Items(List.of(Json.Null.NULL, new Json.Text("l")));
    };
  }

  private static Link randomLink(RandomGenerator random) {
    long target = random.nextLong();
    boolean blob = random.nextBoolean();
    String typeName = blob ? Metadata.BLOB_TYPE : "a.T@" + random.nextInt(3);
    long instanceId = blob ? random.nextLong() : InstanceId.UNSPECIFIED;
    return random.nextBoolean()
        ? new Link.ById(new ObjectId(target), typeName, instanceId)
        : new Link.BySignature(target, typeName, instanceId);
  }

  private static StoredObject decode(String json) {
    return StoredObject.decode((Json.Fields) JsonText.parse(json));
  }
}
