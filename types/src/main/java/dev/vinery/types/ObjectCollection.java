package dev.vinery.types;

import dev.vinery.protocol.ObjectId;
import java.util.List;

/// Objects of one type that may lie on several instances of a cluster. Immutable.
///
/// One that was got holds those of its parts that are local until it is closed or forgotten. One
/// that was made names parts that are stored already; others can find it once it is persisted.
///
/// Source: type name `vineyard::Collection<…>`.
public final class ObjectCollection implements AutoCloseable {
  private final String elementTypeName;
  private final Partitions partitions;

  ObjectCollection(String elementTypeName, Partitions partitions) {
    this.elementTypeName = elementTypeName;
    this.partitions = partitions;
  }

  /// Makes one of objects that are stored.
  ///
  /// @param elementTypeName for example `vineyard::DataFrame`
  public static ObjectCollection of(String elementTypeName, List<ObjectId> partitions) {
    return new ObjectCollection(elementTypeName, Partitions.named(partitions));
  }

  public String elementTypeName() {
    return elementTypeName;
  }

  public List<ObjectId> partitionIds() {
    return partitions.ids();
  }

  /// The parts with where they live; none before the collection was got.
  public List<Partition> partitions() {
    return partitions.got();
  }

  @Override
  public String toString() {
    return "ObjectCollection[%d of %s]".formatted(partitions.ids().size(), elementTypeName);
  }

  @Override
  public void close() {
    partitions.close();
  }
}
