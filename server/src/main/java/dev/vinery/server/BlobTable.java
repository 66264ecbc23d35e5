package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import org.jspecify.annotations.Nullable;

/// The blobs of one session, by id, and the rules of their life.
///
/// A blob's bytes are freed when it is deleted *and* no connection reads it *and* nobody is still
/// writing it. So a reader's bytes never change under its eyes, and a client that dies leaves
/// nothing behind: its connection gives up what it read and what it was writing.
///
/// Who seals a blob has it in the books but is not a reader: the official Python client seals,
/// never releases, and lives long, and would keep everything that others delete. Who deletes a blob
/// gives up its own reading of it, for the same reason.
///
/// Guarded by the store lock.
final class BlobTable {
  private final MemoryPool pool;
  private final IdGenerator ids;
  private final LongMap<Blob> blobs = new LongMap<>();
  private final IndexKeeper index;

  /// @param shared whether other daemons share the session
  BlobTable(MemoryPool pool, IdGenerator ids, boolean shared) {
    this.pool = pool;
    this.ids = ids;
    this.index = new IndexKeeper(shared);
  }

  int size() {
    return blobs.size();
  }

  /// What clients of the session can read without a request.
  IndexKeeper index() {
    return index;
  }

  LongMap<Blob> all() {
    return blobs;
  }

  @Nullable Blob find(ObjectId id) {
    return blobs.get(id.value());
  }

  Blob get(ObjectId id) {
    Blob blob = find(id);
    if (blob == null) {
      throw new ObjectNotFoundException("no blob has the id " + id);
    }
    return blob;
  }

  /// Makes an unsealed blob in the pool.
  ///
  /// @param sizeBytes at least 1
  Blob create(long sizeBytes, Peer creator) {
    int block = pool.allocate(sizeBytes);
    Blob blob = new Blob(freshId(), pool.region(), block, pool.offset(block), sizeBytes, creator);
    add(blob);
    creator.writes(blob, this);
    return blob;
  }

  /// Makes a blob in the pool that nobody finds yet. [#publish] or [#discard] follows.
  ///
  /// @param sizeBytes at least 1
  Blob reserve(long sizeBytes) {
    return at(freshId(), pool.allocate(sizeBytes), sizeBytes);
  }

  /// Makes a blob over a block whose bytes are written. [#publish] follows.
  ///
  /// @param id from [#freshId]
  Blob at(ObjectId id, int block, long sizeBytes) {
    return new Blob(id, pool.region(), block, pool.offset(block), sizeBytes, null);
  }

  /// Enters a reserved blob, whose id must be free still, sealed.
  void publish(Blob reserved) {
    add(reserved);
  }

  /// Frees a reserved blob.
  void discard(Blob reserved) {
    reserved.delete();
    freeIfUnneeded(reserved);
  }

  /// Makes an unsealed blob over a piece of another memory file, of which it becomes a user.
  Blob createIn(Region region, long offset, long sizeBytes, Peer creator) {
    Blob blob = new Blob(freshId(), region, Blob.NO_BLOCK, offset, sizeBytes, creator);
    region.hold();
    add(blob);
    creator.writes(blob, this);
    return blob;
  }

  /// Makes a sealed blob over the bytes of a blob of another session.
  void borrow(ObjectId id, Blob lender) {
    add(Blob.borrowed(id, lender));
  }

  /// Makes a blob immutable; whoever does so has it in the books from now on. If that is not who
  /// was writing it, the writer reads it from now on: it may still write, and not into another's
  /// bytes.
  void seal(Blob blob, Peer peer) {
    finish(blob, peer);
    peer.note(blob, this);
  }

  /// Makes a blob immutable as [#seal] does, without entering it into the books of who does so: the
  /// books of who writes a long stream would grow with it.
  void finish(Blob blob, Peer peer) {
    Peer creator = blob.creator();
    if (creator != null) {
      creator.wrote(blob);
      blob.seal();
      if (creator != peer) {
        creator.read(blob, this);
      }
    }
  }

  /// Keeps only the first bytes of an unsealed blob.
  void shrink(Blob blob, long sizeBytes) {
    if (blob.block() != Blob.NO_BLOCK) {
      pool.shrink(blob.block(), blob.sizeBytes(), sizeBytes);
    }
    blob.shrink(sizeBytes);
    index.changed(blob);
  }

  /// Hides a blob from everybody and frees its bytes as soon as nobody needs them.
  void delete(Blob blob) {
    if (!blob.deleted()) {
      blob.delete();
      blobs.remove(blob.id().value());
      index.changed(blob);
      index.claim(blob, this);
      freeIfUnneeded(blob);
    }
  }

  /// Frees the bytes of a deleted blob that nobody needs any more. To be called after every change
  /// that might make it so.
  void freeIfUnneeded(Blob blob) {
    if (!blob.isFree()) {
      return;
    }
    Blob lender = blob.lender();
    if (lender != null) {
      lender.removeReader();
      freeIfUnneeded(lender);
    } else if (blob.block() != Blob.NO_BLOCK) {
      pool.free(blob.block(), blob.sizeBytes());
    } else {
      blob.region().release();
    }
  }

  /// Deletes everything, as a session ends.
  void clear() {
    for (Blob blob : blobs.values()) {
      delete(blob);
    }
  }

  /// Draws ids until one is free: clients choose the ids of blobs that they move here.
  ObjectId freshId() {
    ObjectId id = ids.blob();
    while (blobs.containsKey(id.value())) {
      id = ids.blob();
    }
    return id;
  }

  private void add(Blob blob) {
    Blob before = blobs.put(blob.id().value(), blob);
    Invariant.check(before == null, "a blob id was issued twice");
  }
}
