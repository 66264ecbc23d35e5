package dev.vinery.benchmarks;

import dev.vinery.arrow.ArrowMemory;
import dev.vinery.arrow.BatchReader;
import dev.vinery.arrow.DataFrameStream;
import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.io.Drivers;
import dev.vinery.io.OpenedStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/// Opens a file as a stream again and again, and prints how many milliseconds each time went by
/// until a reader had rows. A process of its own, since the first time in a JVM is the slowest.
final class FirstChunk {
  private static final double NANOS_PER_MILLI = 1e6;

  private FirstChunk() {}

  public static void main(String[] arguments) throws Exception {
    try (Client client = Vinery.connect(Path.of(arguments[0]));
        BufferAllocator memory =
            ArrowMemory.views().newChildAllocator("reader", 0, Long.MAX_VALUE)) {
      for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
        System.out.println(millis(client, memory, arguments[1]));
      }
    }
  }

  private static double millis(Client client, BufferAllocator memory, String file)
      throws IOException {
    long start = System.nanoTime();
    try (OpenedStream stream = Drivers.of(client).open(file, Map.of("header_row", "true"))) {
      long first;
      try (BatchReader reader =
          client.get(stream.id(), DataFrameStream.class).read(client, memory)) {
        if (!reader.loadNextBatch() || reader.getVectorSchemaRoot().getRowCount() == 0) {
          throw new IllegalStateException("the stream has no rows");
        }
        first = System.nanoTime();
      }
      stream.drop();
      return (first - start) / NANOS_PER_MILLI;
    }
  }

  /// Runs this in a new process.
  ///
  /// @return milliseconds, in order
  static List<Double> measure(SideBySide daemons, Path file, int times) throws IOException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-opens=java.base/java.nio=org.apache.arrow.memory.core",
                "--enable-native-access=dev.vinery.posix,com.github.luben.zstd_jni",
                "--module-path",
                System.getProperty("jdk.module.path"), // what this very process was started with
                "--module",
                "dev.vinery.benchmarks/" + FirstChunk.class.getName(),
                daemons.daemon(Side.OURS).socket().toString(),
                file.toString(),
                Integer.toString(times))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("opening " + file + " failed: see above");
    }
    List<Double> millis = new ArrayList<>();
    output.lines().forEach(line -> millis.add(Double.parseDouble(line)));
    return millis;
  }
}
