package dev.vinery.protocol;

import java.util.List;

/// Requests about payload bytes in shared memory.
public sealed interface BlobRequest extends Request {
  /// `create_buffer_request`: reserve a blob that only this client sees until it is sealed.
  record Create(long sizeBytes) implements BlobRequest {}

  /// `create_buffers_request`: reserve several blobs, or none if one of them finds no room.
  record CreateMany(List<Long> sizesBytes) implements BlobRequest {
    public CreateMany {
      sizesBytes = List.copyOf(sizesBytes);
    }
  }

  /// `create_disk_buffer_request`: a blob in a file of its own.
  ///
  /// @param path the file, made or enlarged if need be; empty for an anonymous one
  record CreateOnDisk(long sizeBytes, String path) implements BlobRequest {}

  /// `seal_request`: make a blob immutable and visible to everybody.
  record Seal(ObjectId id) implements BlobRequest {}

  /// `get_buffers_request`: where these blobs lie; unknown ones are left out.
  ///
  /// @param unsealed whether blobs that are still written are wanted too (wire field `unsafe`)
  record Get(List<ObjectId> ids, boolean unsealed) implements BlobRequest {
    public Get {
      ids = List.copyOf(ids);
    }
  }

  /// `drop_buffer_request`: give up a blob under construction.
  record Drop(ObjectId id) implements BlobRequest {}

  /// `shrink_buffer_request`: keep only the first bytes of an unsealed blob.
  record Shrink(ObjectId id, long sizeBytes) implements BlobRequest {}

  /// `increase_reference_count_request`: hold these blobs.
  record Hold(List<ObjectId> ids) implements BlobRequest {
    public Hold {
      ids = List.copyOf(ids);
    }
  }

  /// `release_request`: hold this blob no longer.
  record Release(ObjectId id) implements BlobRequest {}
}
