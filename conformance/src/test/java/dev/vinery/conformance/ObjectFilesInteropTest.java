package dev.vinery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.io.ObjectFiles;
import dev.vinery.protocol.ObjectId;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import dev.vinery.types.DataFrame;
import dev.vinery.types.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole objects in directories, written by one of us and the official drivers, read by the other.
final class ObjectFilesInteropTest {
  private static final long MEMORY_BYTES = 64 << 20;

  /// As in `object_files.py`.
  private static final DataFrame FRAME =
      DataFrame.builder()
          .column("n", LongStream.range(0, 1000).toArray())
          .column("r", DoubleStream.iterate(0, r -> r + 0.25).limit(1000).toArray())
          .build();

  private static final Tensor ARRAY =
      Tensor.of(DoubleStream.iterate(0, d -> d + 1).limit(24).toArray()).reshaped(2, 3, 4);

  @TempDir private Path directory;
  private Daemon daemon;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    daemon =
        Daemon.start(
            DaemonOptions.of(directory.resolve("v.sock"), MEMORY_BYTES)
                .withRpcPort(OptionalInt.of(0)));
    client = Vinery.connect(daemon.socket());
  }

  @AfterEach
  void stop() {
    client.close();
    daemon.close();
  }

  private List<String> python(String action, Path files) throws Exception {
    String endpoint = "127.0.0.1:" + daemon.rpcPort().orElseThrow();
    return PythonProcess.run("object_files.py", action, daemon.socket(), endpoint, files);
  }

  @Test
  void theOfficialDriversReadWhatIsWrittenHere() throws Exception {
    Path files = Files.createDirectory(directory.resolve("ours"));
    var objects = new ObjectFiles(client);
    objects.save(client.put(FRAME), files.resolve("frame"));
    objects.save(client.put(ARRAY), files.resolve("array"));

    assertThat(python("load", files)).contains("frame is equal", "array is equal");
  }

  @Test
  void whatTheOfficialDriversWriteIsReadHere() throws Exception {
    Path files = Files.createDirectory(directory.resolve("theirs"));
    python("save", files);

    var objects = new ObjectFiles(client);
    ObjectId frame = objects.load(files.resolve("frame"));
    ObjectId array = objects.load(files.resolve("array"));
    try (DataFrame found = client.get(frame, DataFrame.class);
        Tensor tensor = client.get(array, Tensor.class)) {
      assertThat(found.columnNames()).containsExactly("n", "r");
      assertThat(found.tensor("n")).isEqualTo(FRAME.tensor("n"));
      assertThat(found.tensor("r")).isEqualTo(FRAME.tensor("r"));
      assertThat(tensor).isEqualTo(ARRAY);
    }
  }
}
