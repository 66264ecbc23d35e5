package dev.vinery.server;

import dev.vinery.protocol.ExtentReply;
import dev.vinery.protocol.ExtentRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.StoreFullException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Memory lent to clients, and the blobs and objects that they make with it. Answers
/// [ExtentRequest]s.
///
/// What a client writes into an extent is nobody's until it is put; then its blobs are sealed and
/// its objects are there, at one moment. Guarded by the store lock.
final class ExtentHandler {
  /// Extents that one connection may have at a time.
  static final int MAX_EXTENTS = 64;

  /// Bytes of one extent.
  static final long MAX_EXTENT_BYTES = 1 << 20;

  /// Bytes that are worth lending.
  private static final long MIN_EXTENT_BYTES = 4 << 10;

  /// An extent takes one part in so many of the room that is left.
  private static final int SHARE = 64;

  private final BlobTable blobs;
  private final MemoryPool pool;
  private final ObjectHandler objects;
  private final Waits<ObjectId> waits;

  /// @param waits requests that wait for blobs to be sealed
  ExtentHandler(BlobTable blobs, MemoryPool pool, ObjectHandler objects, Waits<ObjectId> waits) {
    this.blobs = blobs;
    this.pool = pool;
    this.objects = objects;
    this.waits = waits;
  }

  Reply handle(ExtentRequest request, Peer peer) {
    return switch (request) {
      case ExtentRequest.Lease(var sizeBytes) -> lease(sizeBytes, peer);
      case ExtentRequest.Return(var number) -> {
        Extent extent = find(number, peer);
        peer.takeBackExtent(number);
        extent.end();
        yield Reply.Done.RETURN_EXTENT;
      }
      case ExtentRequest.Put put -> put(put, peer);
    };
  }

  private Reply lease(long wantedBytes, Peer peer) {
    if (peer.extentCount() >= MAX_EXTENTS) {
      throw new StoreFullException("a connection may have " + MAX_EXTENTS + " extents at a time");
    }
    long sizeBytes =
        Math.min(Math.min(wantedBytes, MAX_EXTENT_BYTES), pool.freeBytes() / SHARE)
            & -ExtentRequest.ALIGNMENT_BYTES;
    if (sizeBytes < MIN_EXTENT_BYTES) {
      throw new StoreFullException(
          "wanted an extent of %d bytes, %d bytes are free"
              .formatted(wantedBytes, pool.freeBytes()));
    }
    Extent extent = Extent.lease(pool, sizeBytes);
    int number = peer.lend(extent);
    Region region = pool.region();
    boolean isNew = peer.introduce(region, true);
    var memory =
        new Payload(
            ObjectId.INVALID,
            region.key(true),
            extent.offset(),
            sizeBytes,
            region.mapSizeBytes(),
            0,
            false,
            true);
    return new ExtentReply.Leased(number, memory, isNew ? region.key(true) : Payload.NO_STORE_FD);
  }

  private Reply put(ExtentRequest.Put put, Peer peer) {
    List<Long> sizes = put.sizesBytes();
    @Nullable Extent extent = sizes.isEmpty() ? null : find(put.extent(), peer);
    if (extent != null) {
      extent.check(put.offset(), sizes);
    }
    List<ObjectId> ids = new ArrayList<>(sizes.size());
    for (int i = 0; i < sizes.size(); i++) {
      ids.add(blobs.freshId());
    }
    ObjectHandler.Planned planned = objects.plan(put.contents(), ids);
    for (int i = 0; extent != null && i < sizes.size(); i++) {
      long sizeBytes = sizes.get(i);
      blobs.publish(blobs.at(ids.get(i), extent.cut(sizeBytes), sizeBytes));
      waits.come(ids.get(i));
    }
    objects.add(planned);
    List<ObjectId> made = new ArrayList<>(planned.tops().size());
    planned.tops().forEach(object -> made.add(object.id()));
    return new ExtentReply.Stored(ids, made);
  }

  private static Extent find(int number, Peer peer) {
    Extent extent = peer.extent(number);
    if (extent == null) {
      throw new ObjectNotFoundException("this connection has no extent " + number);
    }
    return extent;
  }
}
