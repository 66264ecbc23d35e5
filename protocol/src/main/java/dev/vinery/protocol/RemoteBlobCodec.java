package dev.vinery.protocol;

import java.util.Map;

/// [RemoteBlobRequest] as JSON. The replies are those of [BlobCodec].
final class RemoteBlobCodec {
  private static final String UPLOAD = "create_remote_buffer_request";
  private static final String UPLOAD_MANY = "create_remote_buffers_request";
  private static final String DOWNLOAD = "get_remote_buffers_request";

  static final Map<String, Codec.Reader<Request>> REQUESTS =
      Map.of(
          UPLOAD,
          overTheSocket(
              UPLOAD,
              in -> new RemoteBlobRequest.Upload(in.count("size"), in.flag("compress", false))),
          UPLOAD_MANY,
          overTheSocket(
              UPLOAD_MANY,
              in ->
                  new RemoteBlobRequest.UploadMany(in.counts("sizes"), in.flag("compress", false))),
          DOWNLOAD,
          overTheSocket(
              DOWNLOAD,
              in ->
                  new RemoteBlobRequest.Download(
                      BlobCodec.numberedIds(in),
                      in.flag("unsafe", false),
                      in.flag("compress", false))));

  private RemoteBlobCodec() {}

  /// Clients may ask for the bytes to bypass the socket; this daemon cannot.
  private static Codec.Reader<Request> overTheSocket(
      String type, Codec.Reader<RemoteBlobRequest> reader) {
    return in ->
        in.flag("use_rdma", false)
            ? new Request.Unsupported(type, Status.NOT_IMPLEMENTED, "this daemon has no RDMA")
            : reader.apply(in);
  }

  static void write(RemoteBlobRequest request, JsonWriter out) {
    switch (request) {
      case RemoteBlobRequest.Upload(var sizeBytes, var compressed) ->
          out.field("compress", compressed).field("size", sizeBytes).field(Codec.TYPE, UPLOAD);
      case RemoteBlobRequest.UploadMany(var sizes, var compressed) ->
          out.field("compress", compressed)
              .field("num", sizes.size())
              .numbers("sizes", sizes)
              .field(Codec.TYPE, UPLOAD_MANY);
      case RemoteBlobRequest.Download(var ids, var unsealed, var compressed) -> {
        BlobCodec.numbered(ids, out);
        out.field("compress", compressed)
            .field("num", ids.size())
            .field(Codec.TYPE, DOWNLOAD)
            .field("unsafe", unsealed);
      }
    }
    out.field("use_rdma", false);
  }
}
