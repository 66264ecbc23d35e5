package dev.vinery.protocol;

import java.util.List;

/// Requests of clients of the daemon's host that make small blobs by themselves, in an *extent*:
/// memory of the pool that is lent to one connection. Only for a client that was told at its
/// registration that it may.
///
/// Blobs are made of an extent from its front on, each from the next multiple of
/// [#ALIGNMENT_BYTES], so both sides know where the next one begins.
public sealed interface ExtentRequest extends Request {
  /// What the places of blobs in an extent are multiples of, in bytes.
  int ALIGNMENT_BYTES = 64;

  /// `vinery_lease_request`: lend me memory.
  ///
  /// @param sizeBytes how much is wanted; it may be less
  record Lease(long sizeBytes) implements ExtentRequest {}

  /// `vinery_return_request`: I make no more blobs of this extent.
  record Return(int extent) implements ExtentRequest {}

  /// `vinery_put_request`: make sealed blobs of what is written at the front of an extent, and
  /// objects; all of them or none.
  ///
  /// @param extent where the blobs are; anything if there are none
  /// @param offset where the first blob begins, in bytes from the start of the extent; if that is
  ///   not its front, the request is refused
  /// @param sizesBytes lengths of the blobs, each at least 1
  /// @param contents trees; a member can be a blob or an object of this very request: [#BLOB],
  ///   [#OBJECT]
  record Put(int extent, long offset, List<Long> sizesBytes, List<Json> contents)
      implements ExtentRequest {
    /// Names a blob of this request, by its index.
    public static final String BLOB = "vinery_blob";

    /// Names an object of this request, by its index; it stands before its owner.
    public static final String OBJECT = "vinery_object";

    public Put {
      sizesBytes = List.copyOf(sizesBytes);
      contents = List.copyOf(contents);
    }
  }

  /// How many bytes of an extent a blob of this length takes.
  static long taken(long sizeBytes) {
    return (sizeBytes + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
  }
}
