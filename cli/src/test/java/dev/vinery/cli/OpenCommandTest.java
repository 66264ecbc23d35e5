package dev.vinery.cli;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.arrow.ArrowMemory;
import dev.vinery.arrow.DataFrameStream;
import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.protocol.ObjectId;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import dev.vinery.types.GlobalDataFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `vinery open`, as people type it.
class OpenCommandTest {
  private static final int MEMORY_BYTES = 64 << 20;

  @TempDir Path directory;
  private Daemon daemon;
  private Client client;
  private Path trips;

  @BeforeEach
  void start() throws IOException {
    daemon = Daemon.start(DaemonOptions.of(directory.resolve("v.sock"), MEMORY_BYTES));
    client = Vinery.connect(daemon.socket());
    trips = Files.writeString(directory.resolve("trips.csv"), "from,minutes\nSIN,795\nZRH,\n");
  }

  @AfterEach
  void stop() {
    client.close();
    daemon.close();
  }

  private Ran vinery(String... arguments) {
    return Ran.withSocket(daemon.socket(), arguments);
  }

  @Test
  void aFileBecomesAFrameWithAName() {
    Ran ran = vinery("open", trips + "#header_row=true", "--accumulate", "--name", "trips");

    assertThat(ran.status()).isEqualTo(ExitStatus.DONE);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out().strip()).isEqualTo(client.getName("trips").toString());
    try (var frame = client.get(client.getName("trips"), GlobalDataFrame.class)) {
      assertThat(frame.partitions()).hasSize(1);
    }
    assertThat(vinery("get", "trips").out()).contains("1 x 1 partitions", " rows x ");
  }

  @Test
  void aStreamIsOpenedAndWrittenToAFile() throws Exception {
    var stream = new Ran[1];
    Thread opening =
        Thread.ofPlatform()
            .start(
                () -> stream[0] = vinery("open", trips.toString(), "--option", "header_row=true"));
    eventually(() -> assertThat(client.streams().list()).isNotEmpty());
    ObjectId id = client.streams().list().getFirst().id();
    Path out = directory.resolve("out.csv");
    Ran saved = vinery("open", out + "#header_row=true", "--mode=w", id.toString());
    opening.join();

    assertThat(saved.status()).isEqualTo(ExitStatus.DONE);
    assertThat(stream[0].out().strip()).isEqualTo(id.toString());
    assertThat(stream[0].status()).isEqualTo(ExitStatus.DONE);
    assertThat(Files.readString(out)).isEqualTo(Files.readString(trips));
  }

  @Test
  void whatIsWrongIsToldInOneLine() throws IOException {
    Path bad = Files.writeString(directory.resolve("bad.csv"), "1,2\n3\n");

    assertThat(vinery("open", bad.toString(), "--accumulate"))
        .extracting(Ran::status, Ran::err)
        .containsExactly(
            ExitStatus.BAD_INPUT,
            "vinery open: " + bad + ", line 2: 1 field where there are 2 columns\n");
    assertThat(vinery("open", "none.csv").err())
        .isEqualTo("vinery open: none.csv: there is no such file\n");
    assertThat(vinery("open", "gopher://x").status()).isEqualTo(ExitStatus.USAGE);
    assertThat(vinery("open", trips.toString(), "--mode=w").status()).isEqualTo(ExitStatus.USAGE);
    assertThat(vinery("open", trips + "#colour=red").err()).contains("there is no option 'colour'");
  }

  @Test
  void anInterruptEndsTheStreamAndLeavesNothing() throws Exception {
    Path large = directory.resolve("large.csv");
    try (var out = Files.newBufferedWriter(large)) {
      for (int i = 0; i < 5_000_000; i++) {
        out.write(i + "," + i + "\n");
      }
    }
    long before = client.status().memoryUsageBytes();
    List<String> command =
        new ArrayList<>(
            ThisJvm.command(
                VineryCommand.class,
                List.of("open", large.toString(), "--socket=" + daemon.socket())));
    command.add(1, "--add-opens=java.base/java.nio=org.apache.arrow.memory.core");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(directory.resolve("err").toFile())
            .start();
    try {
      eventually(
          DaemonProcess.PATIENCE,
          () -> assertThat(client.status().memoryUsageBytes()).isGreaterThan(MEMORY_BYTES / 2));
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      assertThat(process.waitFor(DaemonProcess.PATIENCE)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    ObjectId id = client.streams().list().getFirst().id();
    try (var memory = ArrowMemory.views().newChildAllocator("test", 0, Long.MAX_VALUE);
        var reader = client.get(id, DataFrameStream.class).read(client, memory)) {
      assertThat(reader.getVectorSchemaRoot().getSchema().getFields()).hasSize(2);
    }
    client.streams().drop(id);
    eventually(() -> assertThat(client.status().memoryUsageBytes()).isEqualTo(before));
  }
}
