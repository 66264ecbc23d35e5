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
  }

  private UnsupportedCommands() {}

  private static void refuse(Status status, String reason, List<String> types) {
    for (String type : types) {
      REQUESTS.put(type, _ -> new Request.Unsupported(type, status, reason));
    }
  }
}
