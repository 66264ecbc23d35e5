package dev.vinery.server;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.ObjectNotSealedException;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.util.ArrayList;
import java.util.List;

/// Payload bytes. Answers [BlobRequest]s. Guarded by the store lock.
final class BlobHandler {
  private final BlobTable blobs;
  private final MemoryPool pool;
  private final Waits<ObjectId> waits;

  /// @param waits requests that wait for blobs to be sealed
  BlobHandler(BlobTable blobs, MemoryPool pool, Waits<ObjectId> waits) {
    this.blobs = blobs;
    this.pool = pool;
    this.waits = waits;
  }

  Reply handle(BlobRequest request, Peer peer) {
    return switch (request) {
      case BlobRequest.Create(var sizeBytes) -> create(sizeBytes, peer);
      case BlobRequest.CreateMany(var sizes) -> createMany(sizes, peer);
      case BlobRequest.Seal(var id) -> seal(id, peer);
      case BlobRequest.Get(var ids, var unsealed) -> get(ids, unsealed, peer);
      case BlobRequest.Drop(var id) -> drop(id, peer);
      case BlobRequest.Shrink(var id, var sizeBytes) -> shrink(id, sizeBytes, peer);
      case BlobRequest.Hold(var ids) -> hold(ids, peer);
      case BlobRequest.Release(var id) -> release(id, peer);
      case BlobRequest.CreateOnDisk _ -> throw new AssertionError("answered by DiskHandler");
    };
  }

  private Reply create(long sizeBytes, Peer peer) {
    if (sizeBytes == 0) {
      return new BlobReply.Created(Payload.EMPTY, Payload.NO_STORE_FD);
    }
    Blob blob = blobs.create(sizeBytes, peer);
    Payload payload = blob.payload(true);
    boolean isNew = peer.introduce(blob.region(), true);
    return new BlobReply.Created(payload, isNew ? payload.storeFd() : Payload.NO_STORE_FD);
  }

  private Reply createMany(List<Long> sizes, Peer peer) {
    pool.checkRoom(sizes);
    List<Blob> created = new ArrayList<>(sizes.size());
    List<Payload> payloads = new ArrayList<>(sizes.size());
    try {
      for (long sizeBytes : sizes) {
        if (sizeBytes == 0) {
          payloads.add(Payload.EMPTY);
        } else {
          Blob blob = blobs.create(sizeBytes, peer);
          created.add(blob);
          payloads.add(blob.payload(true));
        }
      }
    } catch (StoreException inPieces) {
      for (Blob blob : created) {
        blobs.delete(blob);
        peer.forget(blob);
      }
      throw inPieces;
    }
    return new BlobReply.CreatedMany(payloads, introduce(created, true, peer));
  }

  private Reply seal(ObjectId id, Peer peer) {
    if (!id.equals(ObjectId.EMPTY_BLOB)) {
      blobs.seal(blobs.get(id), peer);
      waits.come(id);
    }
    return Reply.Done.SEAL;
  }

  private Reply get(List<ObjectId> ids, boolean unsealed, Peer peer) {
    List<Blob> found = new ArrayList<>(ids.size());
    List<Payload> payloads = new ArrayList<>(ids.size());
    for (ObjectId id : ids) {
      if (id.equals(ObjectId.EMPTY_BLOB)) {
        payloads.add(Payload.EMPTY);
        continue;
      }
      Blob blob = blobs.find(id);
      if (blob == null) {
        continue;
      }
      if (!blob.sealed() && !unsealed) {
        throw new ObjectNotSealedException("blob " + id + " is not sealed yet");
      }
      found.add(blob);
      payloads.add(blob.payload(false));
    }
    boolean indexed = blobs.index().reads(peer);
    for (Blob blob : found) {
      peer.read(blob, blobs);
      if (indexed) {
        blobs.index().publish(blob);
      }
    }
    return new BlobReply.Found(payloads, introduce(found, false, peer));
  }

  private Reply drop(ObjectId id, Peer peer) {
    if (!id.equals(ObjectId.EMPTY_BLOB) && !id.equals(ObjectId.INVALID)) {
      Blob blob = blobs.get(id);
      blobs.delete(blob);
      peer.forget(blob);
    }
    return Reply.Done.DROP_BUFFER;
  }

  private Reply shrink(ObjectId id, long sizeBytes, Peer peer) {
    Blob blob = blobs.get(id);
    if (blob.sealed()) {
      throw new StoreException(Status.OBJECT_SEALED, "blob " + id + " is sealed already");
    }
    if (blob.creator() != peer) {
      // Its writer would go on writing what is somebody else's by then.
      throw new ProtocolException("blob " + id + " is being written by another connection");
    }
    if (sizeBytes > blob.sizeBytes()) {
      throw new ProtocolException(
          "blob " + id + " has " + blob.sizeBytes() + " bytes and cannot grow to " + sizeBytes);
    }
    blobs.shrink(blob, sizeBytes);
    return Reply.Done.SHRINK_BUFFER;
  }

  private Reply hold(List<ObjectId> ids, Peer peer) {
    for (ObjectId id : ids) {
      Blob blob = blobs.find(id);
      if (blob != null) {
        peer.read(blob, blobs);
      }
    }
    return Reply.Done.HOLD;
  }

  private Reply release(ObjectId id, Peer peer) {
    if (peer.booksEmpty()) {
      throw new StoreException(Status.KEY_ERROR, "this connection holds no blob");
    }
    if (!peer.release(id)) {
      throw new ObjectNotFoundException("this connection does not hold blob " + id);
    }
    return Reply.Done.RELEASE;
  }

  /// Returns the keys that the connection did not know, in the order of first occurrence. What has
  /// no bytes is never mapped, so it introduces no file.
  static List<Integer> introduce(List<Blob> blobs, boolean writable, Peer peer) {
    List<Integer> keys = new ArrayList<>(1);
    for (Blob blob : blobs) {
      if (blob.sizeBytes() > 0 && peer.introduce(blob.region(), writable)) {
        keys.add(blob.region().key(writable));
      }
    }
    return keys;
  }
}
