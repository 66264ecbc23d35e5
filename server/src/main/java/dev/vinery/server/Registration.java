package dev.vinery.server;

import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.concurrent.ThreadLocalRandom;

/// What a daemon publishes of itself. Immutable.
///
/// @param hostId a number that tells this daemon from all others
/// @param hostname how peers call the host
/// @param nodename how the cluster calls the host
/// @param rpcEndpoint where other hosts connect, `host:port`, or [ClusterHandler#NO_ENDPOINT]
/// @param ipcSocket path of the socket for processes of the host
/// @param member which part of the metadata store's back end ends with this daemon, if one does
record Registration(
    long hostId,
    String hostname,
    String nodename,
    String rpcEndpoint,
    String ipcSocket,
    OptionalLong member) {
  static final String HOST_ID = "hostid";
  static final String IPC_SOCKET = "ipc_socket";
  static final String MEMBER_ID = "member_id";
  static final String RPC_ENDPOINT = "rpc_endpoint";
  static final String TIMESTAMP = "timestamp";

  static Registration of(DaemonOptions options, String rpcEndpoint) {
    return new Registration(
        // No secret, so it need not come from a secure source, which takes long to load.
        ThreadLocalRandom.current().nextLong(Long.MAX_VALUE),
        options.hostname(),
        options.nodename(),
        rpcEndpoint,
        options.socket().toString(),
        options.sharedMetadata().map(MetadataStore::member).orElse(OptionalLong.empty()));
  }

  /// The fields as upstream's daemons publish them.
  SequencedMap<String, Json> fields(Instant now) {
    SequencedMap<String, Json> fields = new LinkedHashMap<>();
    fields.put(HOST_ID, Json.Whole.unsigned(hostId));
    fields.put("hostname", new Json.Text(hostname));
    fields.put(IPC_SOCKET, new Json.Text(ipcSocket));
    member.ifPresent(id -> fields.put(MEMBER_ID, new Json.Text(Long.toUnsignedString(id))));
    fields.put("nodename", new Json.Text(nodename));
    fields.put(RPC_ENDPOINT, new Json.Text(rpcEndpoint));
    fields.put(TIMESTAMP, timestamp(now));
    return fields;
  }

  /// Seconds above, microseconds below, each in 32 bits.
  static Json timestamp(Instant now) {
    return Json.Whole.signed((now.getEpochSecond() << 32) | (now.getNano() / 1000));
  }
}
