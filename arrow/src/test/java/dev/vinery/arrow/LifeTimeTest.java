package dev.vinery.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StoreFullException;
import dev.vinery.testkit.Eventually;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whose memory shared vectors are, and until when.
class LifeTimeTest {
  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon();

  private static final ArrowType INT64 = new ArrowType.Int(64, true);

  private Client writer;
  private Client reader;
  private BufferAllocator memory;

  @BeforeEach
  void connect() {
    writer = DAEMON.connect();
    reader = DAEMON.connect();
    memory = new RootAllocator();
  }

  @AfterEach
  void nothingIsLeft() {
    memory.close();
    writer.clear();
    writer.close();
    reader.close();
  }

  @Test
  void vectorsOfEveryKindOutliveTheirObjectAndClientAndAreEmptyOnceClosed() {
    for (Map.Entry<String, FieldVector> sample : Samples.all(memory).entrySet()) {
      try (FieldVector vector = sample.getValue()) {
        FieldVector got = gotAndDeleted(vector, FieldVector.class);
        assertThat(Samples.contents(got)).as(sample.getKey()).isEqualTo(Samples.contents(vector));

        got.close();
        got.close();
        if (got instanceof NullVector) {
          continue; // has no memory, and stays what it was
        }
        assertThat(got.getValueCount()).as(sample.getKey()).isZero();
        assertThatThrownBy(() -> ArrowValues.value(got, 0))
            .as(sample.getKey())
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
    isEmptyOnceCollected();
  }

  @Test
  void batchesAndTablesOutliveTheirObjectAndClientAndAreEmptyOnceClosed() {
    try (VectorSchemaRoot batch = Samples.batch(9, true, memory)) {
      for (Object value : List.of(batch, ArrowTable.of(batch))) {
        ArrowTable got = gotAndDeleted(value, ArrowTable.class);
        for (int i = 0; i < got.columnCount(); i++) {
          assertThat(Samples.contents(got.batches().getFirst().getVector(i)))
              .isEqualTo(Samples.contents(batch.getVector(i)));
        }

        got.close();
        got.close();
        for (FieldVector vector : got.batches().getFirst().getFieldVectors()) {
          assertThatThrownBy(() -> ArrowValues.value(vector, 0))
              .as(vector.getName())
              .isInstanceOf(IndexOutOfBoundsException.class);
        }
      }
    }
    isEmptyOnceCollected();
  }

  /// What another client got, which is closed, of an object that is deleted.
  private <T> T gotAndDeleted(Object value, Class<T> type) {
    try (Client other = DAEMON.connect()) {
      ObjectId id = writer.put(value);
      T got = other.get(id, type);
      writer.delete(List.of(id));
      return got;
    }
  }

  @Test
  void theMemoryOfAForgottenVectorComesBack() {
    try (FieldVector vector = Samples.flat(INT64, 1000, true, memory)) {
      isCollected(writer.put(vector));
    }
  }

  @Test
  void theMemoryOfAForgottenListComesBack() {
    try (FieldVector vector = Samples.largeList(100, true, memory)) {
      isCollected(writer.put(vector));
    }
  }

  @Test
  void theMemoryOfAForgottenBatchComesBack() {
    try (VectorSchemaRoot batch = Samples.batch(100, true, memory)) {
      isCollected(writer.put(batch));
    }
  }

  @Test
  void theMemoryOfAForgottenTableComesBack() {
    VectorSchemaRoot first = Samples.batch(100, true, memory);
    VectorSchemaRoot last = Samples.batch(7, false, memory);
    try (var table = ArrowTable.of(first.getSchema(), List.of(first, last))) {
      isCollected(writer.put(table));
    }
  }

  private void isCollected(ObjectId id) {
    forget(id);
    writer.delete(List.of(id));

    isEmptyOnceCollected();
  }

  private void forget(ObjectId id) {
    assertThat(reader.get(id)).isNotNull();
  }

  private void isEmptyOnceCollected() {
    Eventually.eventually(() -> {
      System.gc();
      assertThat(writer.status().memoryUsageBytes()).isZero();
    });
  }

  @Test
  void aPutThatFindsNoRoomLeavesNothingOfItsVectorsBehind() {
    BufferAllocator shared = ArrowMemory.allocator(writer);
    try (var numbers = numbers(1000, shared);
        var tooMany = numbers(10_000_000, memory)) {
      var batch = new ArrowTable(tooMany.getSchema(), List.of(numbers, tooMany), false);

      assertThatThrownBy(() -> writer.put(batch)).isInstanceOf(StoreFullException.class);
      assertThat(writer.status().memoryUsageBytes()).isPositive();
    }
    shared.close();

    Eventually.eventually(() -> assertThat(writer.status().memoryUsageBytes()).isZero());
  }

  private static VectorSchemaRoot numbers(int count, BufferAllocator memory) {
    var numbers = new BigIntVector("n", memory);
    numbers.allocateNew(count);
    for (int i = 0; i < Math.min(count, 1000); i++) {
      numbers.set(i, i);
    }
    numbers.setValueCount(count);
    return VectorSchemaRoot.of(numbers);
  }

  @Test
  void aBatchThatIsRefusedLeavesNothingOfItsVectorsBehind() {
    BufferAllocator shared = ArrowMemory.allocator(writer);
    try (VectorSchemaRoot numbers = numbers(1000, shared);
        var prices = new DecimalVector("price", memory, 10, 2)) {
      prices.setValueCount(1000);
      var batch = VectorSchemaRoot.of(numbers.getVector(0), prices);
      batch.setRowCount(1000);

      assertThatThrownBy(() -> writer.put(batch)).hasMessageContaining("'price'");
    }
    shared.close();

    Eventually.eventually(() -> assertThat(writer.status().memoryUsageBytes()).isZero());
  }

  @Test
  void whatWasPutWithoutACopyStaysWhenItsVectorIsClosed() {
    BufferAllocator shared = ArrowMemory.allocator(writer);
    ObjectId id;
    try (VectorSchemaRoot numbers = numbers(1000, shared)) {
      id = writer.put(numbers);
    }
    shared.close();

    try (var got = reader.get(id, VectorSchemaRoot.class)) {
      assertThat(((BigIntVector) got.getVector(0)).get(999)).isEqualTo(999);
    }
  }
}
