package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `vinery serialize` and `vinery deserialize`, as people type them.
class SerializeCommandTest {
  private static final int MEMORY_BYTES = 64 << 20;

  @TempDir Path directory;
  private Daemon daemon;

  @BeforeEach
  void start() throws IOException {
    daemon = Daemon.start(DaemonOptions.of(directory.resolve("v.sock"), MEMORY_BYTES));
    Path trips = Files.writeString(directory.resolve("trips.csv"), "from,minutes\nSIN,795\n");
    assertThat(vinery("put", trips.toString(), "--name", "trips").status())
        .isEqualTo(ExitStatus.DONE);
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  private Ran vinery(String... arguments) {
    return Ran.withSocket(daemon.socket(), arguments);
  }

  @Test
  void anObjectGoesToADirectoryAndComesBack() {
    String files = directory.resolve("files").toString();
    assertThat(vinery("serialize", "trips", files))
        .extracting(Ran::status, Ran::out, Ran::err)
        .containsExactly(ExitStatus.DONE, "", "");
    Ran back = vinery("deserialize", files, "--name", "again");

    assertThat(back.status()).isEqualTo(ExitStatus.DONE);
    assertThat(vinery("name", "get", "again").out()).isEqualTo(back.out());
    assertThat(vinery("get", "again").out()).isEqualTo(vinery("get", "trips").out());
  }

  @Test
  void whatCannotBeDoneIsToldInOneLine() {
    assertThat(vinery("serialize", "trips", directory.toString()))
        .extracting(Ran::status, Ran::err)
        .containsExactly(
            ExitStatus.BAD_INPUT, "vinery serialize: " + directory + ": it exists already\n");
    assertThat(vinery("serialize", "nobody", directory + "/x").status())
        .isEqualTo(ExitStatus.REFUSED);
    assertThat(vinery("deserialize", directory + "/none").status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(directory.resolve("x")).doesNotExist();
  }
}
