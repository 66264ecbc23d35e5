package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Blob;
import dev.vinery.client.Client;
import dev.vinery.client.Draft;
import dev.vinery.client.VineryObject;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotSealedException;
import dev.vinery.protocol.StoreException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Values that are views: over the shared memory itself, and over parts of it.
final class InPlaceTest {
  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon();

  private static final Tensor MATRIX = Tensor.of(0L, 1, 2, 3, 4, 5).reshaped(2, 3);

  @Test
  void aTensorThatWasGotLiesInTheMappingAndIsNoCopy() {
    try (Client client = DAEMON.connect()) {
      ObjectId id = client.put(Tensor.of(new double[1 << 20]));
      try (VineryObject object = client.getObject(id);
          Blob blob = client.getBlob(object.member("buffer_").id());
          Tensor tensor = client.get(id, Tensor.class);
          Tensor again = client.get(id, Tensor.class)) {
        assertThat(tensor.values().address()).isEqualTo(blob.segment().address());
        assertThat(again.values().address()).isEqualTo(blob.segment().address());
        assertThat(tensor.view().select(0, 7).memory().address())
            .isEqualTo(blob.segment().address());
      }
    }
  }

  @Test
  void columnsOfAFrameThatWasGotLieInTheMapping() {
    try (Client client = DAEMON.connect()) {
      ObjectId id = client.put(Samples.frame());
      try (VineryObject object = client.getObject(id);
          DataFrame frame = client.get(id, DataFrame.class)) {
        MemorySegment column = object.member("__values_-value-1").member("buffer_").segment();
        assertThat(frame.tensor("real").values().address()).isEqualTo(column.address());
      }
    }
  }

