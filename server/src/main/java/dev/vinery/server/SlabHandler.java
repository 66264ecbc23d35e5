package dev.vinery.server;

import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.SlabReply;
import dev.vinery.protocol.SlabRequest;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StoreFullException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Lock;

/// Whole memory files lent to allocators of clients. Answers [SlabRequest]s.
///
/// A slab belongs to its connection until it is finished; the blobs made of it are unsealed and
/// belong to the connection too. Files are made and punched without the store lock.
final class SlabHandler {
  /// Slabs that one connection may have at a time.
  static final int MAX_SLABS = 64;

  private final Lock storeLock;
  private final BlobTable blobs;
  private final long memoryLimitBytes;

  SlabHandler(Lock storeLock, BlobTable blobs, long memoryLimitBytes) {
    this.storeLock = storeLock;
    this.blobs = blobs;
    this.memoryLimitBytes = memoryLimitBytes;
  }

  Reply handle(SlabRequest request, Peer peer) {
    return switch (request) {
      case SlabRequest.Make(var sizeBytes) ->
          make(sizeBytes == SlabRequest.Make.MEMORY_LIMIT ? memoryLimitBytes : sizeBytes, peer);
      case SlabRequest.Finish finish -> finish(finish, peer);
    };
  }

  private Reply make(long sizeBytes, Peer peer) {
    if (sizeBytes == 0) {
      throw new ProtocolException("a slab needs a size");
    }
    if (sizeBytes > memoryLimitBytes) {
      throw new StoreFullException(
          "wanted a slab of %d bytes, the limit is %d bytes"
              .formatted(sizeBytes, memoryLimitBytes));
    }
    Region region;
    try {
      region = Region.anonymous("vinery-slab", sizeBytes);
    } catch (PosixException e) {
      throw new StoreFullException("cannot make a slab: " + e.getMessage());
    }
    storeLock.lock();
    try {
      if (peer.slabCount() >= MAX_SLABS) {
        region.release();
        throw new StoreFullException("a connection may have " + MAX_SLABS + " slabs at a time");
      }
      peer.lend(region);
      peer.introduce(region, true);
      int key = region.key(true);
      return new SlabReply.Made(key, sizeBytes, 0, List.of(key));
    } finally {
      storeLock.unlock();
    }
  }

  private Reply finish(SlabRequest.Finish finish, Peer peer) {
    List<Long> offsets = finish.offsets();
    List<Long> sizes = finish.sizesBytes();
    if (offsets.size() != sizes.size()) {
      throw new StoreException(
          Status.USER_INPUT_ERROR,
          "there are %d offsets and %d sizes".formatted(offsets.size(), sizes.size()));
    }
    Region region;
    storeLock.lock();
    try {
      region = peer.slab(finish.storeFd());
      if (region == null) {
        throw new ObjectNotFoundException(
            "this connection has no unfinished slab " + finish.storeFd());
      }
      for (int i = 0; i < offsets.size(); i++) {
        checkInside(offsets.get(i), sizes.get(i), region);
      }
      for (int i = 0; i < offsets.size(); i++) {
        blobs.createIn(region, offsets.get(i), sizes.get(i), peer);
      }
      peer.takeBack(finish.storeFd());
    } finally {
      storeLock.unlock();
    }
    try {
      punchGaps(region, offsets, sizes);
    } catch (PosixException e) {
      // The pages stay until the slab goes: more memory than needed, and nothing wrong.
    } finally {
      storeLock.lock();
      try {
        region.release();
      } finally {
        storeLock.unlock();
      }
    }
    return Reply.Done.FINISH_SLAB;
  }

  private static void checkInside(long offset, long sizeBytes, Region region) {
    if (sizeBytes == 0 || offset > region.sizeBytes() || sizeBytes > region.sizeBytes() - offset) {
      throw new ProtocolException(
          "a piece of %d bytes at %d does not lie in a slab of %d bytes"
              .formatted(sizeBytes, offset, region.sizeBytes()));
    }
  }

  /// Gives back the whole pages that no blob covers.
  private static void punchGaps(Region region, List<Long> offsets, List<Long> sizes)
      throws PosixException {
    record Piece(long from, long to) {}
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < offsets.size(); i++) {
      pieces.add(new Piece(offsets.get(i), offsets.get(i) + sizes.get(i)));
    }
    pieces.add(new Piece(region.sizeBytes(), region.sizeBytes()));
    pieces.sort(Comparator.comparingLong(Piece::from));
    long page = SharedMemory.pageSize();
    long end = 0;
    for (Piece piece : pieces) {
      long from = (end + page - 1) / page * page;
      long to = piece.from / page * page;
      if (from < to) {
        SharedMemory.punchHole(region.descriptor(true), from, to - from);
      }
      end = Math.max(end, piece.to);
    }
  }
}
