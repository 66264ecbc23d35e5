package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import org.jspecify.annotations.Nullable;

/// One piece of memory that clients know by an id.
///
/// It begins unsealed and belongs to the connection that made it; sealed, it belongs to everybody.
/// Deleted, nobody finds it any more, but its bytes stay until the last reader lets go. A million
/// of these stand in one heap, hence the packed fields. Guarded by the store lock.
final class Blob {
  /// The block of a blob that does not lie in the pool.
  static final int NO_BLOCK = -1;

  private final long id;
  private final Region region;
  private final int block;
  private final long offset;
  private long sizeBytes;
  private int readers;
  private int references;
  private short pins;
  private boolean sealed;
  private boolean deleted;
  private boolean owner = true;
  private @Nullable Peer creator;
  private @Nullable Owners owners;
  private @Nullable Blob lender;

  Blob(ObjectId id, Region region, int block, long offset, long sizeBytes, @Nullable Peer creator) {
    this.id = id.value();
    this.region = region;
    this.block = block;
    this.offset = offset;
    this.sizeBytes = sizeBytes;
    this.creator = creator;
    this.sealed = creator == null;
  }

  /// A blob over the same bytes in another session. The lender stays held until this one is freed.
  static Blob borrowed(ObjectId id, Blob lender) {
    Blob blob = new Blob(id, lender.region, NO_BLOCK, lender.offset, lender.sizeBytes, null);
    blob.lender = lender;
    lender.readers++;
    lender.owner = false;
    return blob;
  }

  ObjectId id() {
    return new ObjectId(id);
  }

  Region region() {
    return region;
  }

  int block() {
    return block;
  }

  long offset() {
    return offset;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  void shrink(long newSizeBytes) {
    sizeBytes = newSizeBytes;
  }

  boolean sealed() {
    return sealed;
  }

  /// The connection that is writing the blob; none once it is sealed.
  @Nullable Peer creator() {
    return creator;
  }

  void seal() {
    sealed = true;
    creator = null;
  }

  /// Ends the creator's claim on a blob that will never be sealed.
  void abandon() {
    creator = null;
  }

  boolean deleted() {
    return deleted;
  }

  void delete() {
    deleted = true;
  }

  /// How many connections, and blobs of other sessions, rely on the bytes.
  int readers() {
    return readers;
  }

  void addReader() {
    readers++;
  }

  void removeReader() {
    Invariant.check(readers > 0, "a blob was released more often than held");
    readers--;
  }

  /// How many connections have the blob in their books, readers or not.
  int references() {
    return references;
  }

  void addReference() {
    references++;
  }

  void removeReference() {
    Invariant.check(references > 0, "a blob was released more often than held");
    references--;
  }

  boolean pinned() {
    return pins > 0;
  }

  void pin() {
    pins = (short) Math.min(pins + 1, Short.MAX_VALUE);
  }

  void unpin() {
    pins = (short) Math.max(pins - 1, 0);
  }

  @Nullable Blob lender() {
    return lender;
  }

  boolean hasOwners() {
    return owners != null;
  }

  Owners owners() {
    return owners == null ? Owners.NONE : owners;
  }

  void addOwner(LiveObject object) {
    owners = owners().plus(object);
  }

  void removeOwner(LiveObject object) {
    Owners rest = owners().minus(object);
    owners = rest.isEmpty() ? null : rest;
  }

  /// Whether nobody needs the bytes any more.
  boolean isFree() {
    return deleted && readers == 0 && creator == null;
  }

  Payload payload(boolean writable) {
    return new Payload(
        id(), region.key(writable), offset, sizeBytes, region.mapSizeBytes(), 0, sealed, owner);
  }
}
