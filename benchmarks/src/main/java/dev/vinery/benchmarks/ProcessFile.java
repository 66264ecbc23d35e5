package dev.vinery.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/// What the kernel tells about a process under `/proc`.
final class ProcessFile {
  /// How long one tick of the times in `stat` is: `USER_HZ` is 100 on every Linux.
  static final Duration TICK = Duration.ofMillis(10);

  private static final Path PROC = Path.of("/proc");
  private static final int USER_TICKS = 11; // fields of stat behind the name, which is the second
  private static final int SYSTEM_TICKS = 12;
  private static final long BYTES_PER_KB = 1024;

  private ProcessFile() {}

  /// Processor time of all threads of a process, those that have ended too.
  static Duration cpuTime(long pid) {
    return cpuTime(read(PROC.resolve(pid + "/stat")));
  }

  static Duration cpuTime(String stat) {
    // The name of the program stands in brackets and may itself hold blanks and brackets.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
    return TICK.multipliedBy(ticks);
  }

  /// Processor time of the living threads of a process, to the nanosecond.
  static Duration livingThreadsTime(long pid) {
    long nanos = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(PROC.resolve(pid + "/task"))) {
      for (Path thread : threads) {
        nanos += threadNanos(thread);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Duration.ofNanos(nanos);
  }

  private static long threadNanos(Path thread) throws IOException {
    try {
      return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ", -1)[0]);
    } catch (NoSuchFileException ended) {
      return 0;
    }
  }

  /// A line of `status` that is a size: `VmRSS`, `RssAnon`, `RssShmem`.
  ///
  /// @return the size in bytes
  static long statusBytes(long pid, String key) {
    return Long.parseLong(status(pid, key).replace(" kB", "")) * BYTES_PER_KB;
  }

  static int threads(long pid) {
    return Integer.parseInt(status(pid, "Threads"));
  }

  private static String status(long pid, String key) {
    return read(PROC.resolve(pid + "/status"))
        .lines()
        .filter(line -> line.startsWith(key + ":"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + key + " in the status of " + pid))
        .substring(key.length() + 1)
        .strip();
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
