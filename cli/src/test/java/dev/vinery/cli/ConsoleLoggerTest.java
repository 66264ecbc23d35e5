package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsoleLoggerTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ConsoleLogger log =
      new ConsoleLogger("test", new PrintStream(bytes, true, StandardCharsets.UTF_8));

  @AfterEach
  void restoreThreshold() {
    ConsoleLogger.threshold(Level.WARNING);
  }

  @Test
  void anEventIsALineWithTimeAndLevel() {
    log.log(Level.WARNING, "pid={0} left", 4711);

    assertThat(printed()).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z WARNING pid=4711 left\n");
  }

  @Test
  void whatIsBelowTheThresholdIsLeftOut() {
    log.log(Level.INFO, "quiet");
    ConsoleLogger.threshold(Level.INFO);
    log.log(Level.INFO, "loud");

    assertThat(printed()).contains("loud").doesNotContain("quiet");
  }

  @Test
  void nobodyCanForgeALine() {
    log.log(Level.ERROR, "name=a\n2026-01-01T00:00:00Z ERROR forged");

    assertThat(printed().lines()).hasSize(1);
  }

  @Test
  void aWarningTellsItsCauseInItsLineAndAnErrorShowsItsStack() {
    log.log(Level.WARNING, "cannot trim", new IllegalStateException("busy"));
    assertThat(printed().lines())
        .singleElement()
        .asString()
        .endsWith("cannot trim: " + "java.lang.IllegalStateException: busy");

    log.log(Level.ERROR, "bug", new IllegalStateException("broken"));
    assertThat(printed()).contains("\tat ");
  }

  @Test
  void theProjectsLoggersAreOfThisKind() {
    assertThat(System.getLogger("dev.vinery.test").getName()).isEqualTo("dev.vinery.test");
    assertThat(new ConsoleLoggerFinder().getLogger("x", getClass().getModule()))
        .isInstanceOf(ConsoleLogger.class);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
