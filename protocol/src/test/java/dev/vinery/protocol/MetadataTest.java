package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetadataTest {
  private static final ObjectId BLOB = Samples.BLOB;

  @Test
  void fieldsThatAreObjectsAreMembersAndNoOthers() {
    Metadata metadata = Samples.METADATA;

    assertThat(metadata.members()).containsOnlyKeys("buffer_");
    assertThat(metadata.member("buffer_").id()).isEqualTo(BLOB);
    assertThat(metadata.findMember("buffer_")).contains(metadata.member("buffer_"));
    assertThat(metadata.findMember("shape_")).isEmpty();
    assertThat(metadata.findMember("absent")).isEmpty();
    assertThatThrownBy(() -> metadata.member("shape_"))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage("field 'shape_' must be an object");
  }

  @Test
  void knownFieldsHaveAccessors() {
    Metadata metadata = Samples.METADATA;

    assertThat(metadata.id()).isEqualTo(Samples.OBJECT);
    assertThat(metadata.typeName()).isEqualTo("vineyard::Tensor<int64>");
    assertThat(metadata.instanceId()).isEqualTo(7);
    assertThat(metadata.whole(Metadata.SIGNATURE)).isEqualTo(-2L);
    assertThat(metadata.isTransient()).isFalse();
    assertThat(metadata.isGlobal()).isTrue();
    assertThat(metadata.isBlob()).isFalse();
    assertThat(metadata.has("mean")).isTrue();
    assertThat(metadata.has("median")).isFalse();
    assertThat(metadata.structured("shape_"))
        .isEqualTo(new Json.Items(List.of(Json.Whole.signed(2), Json.Whole.signed(3))));
  }

  @Test
  void absentFieldsHaveTheDefaultsOfTheReference() {
    Metadata bare = Metadata.builder("T").build();

    assertThat(bare.id()).isEqualTo(ObjectId.INVALID);
    assertThat(bare.isBlob()).isFalse();
    assertThat(bare.isTransient()).isTrue();
    assertThat(bare.isGlobal()).isFalse();
    assertThat(bare.instanceId()).isEqualTo(InstanceId.UNSPECIFIED);
    assertThatThrownBy(() -> bare.text("x")).isExactlyInstanceOf(ProtocolException.class);
  }

  @Test
  void aBlobIsDescribedInSixFields() {
    assertThat(Metadata.ofBlob(BLOB, 48, 7))
        .hasToString(
            "{\"id\":\"oe87e2cf828000003\",\"instance_id\":7,\"length\":48,\"nbytes\":48,"
                + "\"transient\":true,\"typename\":\"vineyard::Blob\"}");
    assertThat(Metadata.ofBlob(BLOB, 48, InstanceId.UNSPECIFIED).isBlob()).isTrue();
    assertThat(Metadata.ofBlob(BLOB, 48, InstanceId.UNSPECIFIED).toString())
        .contains("\"instance_id\":18446744073709551615");
  }

  @Test
  void bytesAndTreeAreTwoFormsOfOneThing() {
    byte[] json = Samples.METADATA.json();
    Metadata fromBytes = Metadata.ofJson(json);
    Metadata fromTree = Metadata.of(Samples.METADATA.fields());

    assertThat(fromBytes.json()).isSameAs(json);
    assertThat(fromBytes).isEqualTo(fromTree).hasSameHashCodeAs(fromTree);
    assertThat(fromTree.json()).isEqualTo(json);
    assertThat(fromBytes).hasToString(fromTree.toString());
  }

  @Test
  void bytesThatAreNoObjectAreRefusedWhenRead() {
    assertThatThrownBy(() -> Metadata.ofJson(Messages.bytes("[]")).fields())
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage("metadata must be an object");
  }

  @Test
  void aBuilderMayGoOnAfterBuilding() {
    Metadata.Builder builder = Metadata.builder("T").put("a", 1);
    Metadata first = builder.build();
    Metadata second = builder.put("a", 2).put("b", true).build();

    assertThat(first).hasToString("{\"typename\":\"T\",\"a\":1}");
    assertThat(second).hasToString("{\"typename\":\"T\",\"a\":2,\"b\":true}");
  }

  @Test
  void fieldsCannotBeChanged() {
    Json.Fields fields = Samples.METADATA.fields();

    assertThatThrownBy(() -> fields.values().put("x", Json.Null.NULL))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> fields.values().reversed().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
