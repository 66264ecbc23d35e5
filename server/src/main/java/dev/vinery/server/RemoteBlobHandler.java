package dev.vinery.server;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.ObjectExistsException;
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
        ArrivingBlobs arriving = ArrivingBlobs.reserve(List.of(sizeBytes), blobs, pool);
        Payload only = arriving.payloads().getFirst();
        yield upload(new BlobReply.Created(only, Payload.NO_STORE_FD), arriving, compressed);
      }
      case RemoteBlobRequest.UploadMany(var sizes, var compressed) -> {
        ArrivingBlobs arriving = ArrivingBlobs.reserve(sizes, blobs, pool);
        Reply reply = new BlobReply.CreatedMany(arriving.payloads(), List.of());
        yield upload(reply, arriving, compressed);
      }
      case RemoteBlobRequest.Download download -> download(download);
    };
  }

  private Answer upload(Reply reply, ArrivingBlobs arriving, boolean compressed) {
    return new Answer.Upload(reply, arriving.bytes(), compressed, new Incoming(reply, arriving));
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
    var bytes = new BlobBytes(found.stream().map(blob -> BlobBytes.Place.of(blob, pool)).toList());
    return new Answer.Download(reply, bytes, request.compressed(), () -> letGo(found));
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

  /// Blobs that a client sends.
  private final class Incoming implements Answer.Arriving {
    private final Reply reply;
    private final ArrivingBlobs arriving;

    Incoming(Reply reply, ArrivingBlobs arriving) {
      this.reply = reply;
      this.arriving = arriving;
    }

    @Override
    public Reply publish() {
      lock.lock();
      try {
        arriving.publish(waits);
        return reply;
      } catch (ObjectExistsException taken) {
        return new Reply.Failed(taken.status(), taken.detail());
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void end() {
      lock.lock();
      try {
        arriving.end();
      } finally {
        lock.unlock();
      }
    }
  }
}
