package dev.vinery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.ObjectId;
import dev.vinery.types.DataFrame;
import dev.vinery.types.GlobalDataFrame;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The command `vinery` as it is installed, with files whose libraries it loads only then: in
/// buckets, with keys in the environment, and of ORC.
final class BucketCommandInteropTest {
  private static final long ROWS = 1000;
  private static final Path COMMAND = Path.of("..", "vinery").toAbsolutePath().normalize();

  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon(64 << 20);

  @TempDir private Path directory;

  /// @return what it printed
  private static String vinery(Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(COMMAND.toString()));
    command.addAll(List.of(arguments));
    command.add("--socket=" + DAEMON.socket());
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("exit status of %s", command).isZero();
    return output.strip();
  }

  /// Writes a stream of numbers to a file, reads that as a frame, and adds them up.
  private void assertThatRowsGoThrough(Map<String, String> environment, String uri)
      throws Exception {
    Path rows =
        Files.writeString(
            directory.resolve("rows.csv"),
            LongStream.range(0, ROWS).mapToObj(Long::toString).collect(Collectors.joining("\n")));
    try (Client client = DAEMON.connect()) {
      Process opening =
          new ProcessBuilder(
                  COMMAND.toString(), "open", rows.toString(), "--socket=" + DAEMON.socket())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String stream = opening.inputReader(StandardCharsets.UTF_8).readLine();
      vinery(environment, "open", uri, "--mode=w", stream);
      assertThat(opening.waitFor()).isZero();

      String frame = vinery(environment, "open", uri, "--accumulate");
      try (GlobalDataFrame whole = client.get(ObjectId.parse(frame), GlobalDataFrame.class);
          DataFrame part = whole.partitions().getFirst().value(DataFrame.class)) {
        assertThat(LongStream.of(part.tensor("f0").toLongArray()).sum())
            .isEqualTo(ROWS * (ROWS - 1) / 2);
      }
    }
  }

  @Test
  void keysAndEndpointAreFoundInTheEnvironment() throws Exception {
    try (SignedStore store = SignedStore.start(directory.resolve("log"))) {
      var environment =
          Map.of(
              "AWS_ACCESS_KEY_ID", store.key(),
              "AWS_SECRET_ACCESS_KEY", store.secret(),
              "AWS_ENDPOINT_URL", store.address(),
              "AWS_DEFAULT_REGION", "us-east-1");
      assertThatRowsGoThrough(environment, "s3://" + store.bucket() + "/rows.parquet");
    }
  }

  @Test
  void filesOfOrcAreReadAndWritten() throws Exception {
    assertThatRowsGoThrough(Map.of(), directory.resolve("rows.orc").toString());
  }
}
