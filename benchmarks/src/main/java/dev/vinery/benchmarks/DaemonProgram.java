package dev.vinery.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A daemon that can be started, with the official one's flags.
///
/// @param name what tables call it
/// @param fileName what its socket and its log are called
/// @param path the program
/// @param metadata the flags that say where it keeps metadata
record DaemonProgram(String name, String fileName, Path path, List<String> metadata) {
  DaemonProgram {
    metadata = List.copyOf(metadata);
  }

  /// A daemon that shares its metadata with no other.
  DaemonProgram(String name, String fileName, Path path) {
    this(name, fileName, path, List.of("--meta", "local"));
  }

  /// The same daemon as one of a cluster.
  DaemonProgram in(String etcd, String prefix) {
    return new DaemonProgram(
        name, fileName, path, List.of("--etcd_endpoint", etcd, "--etcd_prefix", prefix));
  }

  /// The same daemon with a socket of its own beside others.
  ///
  /// @param number 0 for the first
  DaemonProgram numbered(int number) {
    return number == 0 ? this : new DaemonProgram(name, fileName + number, path, metadata);
  }

  /// @param port where it serves TCP
  /// @param memory how much of it clients may use, as the flag `--size` takes it
  List<String> command(Path socket, int port, String memory) {
    List<String> command = new ArrayList<>();
    command.add(path.toString());
    command.addAll(metadata);
    command.addAll(List.of("--rpc_socket_port", Integer.toString(port)));
    command.addAll(List.of("--size", memory));
    command.addAll(List.of("--socket", socket.toString()));
    return command;
  }
}
