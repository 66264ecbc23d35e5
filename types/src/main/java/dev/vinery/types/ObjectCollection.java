package dev.vinery.types;

import dev.vinery.client.VineryObject;
import dev.vinery.protocol.ObjectId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Objects of one type that may lie on several instances of a cluster. Immutable.
///
/// One that was got holds those of its parts that are local until it is closed or forgotten. One
/// that was made names parts that are stored already; others can find it once it is persisted.
///
/// Source: type name `vineyard::Collection<…>`.
public final class ObjectCollection implements AutoCloseable {
  private final String elementTypeName;
  private final List<ObjectId> ids;
  private final List<Partition> partitions;
  private final @Nullable VineryObject object;

  ObjectCollection(
      String elementTypeName,
      List<ObjectId> ids,
      List<Partition> partitions,
      @Nullable VineryObject object) {
    this.elementTypeName = elementTypeName;
    this.ids = List.copyOf(ids);
    this.partitions = List.copyOf(partitions);
    this.object = object;
  }

  /// Makes one of objects that are stored.
  ///
  /// @param elementTypeName for example `vineyard::DataFrame`
  public static ObjectCollection of(String elementTypeName, List<ObjectId> partitions) {
    return new ObjectCollection(elementTypeName, partitions, List.of(), null);
  }

  public String elementTypeName() {
    return elementTypeName;
  }

  public List<ObjectId> partitionIds() {
    return ids;
  }

  /// The parts with where they live; none before the collection was got.
  public List<Partition> partitions() {
    return partitions;
  }

  @Override
  public String toString() {
    return "ObjectCollection[%d of %s]".formatted(ids.size(), elementTypeName);
  }

  @Override
  public void close() {
    if (object != null) {
      object.close();
    }
  }
}
