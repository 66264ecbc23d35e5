package dev.vinery.client;

import dev.vinery.protocol.IndexEntry;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.PinTable;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SharedIndex;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What one connection can read without asking the daemon: its [SharedIndex], and the pins that
/// keep blobs in place meanwhile. What is not found here may be there all the same.
///
/// Looking up is safe for use by several threads; pins are guarded by the connection's lock.
final class LocalIndex {
  /// Objects whose metadata is kept as a tree; when there are more, all are forgotten.
  private static final int MAX_KNOWN = 1 << 14;

  private final SharedIndex.Reader index;
  private final PinTable pins;
  private final Payload pool;
  private final Connection connection;
  private final Map<ObjectId, Known> known = new ConcurrentHashMap<>();

  /// Metadata that was read before, which is as good as new while the entry's stamp is the same.
  private record Known(long stamp, Metadata metadata) {}

  private LocalIndex(SessionReply.Index reply, Connection connection) {
    this.index = new SharedIndex.Reader(connection.files().readable(reply.index()));
    this.pins = new PinTable(connection.files().writable(reply.pins()));
    this.pool = reply.pool();
    this.connection = connection;
  }

  /// Asks the daemon for its index. The caller holds the connection's lock.
  static LocalIndex open(Connection connection) {
    var reply = connection.call(new SessionRequest.Index(), SessionReply.Index.class);
    return new LocalIndex(reply, connection);
  }

  boolean contains(ObjectId id) {
    return index.find(id.value()) != SharedIndex.NONE;
  }

  Optional<Metadata> metadata(ObjectId id) {
    long stamp = index.find(id.value());
    if (stamp == SharedIndex.NONE) {
      return Optional.empty();
    }
    Known before = known.get(id);
    if (before != null && before.stamp() == stamp) {
      return Optional.of(before.metadata());
    }
    if (read(id.value(), stamp) instanceof IndexEntry.Described(var metadata)) {
      remember(id, new Known(stamp, metadata));
      return Optional.of(metadata);
    }
    return Optional.empty();
  }

  private @Nullable IndexEntry read(long key, long stamp) {
    return index.read(key, stamp).flatMap(IndexEntry::read).orElse(null);
  }

  private void remember(ObjectId id, Known found) {
    if (known.size() >= MAX_KNOWN) {
      known.clear();
    }
    known.put(id, found);
  }

  Optional<ObjectId> name(String name) {
    long key = SharedIndex.keyOfName(name);
    long stamp = index.find(key);
    return stamp != SharedIndex.NONE
            && read(key, stamp) instanceof IndexEntry.Named(var found, var id)
            && found.equals(name) // and not another one with the same key
        ? Optional.of(id)
        : Optional.empty();
  }

  /// Finds and pins a blob. If that fails it may be pinned all the same, so [#unpin] follows in any
  /// case. The caller holds the connection's lock.
  ///
  /// @return its bytes, or null
  @Nullable MemorySegment pin(ObjectId blob) {
    long stamp = index.find(blob.value());
    if (stamp == SharedIndex.NONE) {
      return null;
    }
    // Pinned first, and looked at again then: see PinTable.
    return read(blob.value(), stamp) instanceof IndexEntry.Place(var offset, var sizeBytes)
            && pins.pin(blob)
            && pins.counts()
            && index.stands(blob.value(), stamp)
            && !connection.ended()
        ? connection.files().readable(payload(blob, offset, sizeBytes))
        : null;
  }

  private Payload payload(ObjectId blob, long offset, long sizeBytes) {
    return new Payload(blob, pool.storeFd(), offset, sizeBytes, pool.mapSizeBytes(), 0, true, true);
  }

  /// Ends a pin, if there is one. The caller holds the connection's lock.
  ///
  /// @return whether the daemon knows of it, so that it has to be told
  boolean unpin(ObjectId blob) {
    return pins.unpin(blob) == PinTable.End.CLAIMED;
  }
}
