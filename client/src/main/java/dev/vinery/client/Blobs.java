package dev.vinery.client;

import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/// How blobs come into the store and out of it: the only difference between the doors of a daemon.
/// Safe for use by several threads.
sealed interface Blobs permits LocalBlobs, RemoteBlobs {
  /// Writers of new blobs, in the order of their sizes; all of them or none.
  ///
  /// @param sizesBytes each at least 0
  List<BlobWriter> createMany(List<Long> sizesBytes);

  /// Those of these blobs that exist, each with a hold of its own.
  SequencedMap<ObjectId, Blob> getAll(Collection<ObjectId> ids);

  default Blob get(ObjectId id) {
    Blob blob = getAll(List.of(id)).get(id);
    if (blob == null) {
      throw new ObjectNotFoundException("there is no blob " + id);
    }
    return blob;
  }

  /// An object and a hold on all its blobs of this instance, if both can be had without asking.
  Optional<Read> read(ObjectId object);

  /// Those of these blobs that exist, with one hold on all of them.
  Held hold(Set<ObjectId> ids);

  /// Whether blobs can come along with the metadata of their object.
  boolean comeAlong();

  /// Takes note of blobs that came along, for the [#hold] that follows. The caller holds the
  /// connection's lock.
  void arrived(List<Payload> payloads);

  /// Makes blobs and has their bytes written; all of them or none.
  ///
  /// @param drafts each of at least 1 byte
  Batch write(List<Draft.OfBlob> drafts);

  /// What can be read without asking the daemon, if it lets us.
  Optional<LocalIndex> index();

  /// Gives up what is unsealed, and ends the connection as soon as nothing is held.
  void leave();

  /// An object with its blobs.
  record Read(Metadata metadata, Held held) {}

  /// Blobs that are held together.
  ///
  /// @param segments their bytes, views of `hold`
  /// @param again takes another hold, on some of them
  record Held(
      SequencedMap<ObjectId, MemorySegment> segments,
      Hold hold,
      Function<Set<ObjectId>, Held> again) {}

  /// Blobs of one draft, written and on their way into the store.
  interface Batch {
    /// Their ids, in the order of the drafts.
    List<ObjectId> ids();

    /// What makes them readable for everybody; sent along with what creates their objects.
    List<Request> seals();

    /// What lets go of them when their objects are there.
    List<Request> releases();

    /// Takes note that the requests above have left. The caller holds the connection's lock.
    void sent();
  }
}
