package dev.vinery.client;

import dev.vinery.protocol.IndexEntry;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.PinTable;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SharedIndex;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
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
  private final MemorySegment memory;
  private final Connection connection;
  private final Map<ObjectId, Known> known = new ConcurrentHashMap<>();

  /// What was read of an object before, which is as good as new while the entry's stamp is the
  /// same.
  ///
  /// @param places of all its blobs of this instance; null until somebody wants them, or if the
  ///   index does not know them all
  record Known(long stamp, Metadata metadata, @Nullable List<Place> places) {}

  /// Where a blob is in the pool, which is true while its entry stands. Of many objects these are
  /// in no cache of the processor, so they refer to nothing.
  record Place(long blobId, long stamp, long offset, long sizeBytes) {
    private static final Place EMPTY =
        new Place(ObjectId.EMPTY_BLOB.value(), SharedIndex.NONE, 0, 0);

    ObjectId blob() {
      return new ObjectId(blobId);
    }

    /// The blob of length zero is everywhere and needs no pin.
    private boolean isEmpty() {
      return blobId == EMPTY.blobId;
    }
  }

  private LocalIndex(SessionReply.Index reply, Connection connection) {
    this.index = new SharedIndex.Reader(connection.files().readable(reply.index()));
    this.pins = new PinTable(connection.files().writable(reply.pins()));
    this.memory = connection.files().readable(reply.pool());
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
    return Optional.ofNullable(find(id)).map(Known::metadata);
  }

  private @Nullable Known find(ObjectId id) {
    Known before = known.get(id);
    if (before != null && index.stands(id.value(), before.stamp())) {
      return before;
    }
    long stamp = index.find(id.value());
    if (stamp == SharedIndex.NONE) {
      return null;
    }
    if (read(id.value(), stamp) instanceof IndexEntry.Described(var metadata)) {
      var found = new Known(stamp, metadata, null);
      remember(id, found);
      return found;
    }
    return null;
  }

  /// Finds an object with the places of all its blobs, which are to be pinned then. The caller
  /// holds the connection's lock.
  ///
  /// @return null if the index does not know all of that
  @Nullable Known findLocated(ObjectId id) {
    Known found = find(id);
    if (found == null || found.places() != null) {
      return found;
    }
    List<Place> places = new ArrayList<>();
    long instanceId = connection.registered().instanceId();
    for (ObjectId blob : VineryObject.blobsOf(found.metadata(), instanceId)) {
      Place place = locate(blob);
      if (place == null) {
        return null;
      }
      places.add(place);
    }
    var located = new Known(found.stamp(), found.metadata(), List.copyOf(places));
    remember(id, located);
    return located;
  }

  /// Forgets where an object's blobs are.
  void forget(ObjectId id) {
    known.remove(id);
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

  /// Finds a blob, which is to be pinned then. The caller holds the connection's lock.
  ///
  /// @return null if the index does not know it
  @Nullable Place locate(ObjectId blob) {
    if (blob.equals(ObjectId.EMPTY_BLOB)) {
      return Place.EMPTY;
    }
    long stamp = index.find(blob.value());
    return stamp != SharedIndex.NONE
            && read(blob.value(), stamp) instanceof IndexEntry.Place(var offset, var sizeBytes)
        ? place(blob, stamp, offset, sizeBytes)
        : null;
  }

  private Place place(ObjectId blob, long stamp, long offset, long sizeBytes) {
    if (offset < 0 || sizeBytes < 0 || sizeBytes > memory.byteSize() - offset) {
      throw new ProtocolException(
          "blob " + blob + " lies outside its memory file of " + memory.byteSize() + " bytes");
    }
    return new Place(blob.value(), stamp, offset, sizeBytes);
  }

  /// The bytes of a blob, which may be read while it is pinned.
  MemorySegment part(Place place) {
    return memory.asSlice(place.offset(), place.sizeBytes());
  }

  /// Pins blobs. If that fails some may be pinned all the same, so [#unpin] follows in any case.
  /// The caller holds the connection's lock.
  ///
  /// @return whether they can be read now
  boolean pin(List<Place> places) {
    // Pinned first, and looked at again then: see PinTable.
    for (Place place : places) {
      if (!place.isEmpty() && !pins.pin(place.blob())) {
        return false;
      }
    }
    if (!pins.counts() || connection.ended()) {
      return false;
    }
    for (Place place : places) {
      if (!place.isEmpty() && !index.stands(place.blobId(), place.stamp())) {
        return false;
      }
    }
    return true;
  }

  /// Ends a pin, if there is one. The caller holds the connection's lock.
  ///
  /// @return whether the daemon knows of it, so that it has to be told
  boolean unpin(ObjectId blob) {
    return pins.unpin(blob) == PinTable.End.CLAIMED;
  }
}
