package dev.vinery.cli;

import dev.vinery.metadata.MetadataBackend;
import dev.vinery.posix.Limits;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.UnixSocket;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import dev.vinery.server.StreamOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// How a daemon is to run, made from flags and environment, and what its owner should know first.
/// Immutable.
///
/// @param options for the daemon
/// @param metadata where metadata is kept, as `--meta` names it
/// @param shared how to open the metadata store that is shared with other daemons, if there is one
/// @param portGiven whether the TCP port was chosen, so that no daemon is wanted without it
/// @param warnings one line each
record DaemonSetup(
    DaemonOptions options,
    String metadata,
    Optional<MetadataBackend.Options> shared,
    boolean portGiven,
    List<String> warnings) {
  /// What clients may store where no limit of the machine can be read, as with the reference
  /// daemon.
  static final long FALLBACK_SIZE_BYTES = 16L << 30;

  /// A day.
  private static final long MAX_META_TIMEOUT_SECONDS = 86_400;

  private static final Path SYSTEM_SOCKET = Path.of("/var/run/vineyard.sock");
  private static final Path USER_SOCKET = Path.of(".local/vineyard/vineyard.sock");
  private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

  DaemonSetup {
    warnings = List.copyOf(warnings);
  }

  /// Decides how to run.
  ///
  /// @throws UsageException if the flags ask for what cannot be, in one line
  static DaemonSetup of(FlagValues flags, Map<String, String> environment) {
    refuseMissing(flags);
    List<String> warnings = new ArrayList<>();
    warnOfLater(flags, environment, warnings);
    long memoryBytes = memoryBytes();
    long sizeBytes = sizeBytes(flags, memoryBytes);
    warnOfSize(sizeBytes, memoryBytes, warnings);
    String hostname = hostname(environment);
    DaemonOptions options;
    try {
      options =
          new DaemonOptions(
              socket(flags, environment),
              socketMode(flags),
              sizeBytes,
              hostname,
              named(environment, "MY_NODE_NAME", hostname),
              flags.text(DaemonFlags.DEPLOYMENT),
              flags.text(DaemonFlags.ETCD_PREFIX),
              flags.on(DaemonFlags.RESERVE_MEMORY),
              flags.on(DaemonFlags.HUGE_PAGES),
              flags.on(DaemonFlags.COMPRESSION),
              rpcPort(flags),
              streams(flags),
              Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    return new DaemonSetup(
        options,
        flags.text(DaemonFlags.META),
        shared(flags, options.rpcPort()),
        flags.given(DaemonFlags.RPC_SOCKET_PORT),
        warnings);
  }

  /// The line that tells that a daemon so set up serves its clients.
  String readiness(Daemon daemon) {
    OptionalInt rpcPort = daemon.rpcPort();
    return "%s is ready: socket=%s rpc=%s memory=%s huge-pages=%s metadata=%s pid=%d"
        .formatted(
            Version.DAEMON,
            options.socket(),
            rpcPort.isPresent() ? options.hostname() + ":" + rpcPort.getAsInt() : "off",
            ByteSize.print(options.memoryLimitBytes()),
            daemon.hugePages() ? "on" : options.hugePages() ? "unavailable" : "off",
            metadata,
            ProcessHandle.current().pid());
  }

  /// What would be unsafe or pointless to run without.
  private static void refuseMissing(FlagValues flags) {
    if (flags.changed(DaemonFlags.HTPASSWD)) {
      throw new UsageException(
          "--htpasswd: passwords are not checked in this version, so the daemon does not start with"
              + " them; who may connect is limited by --socket_mode=700");
    }
    String meta = flags.text(DaemonFlags.META);
    switch (meta) {
      case "etcd", "local" -> {}
      case "redis" ->
          throw new UsageException(
              "--meta=redis: there is no module for Redis in this version; use --meta=etcd, or"
                  + " --meta=local");
      default -> throw new UsageException("--meta must be etcd or local, not '" + meta + "'");
    }
  }

  private static Optional<MetadataBackend.Options> shared(FlagValues flags, OptionalInt rpcPort) {
    if (flags.text(DaemonFlags.META).equals("local")) {
      return Optional.empty();
    }
    String prefix = flags.text(DaemonFlags.ETCD_PREFIX);
    if (prefix.isBlank() || prefix.endsWith("/")) {
      throw new UsageException(
          "--etcd_prefix must be a text that does not end with a slash, not '" + prefix + "'");
    }
    long seconds = flags.whole(DaemonFlags.META_TIMEOUT);
    if (seconds < 0 || seconds > MAX_META_TIMEOUT_SECONDS) {
      throw new UsageException(
          "--meta_timeout must be from 0 to %d seconds, not %d"
              .formatted(MAX_META_TIMEOUT_SECONDS, seconds));
    }
    return Optional.of(
        new MetadataBackend.Options(
            flags.text(DaemonFlags.ETCD_ENDPOINT),
            prefix,
            Duration.ofSeconds(seconds),
            !flags.on(DaemonFlags.SKIP_LAUNCH_ETCD),
            given(flags, DaemonFlags.ETCD_CMD),
            given(flags, DaemonFlags.ETCD_DATA_DIR)
                .map(directory -> Path.of(directory).toAbsolutePath()),
            rpcPort));
  }

  private static Optional<String> given(FlagValues flags, Flag flag) {
    return Optional.of(flags.text(flag)).filter(text -> !text.isEmpty());
  }

  private static void warnOfLater(
      FlagValues flags, Map<String, String> environment, List<String> warnings) {
    List<String> later =
        DaemonFlags.all().stream()
            .filter(flag -> flag.support() == Flag.Support.LATER && flags.changed(flag))
            .map(flag -> "--" + flag.name())
            .collect(Collectors.toCollection(ArrayList::new));
    if ("1".equals(environment.get("VINEYARD_SYNC_CRDS"))) {
      later.add("VINEYARD_SYNC_CRDS");
    }
    if (!later.isEmpty()) {
      warnings.add("without effect in this version: " + String.join(", ", later));
    }
  }

  private static OptionalInt rpcPort(FlagValues flags) {
    if (!flags.on(DaemonFlags.RPC)) {
      return OptionalInt.empty();
    }
    long port = flags.whole(DaemonFlags.RPC_SOCKET_PORT);
    if (port < 0 || port > DaemonOptions.MAX_PORT) {
      throw new UsageException(
          "--rpc_socket_port must be from 0 to %d, not %d".formatted(DaemonOptions.MAX_PORT, port));
    }
    return OptionalInt.of((int) port);
  }

  private static long sizeBytes(FlagValues flags, long memoryBytes) {
    String text = flags.text(DaemonFlags.SIZE);
    if (text.isBlank()) {
      return memoryBytes;
    }
    try {
      long bytes = ByteSize.parse(text);
      return bytes <= 0 ? memoryBytes : bytes;
    } catch (IllegalArgumentException e) {
      throw new UsageException("--size: " + e.getMessage());
    }
  }

  /// What this process can have at most: the memory of its control group, or else of the host.
  private static long memoryBytes() {
    try {
      return Math.min(Limits.cgroupMemoryLimitBytes(), Limits.memoryBytes());
    } catch (PosixException unknown) {
      return FALLBACK_SIZE_BYTES;
    }
  }

  private static void warnOfSize(long sizeBytes, long memoryBytes, List<String> warnings) {
    if (sizeBytes > memoryBytes) {
      warnings.add(
          "clients may store %s, but there is memory for %s: a full store may be killed by the system"
              .formatted(ByteSize.print(sizeBytes), ByteSize.print(memoryBytes)));
    }
  }

  private static Path socket(FlagValues flags, Map<String, String> environment) {
    String given = flags.text(DaemonFlags.SOCKET);
    if (!given.isEmpty()) {
      return requireShort(Path.of(given).toAbsolutePath());
    }
    Path directory = SYSTEM_SOCKET.getParent();
    if (directory != null && Files.isWritable(directory)) {
      return SYSTEM_SOCKET;
    }
    String home = environment.getOrDefault("HOME", "");
    if (home.isEmpty()) {
      throw new UsageException(
          "%s may not be made and there is no HOME; say where to listen with --socket=PATH"
              .formatted(SYSTEM_SOCKET));
    }
    return requireShort(Path.of(home).resolve(USER_SOCKET));
  }

  private static Path requireShort(Path socket) {
    int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > UnixSocket.PATH_BYTES_MAX) {
      throw new UsageException(
          "--socket=%s: the path of a socket may have %d bytes, this one has %d; choose a shorter one"
              .formatted(socket, UnixSocket.PATH_BYTES_MAX, bytes));
    }
    return socket;
  }

  private static StreamOptions streams(FlagValues flags) {
    return new StreamOptions(
        flags.whole(DaemonFlags.STREAM_THRESHOLD), StreamOptions.DEFAULT.returnTime());
  }

  private static int socketMode(FlagValues flags) {
    String text = flags.text(DaemonFlags.SOCKET_MODE);
    try {
      return Integer.parseInt(text, 8);
    } catch (NumberFormatException e) {
      throw new UsageException(
          "--socket_mode must be permission bits such as 700 or 777, not '" + text + "'");
    }
  }

  private static String hostname(Map<String, String> environment) {
    String hostname = named(environment, "MY_HOST_NAME", kernelHostname());
    if (hostname.contains(":")) {
      throw new UsageException(
          "MY_HOST_NAME must be a name or an IPv4 address, not '%s': clients cut its endpoint at the colon"
              .formatted(hostname));
    }
    return hostname;
  }

  private static String named(Map<String, String> environment, String variable, String otherwise) {
    String named = environment.getOrDefault(variable, "");
    return named.isEmpty() ? otherwise : named;
  }

  private static String kernelHostname() {
    try {
      return Files.readString(HOSTNAME).strip();
    } catch (IOException unknown) {
      return "localhost";
    }
  }
}
