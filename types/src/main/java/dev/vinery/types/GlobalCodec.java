package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// [GlobalTensor], [GlobalDataFrame], [ObjectCollection], and the parts that they are made of.
final class GlobalCodec {
  private static final String TENSOR = "vineyard::GlobalTensor";
  private static final String FRAME = "vineyard::GlobalDataFrame";
  private static final String COLLECTION = "vineyard::Collection<";
  private static final String PARTITION = "partitions_-";
  private static final String COUNT = "partitions_-size";
  private static final String PARTITION_SHAPE = "partition_shape_";
  private static final String PARTITION_ROWS = "partition_shape_row_";
  private static final String PARTITION_COLUMNS = "partition_shape_column_";

  /// Partitions of one object.
  private static final long MAX_PARTITIONS = 1 << 20;

  private GlobalCodec() {}

  private static Draft.Builder draft(String typeName, List<ObjectId> partitions) {
    var draft =
        Draft.object(typeName)
            .put(Metadata.GLOBAL, new Json.Flag(true))
            .put(Metadata.SIZE_BYTES, 0)
            .put(COUNT, partitions.size());
    for (int i = 0; i < partitions.size(); i++) {
      draft.member(PARTITION + i, new Draft.Existing(partitions.get(i)));
    }
    return draft;
  }

  private static Json items(List<Long> numbers) {
    return new Json.Items(numbers.stream().<Json>map(number -> Json.Whole.signed(number)).toList());
  }

  /// Reads the partitions, in order. C++ leaves out those that it has lost.
  private static Partitions partitions(VineryObject object) {
    long count = Layouts.count(object, COUNT, MAX_PARTITIONS);
    List<Partition> partitions = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      object
          .findMember(PARTITION + i)
          .ifPresent(part -> partitions.add(new Partition(part, position(part))));
    }
    return Partitions.of(object, partitions);
  }

  private static List<Long> position(VineryObject part) {
    Metadata metadata = part.metadata();
    if (metadata.has(DataFrameCodec.ROW_PARTITION)
        && metadata.has(DataFrameCodec.COLUMN_PARTITION)) {
      return List.of(
          Layouts.whole(part, DataFrameCodec.ROW_PARTITION),
          Layouts.whole(part, DataFrameCodec.COLUMN_PARTITION));
    }
    return metadata.has(TensorCodec.PARTITION)
        ? Layouts.wholes(part, TensorCodec.PARTITION)
        : List.of();
  }

  /// Global tensors.
  public static final class OfTensor implements Builder<GlobalTensor> {
    @Override
    public Class<GlobalTensor> type() {
      return GlobalTensor.class;
    }

    @Override
    public Draft draft(GlobalTensor value, Function<Object, Draft> drafts) {
      return GlobalCodec.draft(TENSOR, value.partitionIds())
          .putStructured(TensorCodec.SHAPE, items(value.shape()))
          .putStructured(PARTITION_SHAPE, items(value.partitionShape()))
          .build();
    }
  }

  /// Global data frames.
  public static final class OfFrame implements Builder<GlobalDataFrame> {
    @Override
    public Class<GlobalDataFrame> type() {
      return GlobalDataFrame.class;
    }

    @Override
    public Draft draft(GlobalDataFrame value, Function<Object, Draft> drafts) {
      return GlobalCodec.draft(FRAME, value.partitionIds())
          .put(PARTITION_ROWS, value.partitionRows())
          .put(PARTITION_COLUMNS, value.partitionColumns())
          .build();
    }
  }

  /// Collections.
  public static final class OfCollection implements Builder<ObjectCollection> {
    @Override
    public Class<ObjectCollection> type() {
      return ObjectCollection.class;
    }

    @Override
    public Draft draft(ObjectCollection value, Function<Object, Draft> drafts) {
      return GlobalCodec.draft(COLLECTION + value.elementTypeName() + ">", value.partitionIds())
          .build();
    }
  }

  /// Parts: the value itself, with its place among its fields.
  public static final class OfPart implements Builder<Partitioned> {
    @Override
    public Class<Partitioned> type() {
      return Partitioned.class;
    }

    /// @throws IllegalArgumentException if the value is none that can be a part
    @Override
    public Draft draft(Partitioned value, Function<Object, Draft> drafts) {
      if (!(drafts.apply(value.value()) instanceof Draft.OfObject whole)) {
        throw new IllegalArgumentException(
            "a part cannot be a " + value.value().getClass().getTypeName());
      }
      var part = Draft.object(whole.typeName());
      for (Map.Entry<String, Json> field : whole.fields().entrySet()) {
        part.put(field.getKey(), field.getValue());
      }
      whole.members().forEach(part::member);
      List<Long> position = value.position();
      if (value.value() instanceof DataFrame) {
        part.put(DataFrameCodec.ROW_PARTITION, position.getFirst())
            .put(DataFrameCodec.COLUMN_PARTITION, position.getLast())
            .put("row_batch_index_", position.getFirst());
      } else {
        part.putStructured(TensorCodec.PARTITION, items(position));
      }
      return part.build();
    }
  }

  /// A [GlobalTensor].
  public static final class FromTensor implements Resolver {
    @Override
    public String typeNamePrefix() {
      return TENSOR;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return Layouts.guarded(
          object,
          () ->
              new GlobalTensor(
                  Layouts.extents(object, TensorCodec.SHAPE),
                  Layouts.extents(object, PARTITION_SHAPE),
                  partitions(object)));
    }
  }

  /// A [GlobalDataFrame].
  public static final class FromFrame implements Resolver {
    @Override
    public String typeNamePrefix() {
      return FRAME;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return Layouts.guarded(
          object,
          () ->
              new GlobalDataFrame(
                  Layouts.count(object, PARTITION_ROWS, Long.MAX_VALUE),
                  Layouts.count(object, PARTITION_COLUMNS, Long.MAX_VALUE),
                  partitions(object)));
    }
  }

  /// An [ObjectCollection].
  public static final class FromCollection implements Resolver {
    @Override
    public String typeNamePrefix() {
      return COLLECTION;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return Layouts.guarded(
          object,
          () -> {
            String name = object.typeName();
            int end = name.endsWith(">") ? name.length() - 1 : name.length();
            return new ObjectCollection(
                name.substring(COLLECTION.length(), end), partitions(object));
          });
    }
  }
}
