package dev.vinery.server;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.RemoteBlobRequest;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;

/// Payload bytes that travel over the socket. Answers [RemoteBlobRequest]s, by what the connection
/// has to do: a blob under upload is in no table until all its bytes are there, and one under
/// download has a reader more. Guarded by the store lock.
final class RemoteBlobHandler {
  private final BlobTable blobs;
  private final MemoryPool pool;
  private final Waits<ObjectId> waits;
  private final Lock lock;

  /// @param waits requests that wait for blobs to be sealed
  RemoteBlobHandler(BlobTable blobs, MemoryPool pool, Waits<ObjectId> waits, Lock lock) {
    this.blobs = blobs;
    this.pool = pool;
    this.waits = waits;
    this.lock = lock;
  }

  Answer handle(RemoteBlobRequest request) {
    return switch (request) {
      case RemoteBlobRequest.Upload(var sizeBytes, var compressed) -> {
        Reservation reserved = reserve(List.of(sizeBytes));
        Payload only = reserved.payloads().getFirst();
        yield upload(new BlobReply.Created(only, Payload.NO_STORE_FD), reserved, compressed);
      }
      case RemoteBlobRequest.UploadMany(var sizes, var compressed) -> {
        Reservation reserved = reserve(sizes);
        Reply reply = new BlobReply.CreatedMany(reserved.payloads(), List.of());
        yield upload(reply, reserved, compressed);
      }
      case RemoteBlobRequest.Download download -> download(download);
    };
  }

  /// @param payloads one for each size asked for
  /// @param blobs those that are not empty, in the same order
  private record Reservation(List<Payload> payloads, List<Blob> blobs) {}

  private Reservation reserve(List<Long> sizes) {
    pool.checkRoom(sizes);
    List<Payload> payloads = new ArrayList<>(sizes.size());
    List<Blob> reserved = new ArrayList<>(sizes.size());
    try {
      for (long sizeBytes : sizes) {
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
    return new Reservation(payloads, reserved);
  }

  private Answer upload(Reply reply, Reservation reserved, boolean compressed) {
    var incoming = new Incoming(reply, reserved.blobs());
    return new Answer.Upload(reply, bytes(reserved.blobs()), compressed, incoming);
  }

  private Answer download(RemoteBlobRequest.Download request) {
    List<Blob> found = new ArrayList<>(request.ids().size());
    List<Payload> payloads = new ArrayList<>(request.ids().size());
    for (ObjectId id : request.ids()) {
      if (id.equals(ObjectId.EMPTY_BLOB)) {
        payloads.add(Payload.EMPTY);
        continue;
      }
      Blob blob = blobs.find(id);
      if (blob == null) {
        continue;
      }
      if (!blob.sealed() && !request.unsealed()) {
        throw new StoreException(Status.KEY_ERROR, "blob " + id + " is not sealed yet");
      }
      found.add(blob);
      payloads.add(blob.payload(false));
    }
    for (Blob blob : found) {
      blob.addReference();
      blob.addReader();
    }
    var reply = new BlobReply.Found(payloads, List.of(), request.compressed());
    return new Answer.Download(reply, bytes(found), request.compressed(), () -> letGo(found));
  }

  private void letGo(List<Blob> held) {
    lock.lock();
    try {
      for (Blob blob : held) {
        blob.removeReference();
        blob.removeReader();
        blobs.freeIfUnneeded(blob);
      }
    } finally {
      lock.unlock();
    }
  }

  private BlobBytes bytes(List<Blob> of) {
    return new BlobBytes(of.stream().map(blob -> BlobBytes.Place.of(blob, pool)).toList());
  }

  /// Blobs on their way here, which are in no table yet.
  private final class Incoming implements Answer.Arriving {
    private final Reply reply;
    private final List<Blob> reserved;
    private boolean published;

    Incoming(Reply reply, List<Blob> reserved) {
      this.reply = reply;
      this.reserved = reserved;
    }

    @Override
    public Reply publish() {
      lock.lock();
      try {
        for (Blob blob : reserved) {
          if (blobs.find(blob.id()) != null) { // who moves blobs here chooses their ids
            return new Reply.Failed(
                Status.OBJECT_EXISTS, "the id " + blob.id() + " was taken meanwhile");
          }
        }
        for (Blob blob : reserved) {
          blobs.publish(blob);
          waits.come(blob.id());
        }
        published = true;
        return reply;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void end() {
      if (published) {
        return;
      }
      lock.lock();
      try {
        reserved.forEach(blobs::discard);
      } finally {
        lock.unlock();
      }
    }
  }
}