  @Test
  void viewsAreCutAndTurnedWithoutACopy() {
    TensorView view = MATRIX.view();

    assertThat(view.transposed().toTensor()).isEqualTo(Tensor.of(0L, 3, 1, 4, 2, 5).reshaped(3, 2));
    assertThat(view.select(1, 2).toTensor()).isEqualTo(Tensor.of(2L, 5));
    assertThat(view.slice(1, 0, 3, 2).toTensor()).isEqualTo(Tensor.of(0L, 2, 3, 5).reshaped(2, 2));
    assertThat(view.transposed().at(2, 1).getLong(0)).isEqualTo(5);
    assertThat(view.strides()).containsExactly(24L, 8L);
    assertThatThrownBy(() -> view.at(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aViewNeverReachesOutsideOfItsMemory() {
    MemorySegment memory = MemorySegment.ofArray(new long[6]);

    assertThat(TensorView.of(ElementType.INT64, List.of(3L), List.of(-16L), 40, memory).shape())
        .containsExactly(3L);
    for (long stride : new long[] {24, -24, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThatThrownBy(
              () -> TensorView.of(ElementType.INT64, List.of(3L), List.of(stride), 8, memory))
          .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class);
    }
  }

  @Test
  void sharedMemoryIsWrittenFrozenAndOpenedByItsName() {
    try (Client writer = DAEMON.connect();
        Client reader = DAEMON.connect();
        var memory = SharedMemory.create(writer, 16)) {
      memory.memory().set(ValueLayout.JAVA_BYTE, 3, (byte) 7);
      assertThatThrownBy(() -> SharedMemory.open(reader, memory.name()))
          .isInstanceOf(ObjectNotSealedException.class);
      memory.freeze();

      try (var opened = SharedMemory.open(reader, memory.name())) {
        assertThat(opened.sizeBytes()).isEqualTo(16);
        assertThat(opened.memory().get(ValueLayout.JAVA_BYTE, 3)).isEqualTo((byte) 7);
        memory.unlink();
        assertThat(opened.memory().get(ValueLayout.JAVA_BYTE, 3)).isEqualTo((byte) 7);
      }
      assertThatThrownBy(memory::memory).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void frozenMemoryCannotBeWritten() {
    try (Client client = DAEMON.connect();
        var memory = SharedMemory.create(client, 8)) {
      MemorySegment before = memory.memory();
      before.set(ValueLayout.JAVA_BYTE, 0, (byte) 7);
      memory.freeze();

      assertThat(memory.memory().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
      assertThatThrownBy(() -> before.set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> memory.memory().set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
          .isInstanceOfAny(IllegalArgumentException.class, UnsupportedOperationException.class);
    }
  }

  @Test
  void elementsOfAListAreReplacedUntilItIsFrozen() {
    try (Client client = DAEMON.connect();
        var list = ShareableList.create(client, Arrays.asList(1L, "four", null, true, 2.5, "x"))) {
      list.set(0, -7L);
      list.set(1, "éé");
      list.set(2, 0.5);
      list.set(3, null);
      list.set(4, false);
      assertThatThrownBy(() -> list.set(5, "longer than eight"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> list.set(6, 1L)).isInstanceOf(IndexOutOfBoundsException.class);
      list.freeze();

      assertThatThrownBy(() -> list.set(0, 1L)).isInstanceOf(IllegalStateException.class);
      try (var opened = ShareableList.open(client, list.name())) {
        assertThat(opened.toList()).isEqualTo(Arrays.asList(-7L, "éé", 0.5, null, false, "x"));
      }
    }
  }

  @Test
  void partitionsAreListedWithWhereTheyLive() {
    try (Client client = DAEMON.connect()) {
      ObjectId here = client.put(Partitioned.of(Tensor.of(1.5), 0));
      ObjectId there =
          client.createMetadata(
              Metadata.builder("vineyard::Tensor<double>")
                  .put(Metadata.INSTANCE_ID, 4711)
                  .put(TensorCodec.SHAPE, "[1]")
                  .put(TensorCodec.PARTITION, "[1]")
                  .put("buffer_", Metadata.ofBlob(new ObjectId(Long.MIN_VALUE | 77), 8, 4711))
                  .build());
      ObjectId id = client.put(GlobalTensor.of(List.of(2L), List.of(2L), List.of(here, there)));

      try (GlobalTensor whole = client.get(id, GlobalTensor.class)) {
        List<Partition> parts = whole.partitions();
        assertThat(parts)
            .extracting(Partition::instanceId)
            .containsExactly(client.instanceId(), 4711L);
        assertThat(parts).extracting(Partition::isLocal).containsExactly(true, false);
        assertThat(parts).extracting(Partition::position).containsExactly(List.of(0L), List.of(1L));
        assertThatThrownBy(() -> parts.getLast().value(Tensor.class))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("instance 4711");
      }
    }
  }

  @Test
  void oldPairsAreListsIfOneIsWanted() {
    try (Client client = DAEMON.connect()) {
      ObjectId pair = client.create(Family.pair(client));

      assertThat(client.get(pair)).isEqualTo(new Pair("left", 2L));
      assertThat((Object) client.get(pair, List.class)).isEqualTo(List.of("left", 2L));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "int8, -128, -128",
    "uint8, 255, 255",
    "int16, -32768, -32768",
    "uint16, 65535, 65535",
    "int, -2147483648, -2147483648",
    "uint, 4294967295, 4294967295",
    "int64, -9223372036854775808, -9223372036854775808",
    "uint64, 18446744073709551615, 18446744073709551615",
    "float, 0.5, 0.5",
    "float, 3, 3.0",
    "double, 1e308, 1.0E308",
  })
  void scalarsOfOtherClientsAreReadInEveryWidth(String type, String stored, String wanted) {
    try (Client client = DAEMON.connect()) {
      ObjectId id =
          client.create(
              Draft.object("vineyard::Scalar<" + type + ">")
                  .put("value_", JsonText.parse(stored))
                  .build());

      assertThat(client.get(id)).hasToString(wanted);
    }
  }
}
