package dev.vinery.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.ObjectId;
import dev.vinery.types.DataFrame;
import dev.vinery.types.GlobalDataFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Whole objects in directories.
final class ObjectFilesTest {
  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon(64 << 20);

  private static final DataFrame FRAME =
      DataFrame.builder()
          .column("from", "SIN", "ZRH", "")
          .column("minutes", 795L, 130L, -1L)
          .column("real", 0.5, 1.5, Double.NaN)
          .build();

  @TempDir private Path directory;

  @Test
  void anObjectComesBackEqual() throws IOException {
    Path file = directory.resolve("frame");
    try (Client client = DAEMON.connect()) {
      var files = new ObjectFiles(client);
      files.save(client.put(FRAME), file);
      ObjectId back = files.load(file);

      try (DataFrame frame = client.get(back, DataFrame.class)) {
        assertThat(frame).isEqualTo(FRAME);
      }
      assertThat(client.getMetadata(back).isTransient()).isFalse();
      assertThat(file.resolve("1-0/__values_-value-1/buffer_/blob")).exists();
      assertThatThrownBy(() -> files.save(back, file)).hasMessage(file + ": it exists already");
      try (var left = Files.list(directory)) {
        assertThat(left).containsExactly(file);
      }
    }
  }

  @Test
  void aGlobalObjectComesBackWithItsParts() throws IOException {
    Path file = directory.resolve("whole");
    try (Client client = DAEMON.connect()) {
      var files = new ObjectFiles(client);
      List<ObjectId> parts = List.of(client.put(FRAME), client.put(FRAME));
      parts.forEach(client::persist);
      files.save(client.put(GlobalDataFrame.of(parts)), file);

      try (var whole = client.get(files.load(file), GlobalDataFrame.class)) {
        assertThat(whole.partitions())
            .hasSize(2)
            .allSatisfy(part -> {
              try (DataFrame frame = part.value(DataFrame.class)) {
                assertThat(frame).isEqualTo(FRAME);
              }
            });
      }
    }
  }

  @Test
  void aDamagedDirectoryIsRefusedAndLeavesNothing() throws IOException {
    Path file = directory.resolve("frame");
    try (Client client = DAEMON.connect()) {
      var files = new ObjectFiles(client);
      files.save(client.put(FRAME), file);
      long before = client.status().memoryUsageBytes();
      Path blob = file.resolve("1-0/__values_-value-1/buffer_/blob");
      byte[] bytes = Files.readAllBytes(blob);
      Files.write(blob, Arrays.copyOf(bytes, bytes.length / 2));

      assertThatThrownBy(() -> files.load(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(blob.toString());
      Files.writeString(file.resolve("1-0/metadata.json"), "{");
      assertThatThrownBy(() -> files.load(file)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> files.load(directory.resolve("none")))
          .isInstanceOf(IOException.class);
      assertThat(client.status().memoryUsageBytes()).isEqualTo(before);
    }
  }
}
