package dev.vinery.types;

import dev.vinery.protocol.ObjectId;
import java.util.List;

/// A tensor whose parts may lie on several instances of a cluster. Immutable.
///
/// One that was got holds those of its parts that are local until it is closed or forgotten. One
/// that was made names parts that are stored already; others can find it once it is persisted.
///
/// Source: type name `vineyard::GlobalTensor`.
public final class GlobalTensor implements AutoCloseable {
  private final List<Long> shape;
  private final List<Long> partitionShape;
  private final Partitions partitions;

  GlobalTensor(List<Long> shape, List<Long> partitionShape, Partitions partitions) {
    this.shape = List.copyOf(shape);
    this.partitionShape = List.copyOf(partitionShape);
    this.partitions = partitions;
  }

  /// Makes one of parts that are stored, each best put as [Partitioned].
  ///
  /// @param shape of the whole; empty if it is not known
  /// @param partitionShape how many parts there are in each dimension; empty if it is not known
  public static GlobalTensor of(
      List<Long> shape, List<Long> partitionShape, List<ObjectId> partitions) {
    return new GlobalTensor(shape, partitionShape, Partitions.named(partitions));
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
    return partitions.ids();
  }

  /// The parts with where they live; none before the tensor was got.
  public List<Partition> partitions() {
    return partitions.got();
  }

  @Override
  public String toString() {
    return "GlobalTensor[shape=%s, partitionShape=%s, %d partitions]"
        .formatted(shape, partitionShape, partitions.ids().size());
  }

  @Override
  public void close() {
    partitions.close();
  }
}
