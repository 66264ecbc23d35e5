package dev.vinery.types;

import dev.vinery.protocol.ObjectId;
import java.util.List;

/// A data frame whose parts may lie on several instances of a cluster. Immutable.
///
/// One that was got holds those of its parts that are local until it is closed or forgotten. One
/// that was made names parts that are stored already; others can find it once it is persisted.
///
/// Source: type name `vineyard::GlobalDataFrame`.
public final class GlobalDataFrame implements AutoCloseable {
  private final long partitionRows;
  private final long partitionColumns;
  private final Partitions partitions;

  GlobalDataFrame(long partitionRows, long partitionColumns, Partitions partitions) {
    this.partitionRows = partitionRows;
    this.partitionColumns = partitionColumns;
    this.partitions = partitions;
  }

  /// Makes one of frames that are stored and follow each other, each best put as [Partitioned].
  public static GlobalDataFrame of(List<ObjectId> partitions) {
    return new GlobalDataFrame(partitions.size(), 1, Partitions.named(partitions));
  }

  /// How many parts lie below each other.
  public long partitionRows() {
    return partitionRows;
  }

  /// How many parts lie beside each other.
  public long partitionColumns() {
    return partitionColumns;
  }

  public List<ObjectId> partitionIds() {
    return partitions.ids();
  }

  /// The parts with where they live; none before the frame was got.
  public List<Partition> partitions() {
    return partitions.got();
  }

  @Override
  public String toString() {
    return "GlobalDataFrame[%d x %d partitions]".formatted(partitionRows, partitionColumns);
  }

  @Override
  public void close() {
    partitions.close();
  }
}
