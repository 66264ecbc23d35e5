package dev.vinery.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What daemons and clients of this process leave in it: open sockets and memory files, mappings of
/// these, and threads.
///
/// @param descriptors what they are, without their numbers, sorted
/// @param mappings how often a memory file is mapped
/// @param threads names of the daemons' threads, sorted; how many wait for clients does not count;
///   threads that wait for clients count as one
record Traces(List<String> descriptors, long mappings, List<String> threads) {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Path MAPPINGS = Path.of("/proc/self/maps");

  static final Traces NONE = new Traces(List.of(), 0, List.of());

  static Traces now() {
    return new Traces(openDescriptors(), mappedMemoryFiles(), daemonThreads());
  }

  private static long mappedMemoryFiles() {
    try (Stream<String> all = Files.lines(MAPPINGS)) {
      return all.filter(line -> line.contains("/memfd:vinery")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> openDescriptors() {
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.map(Traces::target)
          .filter(Traces::isOfDaemonOrClient)
          .map(target -> target.replaceAll("[0-9]+", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  /// Others are of the Java runtime, which opens files when it likes.
  private static boolean isOfDaemonOrClient(String target) {
    return target.startsWith("socket:")
        || target.startsWith("anon_inode:")
        || target.startsWith("/memfd:vinery")
        || target.startsWith(System.getProperty("java.io.tmpdir"));
  }

  private static List<String> daemonThreads() {
    List<String> names =
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.startsWith("vinery-"))
            .map(name -> name.replaceAll("[0-9]+", ""))
            .sorted()
            .toList();
    Stream<String> waiting = names.stream().filter(Traces::waits).distinct();
    return Stream.concat(waiting, names.stream().filter(name -> !waits(name))).toList();
  }

  private static boolean waits(String threadName) {
    return threadName.startsWith("vinery-accept-");
  }
}
