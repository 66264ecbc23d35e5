package dev.vinery.types;

import dev.vinery.client.VineryObject;
import dev.vinery.protocol.ObjectId;
import java.util.List;

/// One part of a value that is spread over the instances of a cluster. Belongs to the value it was
/// taken from, and is valid no longer than that.
public final class Partition {
  private final VineryObject object;
  private final List<Long> position;

  /// @param position as the part itself tells it; empty if it does not
  Partition(VineryObject object, List<Long> position) {
    this.object = object;
    this.position = List.copyOf(position);
  }

  public ObjectId id() {
    return object.id();
  }

  public String typeName() {
    return object.typeName();
  }

  /// Number of the instance where the part lives.
  public long instanceId() {
    return object.metadata().instanceId();
  }

  /// Whether all bytes of the part are on the daemon's own instance, so that it can be read here.
  public boolean isLocal() {
    return object.isLocal();
  }

  /// Where the part stands in the whole, a number for each dimension; empty if it does not tell.
  public List<Long> position() {
    return position;
  }

  /// Reads the part. The value has a hold of its own.
  ///
  /// @throws dev.vinery.protocol.StoreException if it is not local, or has no such value
  public <T> T value(Class<T> type) {
    return object.value(type);
  }

  @Override
  public String toString() {
    return "Partition[%s %s on instance %s, position %s]"
        .formatted(id(), typeName(), Long.toUnsignedString(instanceId()), position);
  }
}
