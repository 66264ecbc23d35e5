package dev.vinery.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.VineryObject;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StoreException;
import dev.vinery.testkit.Eventually;
import dev.vinery.types.Strings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Vectors that one client puts, another gets equal.
class VectorRoundTripTest {
  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon();

  private Client writer;
  private Client reader;
  private BufferAllocator memory;
  private BufferAllocator views;

  @BeforeEach
  void connect() {
    writer = DAEMON.connect();
    reader = DAEMON.connect();
    memory = new RootAllocator();
    views = new RootAllocator();
    ArrowMemory.accountTo(reader, views);
  }

  /// Closing the allocators fails if a buffer was forgotten.
  @AfterEach
  void nothingIsLeft() {
    memory.close();
    views.close();
    writer.clear();
    // What the other connection has let go is on its way.
    Eventually.eventually(() -> assertThat(writer.status().memoryUsageBytes()).isZero());
    writer.close();
    reader.close();
  }

  @Test
  void vectorsOfEveryTypeComeBackEqual() {
    for (Map.Entry<String, FieldVector> sample : Samples.all(memory).entrySet()) {
      try (FieldVector vector = sample.getValue();
          FieldVector got = reader.get(writer.put(vector), FieldVector.class)) {
        assertThat(Samples.contents(got)).as(sample.getKey()).isEqualTo(Samples.contents(vector));
        assertThat(got.getNullCount()).as(sample.getKey()).isEqualTo(vector.getNullCount());
        assertThat(ArrowText.type(got.getField()))
            .as(sample.getKey())
            .isEqualTo(ArrowText.type(SchemaCodec.asStored(schema(vector)).getFields().getFirst()));
      }
    }
  }

  private static Schema schema(FieldVector vector) {
    return new Schema(List.of(vector.getField()));
  }

  @Test
  void vectorsThatWereGotArePutAgain() {
    for (Map.Entry<String, FieldVector> sample : Samples.all(memory).entrySet()) {
      try (FieldVector vector = sample.getValue();
          FieldVector got = reader.get(writer.put(vector), FieldVector.class);
          FieldVector again = reader.get(reader.put(got), FieldVector.class)) {
        assertThat(Samples.contents(again)).as(sample.getKey()).isEqualTo(Samples.contents(vector));
      }
    }
  }

  @Test
  void chunksBecomeOneArray() {
    for (ArrowType type : Samples.flatTypes()) {
      try (FieldVector first = Samples.flat(type, 7, true, memory);
          FieldVector empty = Samples.flat(type, 0, true, memory);
          FieldVector last = Samples.flat(type, 6, false, memory)) {
        var chunks = new ChunkedVector(List.of(first, empty, last));
        try (FieldVector got = reader.get(writer.put(chunks), FieldVector.class)) {
          List<Object> expected = Samples.contents(first);
          expected.addAll(Samples.contents(last));
          assertThat(Samples.contents(got)).as(type.toString()).isEqualTo(expected);
          assertThat(chunks.length()).isEqualTo(13);
        }
      }
    }
  }

  @Test
  void chunksOfListsBecomeOneArrayOfLists() {
    try (FieldVector first = Samples.largeList(9, true, memory);
        FieldVector last = Samples.largeList(5, false, memory);
        FieldVector got =
            reader.get(writer.put(new ChunkedVector(List.of(first, last))), FieldVector.class)) {
      List<Object> expected = Samples.contents(first);
      expected.addAll(Samples.contents(last));
      assertThat(Samples.contents(got)).isEqualTo(expected);
    }
  }

  @Test
  void stringsAreAVectorOrAValueOfTypes() {
    ObjectId id;
    try (var texts = new VarCharVector("t", memory)) {
      texts.setSafe(0, "a".getBytes(StandardCharsets.UTF_8));
      texts.setValueCount(2);
      id = writer.put(texts);
    }
    try (FieldVector vector = reader.get(id, FieldVector.class);
        Strings strings = reader.get(id, Strings.class);
        var large = reader.get(id, LargeVarCharVector.class)) {
      assertThat(vector).isInstanceOf(LargeVarCharVector.class);
      assertThat(large.isNull(1)).isTrue();
      assertThat(strings.get(0)).contains("a");
      assertThat(strings.isMissing(1)).isTrue();
    }
    try (var any = (FieldVector) reader.get(id)) {
      assertThat(any.getValueCount()).isEqualTo(2);
    }
    assertThatThrownBy(() -> reader.get(id, BigIntVector.class))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("BigIntVector");
  }

  @Test
  void typesWithoutALayoutAreRefused() {
    try (var decimals = new DecimalVector("price", memory, 10, 2)) {
      assertThatThrownBy(() -> writer.put(decimals))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'price'")
          .hasMessageContaining("Decimal");
    }
    var encoding = new DictionaryEncoding(1, false, null);
    var encoded =
        new Field("codes", new FieldType(true, new ArrowType.Int(32, true), encoding), List.of());
    try (FieldVector indexes = encoded.createVector(memory)) {
      assertThatThrownBy(() -> writer.put(indexes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("dictionary");
    }
    try (var lists = Samples.fixedList(2, memory)) {
      lists.setNull(1);
      assertThatThrownBy(() -> writer.put(lists))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("misses lists");
    }
  }

  @Test
  void aVectorOutlivesItsObjectAndItsClient() {
    try (FieldVector vector = Samples.flat(new ArrowType.Int(64, true), 1000, true, memory)) {
      Client other = DAEMON.connect();
      ObjectId id = writer.put(vector);
      FieldVector got = other.get(id, FieldVector.class);
      writer.delete(List.of(id));
      other.close();
      for (int i = 0; i < 50; i++) {
        writer.put(new byte[8000]);
      }
      assertThat(Samples.contents(got)).isEqualTo(Samples.contents(vector));
      got.close();
    }
  }

  @Test
  void aClosedVectorIsEmpty() {
    try (FieldVector vector = Samples.flat(new ArrowType.Int(64, true), 3, false, memory)) {
      var got = reader.get(writer.put(vector), BigIntVector.class);
      got.close();
      got.close();

      assertThat(got.getValueCount()).isZero();
      assertThatThrownBy(() -> got.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> ArrowValues.value(got, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aVectorWithATypeThatHasNoLayoutStaysAnObject() {
    ObjectId id =
        writer.createMetadata(Metadata.builder("vineyard::NumericArray<complex128>").build());
    try (var object = (VineryObject) reader.get(id)) {
      assertThat(object.typeName()).contains("complex128");
    }
  }
}
