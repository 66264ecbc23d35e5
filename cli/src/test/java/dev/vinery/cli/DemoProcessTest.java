package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demonstration as a process that starts others.
class DemoProcessTest {
  @TempDir Path temporary;

  @Test
  void aSecondProcessReadsWhatTheFirstPutAndNothingIsLeft() throws Exception {
    Process demo = start();
    String printed = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(demo.waitFor(DaemonProcess.PATIENCE)).isTrue();
    assertThat(demo.exitValue()).as(printed).isZero();
    assertThat(printed)
        .contains("vineyard::DataFrame, 344 rows x 8 columns")
        .contains("/memfd:vinery-pool is mapped read-only and shared")
        .containsPattern("Adelie +38\\.791 +18\\.346 +189\\.954 +3700\\.662")
        .containsPattern("Gentoo +47\\.505 +14\\.982 +217\\.187 +5076\\.016")
        .contains("There is no python3 here");
    assertNothingIsLeft();
  }

  @Test
  void interruptingItStopsWhatItStarted() throws Exception {
    Process demo = start();
    demo.getInputStream().read(); // the first line: the daemon runs
    List<ProcessHandle> started = demo.descendants().toList();

    new ProcessBuilder("kill", "-INT", Long.toString(demo.pid())).start().waitFor();

    assertThat(demo.waitFor(DaemonProcess.PATIENCE)).isTrue();
    assertThat(started).isNotEmpty();
    started.forEach(
        process -> process.onExit().orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join());
    assertNothingIsLeft();
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files).isEmpty();
    }
  }

  private Process start() throws IOException {
    List<String> command =
        Stream.concat(
                ThisJvm.command(VineryCommand.class, List.of()).stream()
                    .limit(ThisJvm.command(VineryCommand.class, List.of()).size() - 2L),
                Stream.of(
                    "-Djava.io.tmpdir=" + temporary,
                    "-m",
                    "dev.vinery.cli/dev.vinery.cli.VineryCommand",
                    "demo"))
            .toList();
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("PATH", temporary.resolve("nowhere").toString());
    return builder.start();
  }
}
