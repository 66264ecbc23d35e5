package dev.vinery.benchmarks;

import java.nio.file.Path;
import java.util.List;

/// A daemon that can be started, with the official one's flags.
///
/// @param name what tables call it
/// @param fileName what its socket and its log are called
/// @param path the program
record DaemonProgram(String name, String fileName, Path path) {

  /// @param port where it serves TCP
  /// @param memory how much of it clients may use, as the flag `--size` takes it
  List<String> command(Path socket, int port, String memory) {
    return List.of(
        path.toString(),
        "--meta",
        "local",
        "--rpc_socket_port",
        Integer.toString(port),
        "--size",
        memory,
        "--socket",
        socket.toString());
  }
}
