package dev.vinery.protocol;

import java.util.List;

/// Requests about payload bytes that travel over the socket itself, outside of frames.
///
/// Compressed bytes are those of one [BlobCompressor] for the whole request.
public sealed interface RemoteBlobRequest extends Request {
  /// `create_remote_buffer_request`: make a blob of the bytes that follow the first reply. The
  /// reply, a [BlobReply.Created], comes twice: when there is room for them, and when all are
  /// there.
  ///
  /// @param compressed whether the bytes come compressed (wire field `compress`)
  record Upload(long sizeBytes, boolean compressed) implements RemoteBlobRequest {}

  /// `create_remote_buffers_request`: as [Upload], for several blobs or none of them. The bytes
  /// come back to back; the reply is a [BlobReply.CreatedMany].
  record UploadMany(List<Long> sizesBytes, boolean compressed) implements RemoteBlobRequest {
    public UploadMany {
      sizesBytes = List.copyOf(sizesBytes);
    }
  }

  /// `get_remote_buffers_request`: send these blobs; unknown ones are left out. The reply is a
  /// [BlobReply.Found], and behind it come the bytes of its payloads, back to back.
  ///
  /// @param unsealed whether blobs that are still written are wanted too (wire field `unsafe`)
  /// @param compressed whether the bytes are wanted compressed (wire field `compress`)
  record Download(List<ObjectId> ids, boolean unsealed, boolean compressed)
      implements RemoteBlobRequest {
    public Download {
      ids = List.copyOf(ids);
    }
  }
}
