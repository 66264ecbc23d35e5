package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.contract.RunningDaemon;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ReadmeExampleTest {
  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon();

  @Test
  void theReadmesProgramPrintsWhatItPromises() {
    var output = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try {
      ReadmeExample.main(new String[] {DAEMON.socket().toString()});
    } finally {
      System.setOut(before);
    }

    assertThat(output.toString(StandardCharsets.UTF_8).lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("vineyard::DataFrame o"),
            line -> assertThat(line).isEqualTo("   from  minutes"),
            line -> assertThat(line).isEqualTo("   str     int64"),
            line -> assertThat(line).isEqualTo("0  SIN       795"),
            line -> assertThat(line).isEqualTo("1  ZRH       130"),
            line -> assertThat(line).isEqualTo("2  HEL       165"),
            line -> assertThat(line).isEqualTo("[3 rows x 2 columns]"),
            line -> assertThat(line).isEqualTo("13.25 hours"),
            line -> assertThat(line).startsWith("not there: "));
  }
}
