package dev.vinery.client.contract;

import static dev.vinery.client.contract.Contract.blobOf;
import static dev.vinery.client.contract.Contract.thing;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.DeleteOption;
import dev.vinery.client.Draft;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StoreFullException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What every client can do with objects.
interface ObjectContract extends Contract {
  @Test
  default void anObjectHasItsMembersAndTheirBytes() {
    Draft shared = blobOf(1000, 7);
    ObjectId id =
        client()
            .create(
                thing()
                    .put("colour", "red")
                    .member("a", Draft.object("test::Part").member("bytes", shared).build())
                    .member("b", shared)
                    .member("c", blobOf(0, 0))
                    .build());

    try (VineryObject object = client().getObject(id)) {
      assertThat(object.isLocal()).isTrue();
      assertThat(object.metadata().text("colour")).isEqualTo("red");
      assertThat(object.member("a").member("bytes").segment().get(JAVA_LONG, 992))
          .isEqualTo(0x0707070707070707L);
      assertThat(object.member("b").id()).isEqualTo(object.member("a").member("bytes").id());
      assertThat(object.member("c").segment().byteSize()).isZero();
    }
    assertThat(client().get(id, VineryObject.class).typeName()).isEqualTo("test::Thing");
  }

  @Test
  default void aPartOutlivesItsObjectItsClientAndItsBytesInTheStore() {
    ObjectId id =
        client()
            .create(
                thing().member("a", blobOf(400_000, 1)).member("b", blobOf(400_000, 2)).build());
    VineryObject object = client().getObject(id);
    VineryObject part = object.member("b").retain();
    object.close();
    boolean keeps = daemon().keeps(Promise.READERS_KEEP_THEIR_BYTES);
    try (Client deleter = daemon().connect()) {
      deleter.delete(List.of(id));
      if (!keeps) {
        assertThat(deleter.status().memoryUsageBytes()).isZero();
      }
      deleter.create(blobOf(800_000, 9));
    }
    client().close();

    assertThatThrownBy(() -> object.member("a").segment())
        .isInstanceOf(IllegalStateException.class);
    byte last = part.segment().get(JAVA_BYTE, 399_999);
    assertThat(last == 2 || !keeps).as("the bytes of the part: %d", last).isTrue();
    part.close();
  }

  @Test
  default void aBlobOfAnotherInstanceIsAbsent() {
    ObjectId id =
        client()
            .createMetadata(
                Metadata.builder("test::Thing")
                    .put(Metadata.INSTANCE_ID, 4711)
                    .put("there", Metadata.ofBlob(new ObjectId(Long.MIN_VALUE | 77), 8, 4711))
                    .build());

    try (VineryObject object = client().getObject(id)) {
      assertThat(object.isLocal()).isFalse();
      assertThatThrownBy(() -> object.member("there").segment())
          .isInstanceOf(ObjectNotFoundException.class)
          .hasMessageContaining("is on instance 4711");
    }
  }

  @Test
  default void aBlobThatWasLostIsSaid() {
    ObjectId blob = client().create(blobOf(8, 1));
    ObjectId id =
        client()
            .createMetadata(
                Metadata.builder("test::Thing")
                    .put("bytes", Metadata.ofBlob(blob, 8, client().instanceId()))
                    .build());
    client().delete(List.of(blob), DeleteOption.BLOBS_UNCHECKED, DeleteOption.FORCE);

    assertThatThrownBy(() -> client().getObject(id)).isInstanceOf(ObjectNotFoundException.class);
  }

  @Test
  default void manyBlobsAndLevelsAreStoredAtOnce() {
    var parent = thing();
    for (int i = 0; i < 700; i++) {
      parent.member(
          "m" + i, Draft.object("test::Part").put("i", i).member("b", blobOf(i + 1, i)).build());
    }

    ObjectId id = client().create(parent.build());

    try (VineryObject object = client().getObject(id)) {
      assertThat(object.members()).hasSize(700);
      VineryObject last = object.member("m699").member("b");
      assertThat(last.segment().byteSize()).isEqualTo(700);
      assertThat(last.segment().get(JAVA_BYTE, 699)).isEqualTo((byte) 699);
    }
    client().delete(List.of(id));
    awaitMemoryUsage(0);
  }

  @Test
  default void whatDoesNotFitIsRefusedAndLeavesNothing() {
    var tooLarge = thing().member("small", blobOf(1, 0));
    tooLarge.member("large", blobOf(ClientContract.MEMORY_BYTES, 0));

    assertThatThrownBy(() -> client().create(tooLarge.build()))
        .isInstanceOf(StoreFullException.class);

    awaitMemoryUsage(daemon().keeps(Promise.BLOBS_ARE_MADE_TOGETHER_OR_NOT) ? 0 : 1);
    assertThat(client().exists(client().create(blobOf(1, 0)))).isTrue();
  }

  @Test
  default void aDraftThatIsRefusedIsDeletedAgain() {
    var impossible = thing().member("bytes", blobOf(8, 1));
    impossible.member("gone", new Draft.Existing(new ObjectId(99)));

    assertThatThrownBy(() -> client().create(impossible.build()))
        .isInstanceOf(StoreException.class);

    awaitMemoryUsage(0);
  }

  @Test
  default void metadataOfWrongTypesIsRefused() {
    var mistyped = thing().put("signature", "no number").member("bytes", blobOf(8, 1));

    if (daemon().keeps(Promise.MISTYPED_METADATA_IS_REFUSED)) {
      assertThatThrownBy(() -> client().create(mistyped.build()))
          .isInstanceOf(StoreException.class)
          .isNotInstanceOf(ConnectionException.class);
      awaitMemoryUsage(0);
    } else {
      assertThatThrownBy(() -> client().create(mistyped.build()))
          .isInstanceOf(ConnectionException.class);
      assertThatThrownBy(() -> daemon().connect()).isInstanceOf(ConnectionException.class);
    }
  }

  @Test
  default void metadataIsListedLabelledAndCopied() {
    ObjectId id = client().create(thing().member("b", blobOf(1, 1)).build());
    client().label(id, Map.of("owner", "ann"));
    ObjectId copy = client().shallowCopy(id, Map.of("colour", new Json.Text("blue")));

    assertThat(client().getMetadata(id).fields().toString()).contains("owner");
    assertThat(client().getMetadata(copy).text("colour")).isEqualTo("blue");
    assertThat(client().list("test::*", 10)).extracting(Metadata::id).contains(id, copy);
    assertThat(client().listByRegex("test::Th.*", 10)).extracting(Metadata::id).contains(id, copy);
    assertThat(client().exists(id)).isTrue();
    client().clear();
    assertThat(client().exists(id)).isFalse();
    assertThatThrownBy(() -> client().getMetadata(id)).isInstanceOf(ObjectNotFoundException.class);
  }
}
