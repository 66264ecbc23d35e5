package dev.vinery.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.VineryObject;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StoreException;
import dev.vinery.testkit.Eventually;
import dev.vinery.testkit.SeededTest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Metadata that lies is refused with a sentence, or harms nobody; no memory is read outside the
/// blobs, and nothing stays held.
class BadMetadataTest {
  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon();

  /// Fields that say nothing of an array.
  private static final List<String> COMMON =
      List.of("id", "instance_id", "transient", "signature", "typename", "global", "__timestamp");

  private Client client;
  private BufferAllocator memory;
  private BufferAllocator views;

  @BeforeEach
  void connect() {
    client = DAEMON.connect();
    memory = new RootAllocator();
    views = new RootAllocator();
    ArrowMemory.accountTo(client, views);
  }

  @AfterEach
  void nothingIsLeft() {
    memory.close();
    views.close();
    client.clear();
    // What the other connection has let go is on its way.
    Eventually.eventually(() -> assertThat(client.status().memoryUsageBytes()).isZero());
    client.close();
  }

  /// A copy of an object with some fields replaced; a null takes a field away.
  private ObjectId damaged(ObjectId id, String field, Json value) {
    var fields = new LinkedHashMap<>(client.getMetadata(id).fields().values());
    if (value == Json.Null.NULL) {
      fields.remove(field);
    } else {
      fields.put(field, value);
    }
    return client.createMetadata(Metadata.of(Json.Fields.of(fields)));
  }

  private ObjectId numbers() {
    try (FieldVector vector = Samples.flat(new ArrowType.Int(64, true), 20, true, memory)) {
      return client.put(vector);
    }
  }

