package dev.vinery.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Where a run takes place, for the head of its report.
final class Machine {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Path KERNEL = Path.of("/proc/sys/kernel/osrelease");
  private static final double KIB_PER_GIB = 1 << 20;
  private static final long VERSION_SECONDS = 60;

  private Machine() {}

  /// How many processors there are, whether this process may use them or not.
  static int processors() {
    return (int)
        ProcessFile.read(PROCESSORS).lines().filter(line -> line.startsWith("processor")).count();
  }

  static String describe() {
    return "%d × %s, %.0f GiB, Linux %s, Java %s"
        .formatted(
            processors(),
            value(ProcessFile.read(PROCESSORS), "model name"),
            Double.parseDouble(value(ProcessFile.read(MEMORY), "MemTotal").replace(" kB", ""))
                / KIB_PER_GIB,
            ProcessFile.read(KERNEL).strip(),
            Runtime.version());
  }

  private static String value(String text, String key) {
    return text.lines()
        .filter(line -> line.startsWith(key))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .orElse("unknown");
  }

  /// What a program says about its version, in one line.
  static String version(Path program) throws IOException {
    Process process =
        new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor(VERSION_SECONDS, TimeUnit.SECONDS);
      return said.lines().findFirst().orElse("unknown");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + program + " was asked for its version", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
