package dev.vinery.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How to start another process of the Java that runs this one.
final class ThisJvm {
  private static final String MODULE = "dev.vinery.cli";

  private ThisJvm() {}

  /// The command line of another process with the same options, if they can be seen, else with
  /// those that no process can do without.
  static List<String> command(Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options());
    command.add("-m");
    command.add(MODULE + "/" + main.getName());
    command.addAll(arguments);
    return command;
  }

  private static List<String> options() {
    List<String> own = ProcessHandle.current().info().arguments().map(List::of).orElse(List.of());
    int end = own.indexOf("-m");
    return end >= 0
        ? own.subList(0, end)
        : List.of(
            "--module-path",
            System.getProperty("jdk.module.path", ""),
            "--enable-native-access=dev.vinery.posix,com.github.luben.zstd_jni");
  }
}
