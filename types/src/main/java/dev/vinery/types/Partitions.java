package dev.vinery.types;

import dev.vinery.client.VineryObject;
import dev.vinery.protocol.ObjectId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The parts of a value that is spread over the instances of a cluster: named when it is made, held
/// when it was got. Immutable.
final class Partitions implements AutoCloseable {
  private final List<ObjectId> ids;
  private final List<Partition> got;
  private final @Nullable VineryObject whole;

  private Partitions(List<ObjectId> ids, List<Partition> got, @Nullable VineryObject whole) {
    this.ids = List.copyOf(ids);
    this.got = List.copyOf(got);
    this.whole = whole;
  }

  /// Parts that are stored already.
  static Partitions named(List<ObjectId> ids) {
    return new Partitions(ids, List.of(), null);
  }

  /// Parts of an object, which they take over.
  static Partitions of(VineryObject whole, List<Partition> parts) {
    return new Partitions(parts.stream().map(Partition::id).toList(), parts, whole);
  }

  List<ObjectId> ids() {
    return ids;
  }

  /// Those that were got; none of a value that was made.
  List<Partition> got() {
    return got;
  }

  @Override
  public void close() {
    if (whole != null) {
      whole.close();
    }
  }
}
