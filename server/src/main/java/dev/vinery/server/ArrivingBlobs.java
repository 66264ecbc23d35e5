package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.util.ArrayList;
import java.util.List;

/// Memory for blobs whose bytes are on their way here, and which are in no table until all of them
/// are there. Guarded by the store lock.
final class ArrivingBlobs {
  private final BlobTable blobs;
  private final MemoryPool pool;
  private final List<Payload> payloads;
  private final List<Blob> reserved;
  private boolean published;

  private ArrivingBlobs(
      BlobTable blobs, MemoryPool pool, List<Payload> payloads, List<Blob> reserved) {
    this.blobs = blobs;
    this.pool = pool;
    this.payloads = payloads;
    this.reserved = reserved;
  }

  /// Reserves memory for blobs of these sizes, or for none of them.
  ///
  /// @throws dev.vinery.protocol.StoreFullException if there is no room
  static ArrivingBlobs reserve(List<Long> sizesBytes, BlobTable blobs, MemoryPool pool) {
    pool.checkRoom(sizesBytes);
    List<Payload> payloads = new ArrayList<>(sizesBytes.size());
    List<Blob> reserved = new ArrayList<>(sizesBytes.size());
    try {
      for (long sizeBytes : sizesBytes) {
        if (sizeBytes == 0) {
          payloads.add(Payload.EMPTY);
        } else {
          Blob blob = blobs.reserve(sizeBytes);
          reserved.add(blob);
          payloads.add(blob.payload(false));
        }
      }
    } catch (StoreException inPieces) {
      reserved.forEach(blobs::discard);
      throw inPieces;
    }
    return new ArrivingBlobs(blobs, pool, payloads, reserved);
  }

  /// One for each size asked for.
  List<Payload> payloads() {
    return payloads;
  }

  /// Where the bytes go, in the order of the sizes; to be filled without the lock.
  BlobBytes bytes() {
    return new BlobBytes(reserved.stream().map(blob -> BlobBytes.Place.of(blob, pool)).toList());
  }

  /// Enters the blobs, sealed, into the table.
  ///
  /// @param waits requests that wait for blobs to be sealed
  /// @throws dev.vinery.protocol.ObjectExistsException if an id is taken: who moves blobs here
  ///   chooses their ids
  void publish(Waits<ObjectId> waits) {
    for (Blob blob : reserved) {
      if (blobs.find(blob.id()) != null) {
        throw StoreException.of(
            Status.OBJECT_EXISTS, "the id " + blob.id() + " was taken meanwhile");
      }
    }
    for (Blob blob : reserved) {
      blobs.publish(blob);
      waits.come(blob.id());
    }
    published = true;
  }

  /// Frees what was not published. Has to be called, whatever happens.
  void end() {
    if (!published) {
      reserved.forEach(blobs::discard);
    }
  }
}
