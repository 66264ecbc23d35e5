package dev.vinery.types;

import dev.vinery.client.VineryObject;
import dev.vinery.protocol.ObjectId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A tensor whose parts may lie on several instances of a cluster. Immutable.
///
/// One that was got holds those of its parts that are local until it is closed or forgotten. One
/// that was made names parts that are stored already; others can find it once it is persisted.
///
/// Source: type name `vineyard::GlobalTensor`.
public final class GlobalTensor implements AutoCloseable {
  private final List<Long> shape;
  private final List<Long> partitionShape;
  private final List<ObjectId> ids;
  private final List<Partition> partitions;
  private final @Nullable VineryObject object;

  GlobalTensor(
      List<Long> shape,
      List<Long> partitionShape,
      List<ObjectId> ids,
      List<Partition> partitions,
      @Nullable VineryObject object) {
    this.shape = List.copyOf(shape);
    this.partitionShape = List.copyOf(partitionShape);
    this.ids = List.copyOf(ids);
    this.partitions = List.copyOf(partitions);
    this.object = object;
  }

  /// Makes one of parts that are stored, each best put as [Partitioned].
  ///
  /// @param shape of the whole; empty if it is not known
  /// @param partitionShape how many parts there are in each dimension; empty if it is not known
  public static GlobalTensor of(
      List<Long> shape, List<Long> partitionShape, List<ObjectId> partitions) {
    return new GlobalTensor(shape, partitionShape, partitions, List.of(), null);
  }

  /// Extents of the whole; empty if they are not known.
  public List<Long> shape() {
    return shape;
  }

  /// How many parts there are in each dimension; empty if it is not known.
  public List<Long> partitionShape() {
    return partitionShape;
  }

  public List<ObjectId> partitionIds() {
    return ids;
  }

  /// The parts with where they live; none before the tensor was got.
  public List<Partition> partitions() {
    return partitions;
  }

  @Override
  public String toString() {
    return "GlobalTensor[shape=%s, partitionShape=%s, %d partitions]"
        .formatted(shape, partitionShape, ids.size());
  }

  @Override
  public void close() {
    if (object != null) {
      object.close();
    }
  }
}
