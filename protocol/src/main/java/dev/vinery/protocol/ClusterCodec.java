package dev.vinery.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// [ClusterRequest] and [ClusterReply] as JSON.
final class ClusterCodec {
  private static final String INSTANCES = "cluster_meta"; // the request and the reply
  private static final String STATUS = "instance_status_request";
  private static final String DEBUG = "debug_command";
  private static final String ACQUIRE_LOCK = "acquire_lock_request";
  private static final String RELEASE_LOCK = "release_lock_request";

  private static final String STATUS_REPLY = "instance_status_reply";
  private static final String DEBUG_REPLY = "debug_reply";
  private static final String ACQUIRE_LOCK_REPLY = "acquire_lock_reply";
  private static final String RELEASE_LOCK_REPLY = "release_lock_reply";

  static final Map<String, Codec.Reader<ClusterRequest>> REQUESTS =
      Map.of(
          INSTANCES, _ -> new ClusterRequest.Instances(),
          STATUS, _ -> new ClusterRequest.InstanceStatus(),
          DEBUG, _ -> new ClusterRequest.Debug(),
          ACQUIRE_LOCK, in -> new ClusterRequest.AcquireLock(in.text("key")),
          RELEASE_LOCK, in -> new ClusterRequest.ReleaseLock(in.text("key")));

  static final Map<String, Codec.Reader<ClusterReply>> REPLIES =
      Map.of(
          INSTANCES, in -> new ClusterReply.Instances(instances(in.fields("meta"))),
          STATUS_REPLY, in -> status(in.fields("meta")),
          DEBUG_REPLY, _ -> new ClusterReply.Debugged(),
          ACQUIRE_LOCK_REPLY,
              in -> new ClusterReply.LockAcquired(in.flag("result"), in.text("key")),
          RELEASE_LOCK_REPLY, in -> new ClusterReply.LockReleased(in.flag("result")));

  private ClusterCodec() {}

  static void write(ClusterRequest request, JsonWriter out) {
    switch (request) {
      case ClusterRequest.Instances() -> out.field(Codec.TYPE, INSTANCES);
      case ClusterRequest.InstanceStatus() -> out.field(Codec.TYPE, STATUS);
      case ClusterRequest.Debug() -> out.name("debug").nothing().field(Codec.TYPE, DEBUG);
      case ClusterRequest.AcquireLock(var key) ->
          out.field("key", key).field(Codec.TYPE, ACQUIRE_LOCK);
      case ClusterRequest.ReleaseLock(var key) ->
          out.field("key", key).field(Codec.TYPE, RELEASE_LOCK);
    }
  }

  static void write(ClusterReply reply, JsonWriter out) {
    switch (reply) {
      case ClusterReply.Instances(var instances) -> {
        out.name("meta").beginObject();
        instances.forEach((key, fields) -> out.name(key).value(fields));
        out.endObject().field(Codec.TYPE, INSTANCES);
      }
      case ClusterReply.InstanceStatus status -> write(status, out);
      case ClusterReply.LockAcquired(var acquired, var key) ->
          out.field("key", key).field("result", acquired).field(Codec.TYPE, ACQUIRE_LOCK_REPLY);
      case ClusterReply.LockReleased(var released) ->
          out.field("result", released).field(Codec.TYPE, RELEASE_LOCK_REPLY);
      case ClusterReply.Debugged() -> out.name("result").nothing().field(Codec.TYPE, DEBUG_REPLY);
    }
  }

  private static void write(ClusterReply.InstanceStatus status, JsonWriter out) {
    out.name("meta")
        .beginObject()
        .field("deferred_requests", status.deferredRequests())
        .field("deployment", status.deployment())
        .field("instance_id", status.instanceId())
        .field("ipc_connections", status.ipcConnections())
        .field("memory_limit", status.memoryLimitBytes())
        .field("memory_usage", status.memoryUsageBytes())
        .field("rpc_connections", status.rpcConnections());
    if (!status.vinery().isEmpty()) {
      out.field("vinery", status.vinery());
    }
    out.endObject().field(Codec.TYPE, STATUS_REPLY);
  }

  private static SequencedMap<String, Json.Fields> instances(Json.Fields in) {
    var instances = new LinkedHashMap<String, Json.Fields>();
    in.values().keySet().forEach(key -> instances.put(key, in.fields(key)));
    return instances;
  }

  private static ClusterReply status(Json.Fields in) {
    return new ClusterReply.InstanceStatus(
        in.whole("instance_id"),
        in.text("deployment"),
        in.whole("memory_usage"),
        in.whole("memory_limit"),
        in.whole("deferred_requests"),
        in.whole("ipc_connections"),
        in.whole("rpc_connections"),
        in.text("vinery", ""));
  }
}
