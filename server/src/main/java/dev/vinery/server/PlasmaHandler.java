package dev.vinery.server;

import dev.vinery.protocol.ObjectExistsException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.ObjectNotSealedException;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.PlasmaPayload;
import dev.vinery.protocol.PlasmaReply;
import dev.vinery.protocol.PlasmaRequest;
import dev.vinery.protocol.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Blobs that clients find by a text of their own, and that are gone when the last of them lets go.
/// Answers [PlasmaRequest]s. Guarded by the store lock.
final class PlasmaHandler {
  private final BlobTable blobs;
  private final Map<String, Named> byPlasmaId = new HashMap<>();
  private final Map<Blob, String> plasmaIds = new HashMap<>();

  private record Named(Blob blob, long plasmaSizeBytes) {}

  PlasmaHandler(BlobTable blobs) {
    this.blobs = blobs;
  }

  Reply handle(PlasmaRequest request, Peer peer) {
    return switch (request) {
      case PlasmaRequest.Create(var id, var sizeBytes, var plasmaSizeBytes) ->
          create(id, sizeBytes, plasmaSizeBytes, peer);
      case PlasmaRequest.Get(var ids, var unsealed) -> get(ids, unsealed, peer);
      case PlasmaRequest.Seal(var id) -> seal(id, peer);
      case PlasmaRequest.Release(var id) -> release(id, peer);
      case PlasmaRequest.Delete(var id) -> delete(id, peer);
    };
  }

  /// Finds a blob for another session to borrow.
  @Nullable Blob find(String plasmaId) {
    Named named = byPlasmaId.get(plasmaId);
    return named == null ? null : named.blob;
  }

  /// Makes a sealed blob over the bytes of a blob of another session.
  void borrow(String plasmaId, Blob lender) {
    ObjectId id = blobs.freshId();
    blobs.borrow(id, lender);
    add(plasmaId, new Named(blobs.get(id), lender.sizeBytes()));
  }

  private Reply create(String plasmaId, long sizeBytes, long plasmaSizeBytes, Peer peer) {
    if (sizeBytes == 0) {
      return new PlasmaReply.Created(
          ObjectId.INVALID, new PlasmaPayload("", 0, 0, Payload.EMPTY), Payload.NO_STORE_FD);
    }
    checkUnused(plasmaId);
    Blob blob = blobs.create(sizeBytes, peer);
    try {
      checkUnused(plasmaId); // again, because reserving memory may have waited without the lock
    } catch (ObjectExistsException other) {
      blobs.delete(blob);
      peer.forget(blob);
      throw other;
    }
    Named named = new Named(blob, plasmaSizeBytes);
    add(plasmaId, named);
    PlasmaPayload payload = payload(plasmaId, named, true);
    boolean isNew = peer.introduce(blob.region(), true);
    return new PlasmaReply.Created(
        blob.id(), payload, isNew ? payload.payload().storeFd() : Payload.NO_STORE_FD);
  }

  private void checkUnused(String plasmaId) {
    if (find(plasmaId) != null) {
      throw new ObjectExistsException("there is a plasma blob '" + plasmaId + "' already");
    }
  }

  private Reply get(List<String> plasmaIds, boolean unsealed, Peer peer) {
    List<Blob> found = new ArrayList<>(plasmaIds.size());
    List<PlasmaPayload> payloads = new ArrayList<>(plasmaIds.size());
    for (String plasmaId : plasmaIds) {
      Blob blob = find(plasmaId);
      if (blob == null) {
        continue;
      }
      if (!blob.sealed() && !unsealed) {
        throw new ObjectNotSealedException("plasma blob '" + plasmaId + "' is not sealed yet");
      }
      found.add(blob);
    }
    found.forEach(blob -> peer.read(blob, blobs));
    for (String plasmaId : plasmaIds) {
      Named named = byPlasmaId.get(plasmaId);
      if (named != null) {
        payloads.add(payload(plasmaId, named, false));
      }
    }
    return new PlasmaReply.Found(payloads, BlobHandler.introduce(found, false, peer));
  }

  private Reply seal(String plasmaId, Peer peer) {
    blobs.seal(get(plasmaId), peer);
    return Reply.Done.SEAL;
  }

  private Reply release(String plasmaId, Peer peer) {
    Blob blob = get(plasmaId);
    if (!peer.release(blob.id())) {
      throw new ObjectNotFoundException(
          "this connection does not hold plasma blob '" + plasmaId + "'");
    }
    if (blob.sealed() && blob.references() == 0) {
      remove(plasmaId, blob);
    }
    return Reply.Done.PLASMA_RELEASE;
  }

  private Reply delete(String plasmaId, Peer peer) {
    Blob blob = get(plasmaId);
    remove(plasmaId, blob);
    peer.forget(blob);
    return Reply.Done.PLASMA_DELETE;
  }

  /// Forgets, of the blobs that an ended connection had to do with, those that are deleted or that
  /// it was the last to hold.
  void left(Collection<Blob> touched) {
    for (Blob blob : touched) {
      String plasmaId = plasmaIds.get(blob);
      if (plasmaId != null && (blob.deleted() || blob.references() == 0)) {
        remove(plasmaId, blob);
      }
    }
  }

  private void add(String plasmaId, Named named) {
    byPlasmaId.put(plasmaId, named);
    plasmaIds.put(named.blob, plasmaId);
  }

  private void remove(String plasmaId, Blob blob) {
    byPlasmaId.remove(plasmaId);
    plasmaIds.remove(blob);
    blobs.delete(blob);
  }

  private Blob get(String plasmaId) {
    Blob blob = find(plasmaId);
    if (blob == null) {
      throw new ObjectNotFoundException("no plasma blob has the id '" + plasmaId + "'");
    }
    return blob;
  }

  private static PlasmaPayload payload(String plasmaId, Named named, boolean writable) {
    return new PlasmaPayload(
        plasmaId, named.plasmaSizeBytes, named.blob.references(), named.blob.payload(writable));
  }
}