  private ObjectId texts() {
    try (FieldVector vector = Samples.flat(ArrowType.LargeUtf8.INSTANCE, 20, true, memory)) {
      return client.put(vector);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "length_, -1",
    "length_, 21",
    "length_, 4294967296",
    "length_, 9223372036854775807",
    "offset_, -1",
    "offset_, 1",
    "offset_, 9223372036854775807",
    "null_count_, -1",
    "null_count_, 21"
  })
  void numbersThatCannotBeAreRefused(String field, long value) {
    for (ObjectId stored : List.of(numbers(), texts())) {
      ObjectId id = damaged(stored, field, Json.Whole.signed(value));

      assertThatThrownBy(() -> client.get(id, FieldVector.class))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(id.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"length_", "null_count_", "offset_", "buffer_", "null_bitmap_"})
  void whatIsMissingIsNamed(String field) {
    ObjectId id = damaged(numbers(), field, Json.Null.NULL);

    assertThatThrownBy(() -> client.get(id))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("'" + field + "'")
        .hasMessageContaining(id.toString());
  }

  @Test
  void aMemberThatIsNoBlobIsRefused() {
    ObjectId other = numbers();
    ObjectId id = damaged(numbers(), "buffer_", client.getMetadata(other).fields());

    assertThatThrownBy(() -> client.get(id))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("'buffer_'")
        .hasMessageContaining("no blob");
  }

  @Test
  void offsetsOutsideTheBytesAreRefused() {
    for (long last : new long[] {1000, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      ObjectId id = stringsWithOffsets(0, 1, last);

      assertThatThrownBy(() -> client.get(id, FieldVector.class))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("'buffer_offsets_'");
    }
    ObjectId id = stringsWithOffsets(-1, 1, 2);
    assertThatThrownBy(() -> client.get(id, FieldVector.class)).isInstanceOf(StoreException.class);
  }

  /// Arrow checks every access; that it is told to is part of what is tested.
  @Test
  void offsetsThatGoBackAreNeverFollowed() {
    for (long middle : new long[] {5, -5, Long.MAX_VALUE, Long.MIN_VALUE}) {
      ObjectId id = stringsWithOffsets(0, middle, 2);

      try (FieldVector vector = client.get(id, FieldVector.class)) {
        assertThat(vector.getDataBuffer().capacity()).isEqualTo(2);
        assertThat(((LargeVarCharVector) vector).get(0)).hasSizeLessThanOrEqualTo(2);
      } catch (IndexOutOfBoundsException | NegativeArraySizeException refused) {
        assertThat(middle < 0 || middle > 2).isTrue();
      }
    }
  }

  @Test
  void allOffsetsAreCheckedWhenArrowDoesNot() {
    ObjectId id = stringsWithOffsets(0, 5, 2);
    try (VineryObject object = client.getObject(id)) {
      var layout = Layout.of(object);
      MemorySegment offsets = layout.offsets(true);

      assertThat(layout.checkOffsets(offsets, true, 3, false)).isEqualTo(2);
      assertThatThrownBy(() -> layout.checkOffsets(offsets, true, 3, true))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("element 1 ends at offset 5");
    }
  }

  private ObjectId stringsWithOffsets(long... offsets) {
    ObjectId data = client.put(new byte[] {'a', 'b', 'c'});
    var bytes = MemorySegment.ofArray(new byte[8 * offsets.length]);
    for (int i = 0; i < offsets.length; i++) {
      bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i, offsets[i]);
    }
    ObjectId places = client.put(bytes);
    return client.createMetadata(
        Metadata.builder(ArrayKind.LARGE_STRING)
            .put("length_", offsets.length - 1)
            .put("null_count_", 0)
            .put("offset_", 0)
            .put("buffer_data_", Metadata.ofBlob(data, 3, client.instanceId()))
            .put("buffer_offsets_", Metadata.ofBlob(places, bytes.byteSize(), client.instanceId()))
            .put("null_bitmap_", Metadata.ofBlob(ObjectId.EMPTY_BLOB, 0, client.instanceId()))
            .build());
  }

  @Test
  void aBatchThatDoesNotFitItsSchemaIsRefused() {
    try (VectorSchemaRoot batch = Samples.batch(3, true, memory)) {
      ObjectId stored = client.put(batch);
      assertRefused(damaged(stored, "row_num_", Json.Whole.signed(4)), "row_num_");
      assertRefused(damaged(stored, "__columns_-size", Json.Whole.signed(2)), "columns");
      assertRefused(damaged(stored, "__columns_-size", Json.Whole.signed(1 << 23)), "__columns_-");
      assertRefused(
          damaged(stored, "__columns_-0", client.getMetadata(texts()).fields()), "column 0");
      assertRefused(damaged(stored, "schema_", Json.Null.NULL), "schema_");
      assertRefused(damaged(stored, "schema_", client.getMetadata(texts()).fields()), "schema_");

      ObjectId table = client.put(ArrowTable.of(batch));
      assertRefused(damaged(table, "num_rows_", Json.Whole.signed(4)), "num_rows_");
      assertRefused(damaged(table, "partitions_-size", Json.Whole.signed(2)), "partitions_-1");
      assertRefused(
          damaged(table, "partitions_-0", client.getMetadata(texts()).fields()), "partitions_-0");
    }
  }

  private void assertRefused(ObjectId id, String what) {
    assertThatThrownBy(() -> client.get(id))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(what);
  }

  @Test
  void listsNestedWithoutEndStayAnObject() {
    Metadata inner = client.getMetadata(numbers());
    for (int i = 0; i < 100; i++) {
      inner =
          Metadata.builder(ArrayKind.LIST)
              .put("length_", 0)
              .put("null_count_", 0)
              .put("offset_", 0)
              .put("values_", client.getMetadata(client.createMetadata(inner)))
              .build();
    }
    ObjectId id = client.createMetadata(inner);

    try (var object = (VineryObject) client.get(id)) {
      assertThat(object.typeName()).isEqualTo(ArrayKind.LIST);
    }
  }

  /// Whatever is changed in a tree or a schema: a value whose elements can be looked at, or a
  /// refusal.
  @SeededTest(runs = 250)
  void damagedTreesEndInAValueOrARefusal(RandomGenerator random) {
    ObjectId stored;
    try (VectorSchemaRoot batch = Samples.batch(11, random.nextBoolean(), memory);
        FieldVector lists = Samples.largeList(9, true, memory);
        FieldVector narrowLists = Samples.list(ArrowType.Utf8.INSTANCE, 9, true, memory);
        FieldVector fixedLists = Samples.fixedList(9, memory)) {
      stored =
          switch (random.nextInt(6)) {
            case 0 -> client.put(ArrowTable.of(batch));
            case 1 -> client.put(lists);
            case 2 -> client.put(narrowLists);
            case 3 -> client.put(fixedLists);
            default -> client.put(batch.getVector(random.nextInt(batch.getFieldVectors().size())));
          };
    }
    try {
      Object got = client.get(damaged(client.getMetadata(stored).fields(), random));
      look(got);
      ((AutoCloseable) got).close();
    } catch (StoreException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    } catch (Exception e) {
      throw new AssertionError("closing failed", e);
    }
    client.clear();
  }

  private static void look(Object got) {
    switch (got) {
      case ArrowTable table ->
          table.batches().forEach(batch -> batch.getFieldVectors().forEach(BadMetadataTest::look));
      case VectorSchemaRoot batch -> batch.getFieldVectors().forEach(BadMetadataTest::look);
      case FieldVector vector -> {
        try {
          assertThat(Samples.contents(vector)).hasSize(vector.getValueCount());
        } catch (IndexOutOfBoundsException | NegativeArraySizeException refused) {
          // As Arrow refuses what lies outside a buffer.
        }
      }
      default -> assertThat(got).isInstanceOf(VineryObject.class);
    }
  }

  /// Makes an object that differs in one thing somewhere in its tree.
  private ObjectId damaged(Json.Fields fields, RandomGenerator random) {
    var changed = new LinkedHashMap<>(fields.values());
    COMMON.forEach(changed::remove);
    List<Map.Entry<String, Json>> entries = new ArrayList<>(changed.entrySet());
    Map.Entry<String, Json> entry = entries.get(random.nextInt(entries.size()));
    Json value =
        switch (entry.getValue()) {
          // The daemon takes the member that it knows by its id, so a changed one is made anew.
          case Json.Fields member when !member.has("length") && random.nextInt(4) > 0 ->
              client.getMetadata(damaged(member, random)).fields();
          case Json.Fields _ -> entries.get(random.nextInt(entries.size())).getValue();
          case Json.Whole(var number, _) ->
              Json.Whole.signed(
                  switch (random.nextInt(5)) {
                    case 0 -> number + 1;
                    case 1 -> -1;
                    case 2 -> random.nextLong();
                    case 3 -> 0;
                    default -> random.nextInt(40);
                  });
          case Json.Text(var text) -> new Json.Text(scrambled(text, random));
          default -> new Json.Text("nonsense");
        };
    changed.put(entry.getKey(), value);
    changed.put(Metadata.TYPE_NAME, fields.get(Metadata.TYPE_NAME));
    return client.createMetadata(Metadata.of(Json.Fields.of(changed)));
  }

  private static String scrambled(String text, RandomGenerator random) {
    var scrambled = new StringBuilder(text);
    for (int i = 0; i < 1 + random.nextInt(3) && !scrambled.isEmpty(); i++) {
      int at = random.nextInt(scrambled.length());
      char old = scrambled.charAt(at);
      scrambled.setCharAt(at, old >= '0' && old <= '9' ? (char) ('0' + random.nextInt(10)) : old);
    }
    return scrambled.toString();
  }
}
