package dev.vinery.conformance;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.StreamReader;
import dev.vinery.client.StreamWriter;
import dev.vinery.client.Streams;
import dev.vinery.client.Vinery;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StreamFailedException;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Byte streams between Java and the official Python client, through our daemon, in both
/// directions. The chunks are those of `interop/byte_stream.py`.
@Timeout(60) // seconds: an end that fails leaves the other waiting
final class StreamInteropTest {
  private static final Path SCRIPTS = Path.of("interop").toAbsolutePath();
  private static final long MEMORY_BYTES = 64 << 20;

  @TempDir private Path directory;
  private Daemon daemon;
  private Client client;
  private Streams streams;

  @BeforeEach
  void start() throws Exception {
    daemon = Daemon.start(DaemonOptions.of(directory.resolve("s"), MEMORY_BYTES));
    client = Vinery.connect(daemon.socket());
    streams = client.streams();
  }

  @AfterEach
  void stop() {
    client.close();
    daemon.close();
  }

  private static List<byte[]> chunks() {
    byte[] counted = new byte[256 * 300];
    for (int i = 0; i < counted.length; i++) {
      counted[i] = (byte) i;
    }
    return List.of("one".getBytes(StandardCharsets.UTF_8), counted, new byte[] {0, -1});
  }

  private static List<String> inHex() {
    return chunks().stream().map(HexFormat.of()::formatHex).toList();
  }

  @Test
  void pythonReadsWhatJavaWrites() throws Exception {
    ObjectId id = streams.create(Streams.BYTES, Map.of("header_row", new Json.Text("1")));
    Process reader = python("read", id.toString());

    try (StreamWriter writer = streams.write(id)) {
      chunks().forEach(writer::write);
      writer.finish();
    }

    assertThat(output(reader))
        .containsExactlyElementsOf(
            Stream.of(Stream.of("[('header_row', '1')]"), inHex().stream(), Stream.of("finished"))
                .flatMap(lines -> lines)
                .toList());
  }

  @Test
  void pythonLearnsWhyAStreamOfJavaFailed() throws Exception {
    ObjectId id = streams.create(Streams.BYTES, Map.of());
    Process reader = python("read", id.toString());

    try (StreamWriter writer = streams.write(id)) {
      writer.fail("line 7: a broken quote");
    }

    assertThat(output(reader))
        .satisfiesExactly(
            parameters -> assertThat(parameters).isEqualTo("[]"),
            end -> assertThat(end).startsWith("failed:").contains("line 7: a broken quote"));
  }

  @Test
  void javaReadsWhatPythonWrites() throws Exception {
    Process writer = python("write");
    ObjectId id = ObjectId.parse(String.valueOf(writer.inputReader().readLine()));

    assertThat(read(id)).isEqualTo(inHex());

    assertThat(output(writer)).isEmpty();
    assertThat(streams.parameters(id).text("delimiter")).isEqualTo(",");
  }

  @Test
  void javaLearnsThatAStreamOfPythonFailed() throws Exception {
    Process writer = python("fail");
    ObjectId id = ObjectId.parse(String.valueOf(writer.inputReader().readLine()));

    assertThatThrownBy(() -> read(id)).isInstanceOf(StreamFailedException.class);

    assertThat(output(writer)).isEmpty();
  }

  @Test
  void pythonWritesWhatJavaHasBegun() throws Exception {
    ObjectId id = streams.create(Streams.BYTES, Map.of());
    Process writer = python("write", id.toString());

    assertThat(read(id)).isEqualTo(inHex());

    assertThat(output(writer)).isEmpty();
  }

  private List<String> read(ObjectId id) {
    List<String> read = new ArrayList<>();
    try (StreamReader reader = streams.read(id)) {
      for (VineryObject chunk : reader) {
        try (chunk) {
          read.add(HexFormat.of().formatHex(chunk.segment().toArray(JAVA_BYTE)));
        }
      }
    }
    return read;
  }

  @Test
  void framesOfPythonGoThroughAndLeaveNothing() throws Exception {
    ObjectId id = streams.create(Streams.RECORD_BATCHES, Map.of());
    Process reader = run("frame_stream.py", "read", id.toString());
    Process writer = run("frame_stream.py", "write", id.toString());

    assertThat(output(writer)).isEmpty();
    assertThat(output(reader)).containsExactly("20 frames");

    assertThat(client.status().memoryUsageBytes()).isZero();
    assertThat(streams.list()).isEmpty();
  }

  private Process python(String... arguments) throws Exception {
    return run("byte_stream.py", arguments);
  }

  private Process run(String script, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("vinery.python", "python3"),
                SCRIPTS.resolve(script).toString(),
                daemon.socket().toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /// The lines that a process prints until its end, which must be a good one.
  private static List<String> output(Process process) throws Exception {
    List<String> lines = process.inputReader().lines().toList();
    assertThat(process.waitFor()).as("exit status, with output %s", lines).isZero();
    return lines;
  }
}
