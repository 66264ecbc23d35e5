package dev.vinery.protocol;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Commands that are known and refused, each with the status that clients expect of a daemon that
/// was built without the feature.
final class UnsupportedCommands {
  static final Map<String, Codec.Reader<Request>> REQUESTS = new HashMap<>();

  static {
    refuse(Status.INVALID, "this command is only a reserved name", List.of("request_fd_request"));
    refuse(
        Status.INVALID,
        "this daemon has no GPU memory",
        List.of("create_gpu_buffer_request", "get_gpu_buffers_request"));
    refuse(
        Status.NOT_IMPLEMENTED,
        "this daemon has no RDMA",
        List.of("release_blobs_with_rdma_request"));
    refuse(
        Status.NOT_IMPLEMENTED,
        "this daemon has no streams yet",
        List.of(
            "create_stream_request",
            "open_stream_request",
            "get_next_stream_chunk_request",
            "push_next_stream_chunk_request",
            "pull_next_stream_chunk_request",
            "stop_stream_request",
            "drop_stream_request"));
  }

  private UnsupportedCommands() {}

  private static void refuse(Status status, String reason, List<String> types) {
    for (String type : types) {
      REQUESTS.put(type, _ -> new Request.Unsupported(type, status, reason));
    }
  }
}
