package dev.vinery.types;

import dev.vinery.client.VineryObject;
import dev.vinery.protocol.ObjectId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A data frame whose parts may lie on several instances of a cluster. Immutable.
///
/// One that was got holds those of its parts that are local until it is closed or forgotten. One
/// that was made names parts that are stored already; others can find it once it is persisted.
///
/// Source: type name `vineyard::GlobalDataFrame`.
public final class GlobalDataFrame implements AutoCloseable {
  private final long partitionRows;
  private final long partitionColumns;
  private final List<ObjectId> ids;
  private final List<Partition> partitions;
  private final @Nullable VineryObject object;

  GlobalDataFrame(
      long partitionRows,
      long partitionColumns,
      List<ObjectId> ids,
      List<Partition> partitions,
      @Nullable VineryObject object) {
    this.partitionRows = partitionRows;
    this.partitionColumns = partitionColumns;
    this.ids = List.copyOf(ids);
    this.partitions = List.copyOf(partitions);
    this.object = object;
  }

  /// Makes one of frames that are stored and follow each other, each best put as [Partitioned].
  public static GlobalDataFrame of(List<ObjectId> partitions) {
    return new GlobalDataFrame(partitions.size(), 1, partitions, List.of(), null);
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
    return ids;
  }

  /// The parts with where they live; none before the frame was got.
  public List<Partition> partitions() {
    return partitions;
  }

  @Override
  public String toString() {
    return "GlobalDataFrame[%d x %d partitions]".formatted(partitionRows, partitionColumns);
  }

  @Override
  public void close() {
    if (object != null) {
      object.close();
    }
  }
}
