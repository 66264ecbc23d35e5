package dev.vinery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RunOptionsTest {
  @Test
  void withoutOptionsEverySuiteHasSevenRounds() {
    RunOptions options = RunOptions.parse("--official", "/o", "--ours", "/u");

    assertThat(options.rounds()).isEqualTo(7);
    assertThat(options.wants("W1", false)).isTrue();
    assertThat(options.wants("W12", true)).isFalse();
    assertThat(options.soak()).isEqualTo(Duration.ofMinutes(30));
    assertThat(options.placement()).isEqualTo(Placement.NONE);
    assertThat(options.foreignLimit()).isEqualTo(0.05);
    assertThat(options.out()).isEmpty();
    assertThat(options.program(Side.OFFICIAL).path()).isEqualTo(Path.of("/o"));
    assertThat(options.program(Side.OURS).path()).isEqualTo(Path.of("/u"));
    assertThat(options.program(Side.OURS).name()).isEqualTo("Vinery");
  }

  @Test
  void everyOptionIsUnderstood() {
    RunOptions options =
        RunOptions.parse(
            "--quick",
            "--only",
            "W1,W2",
            "--only",
            "W4",
            "--out",
            "r.md",
            "--official",
            "/o",
            "--ours",
            "/u",
            "--pin",
            "two",
            "--size",
            "1G",
            "--minutes",
            "2",
            "--foreign",
            "7.5",
            "--members",
            "3");

    assertThat(options.quick()).isTrue();
    assertThat(options.rounds()).isEqualTo(3);
    assertThat(options.only()).containsExactlyInAnyOrder("W1", "W2", "W4");
    assertThat(options.wants("W3", false)).isFalse();
    assertThat(options.out()).contains(Path.of("r.md"));
    assertThat(options.placement()).isEqualTo(Placement.TWO);
    assertThat(options.memory()).isEqualTo("1G");
    assertThat(options.soak()).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.foreignLimit()).isEqualTo(0.075);
    assertThat(options.etcdMembers()).isEqualTo(3);
    assertThat(RunOptions.parse("--quick", "--rounds", "9", "--official", "/o").rounds())
        .isEqualTo(9);
  }

  @Test
  void theOfficialDaemonCanBeComparedWithItself() {
    RunOptions options = RunOptions.parse("--same", "--official", "/o", "--ours", "/u");

    assertThat(options.program(Side.OURS).path()).isEqualTo(Path.of("/o"));
    assertThat(options.program(Side.OURS).name()).isEqualTo("vineyardd again");
    assertThat(options.program(Side.OURS).fileName())
        .isNotEqualTo(options.program(Side.OFFICIAL).fileName());
  }

  @Test
  void whatCannotBeUnderstoodIsNamed() {
    assertRefused("unknown option --fast", "--fast");
    assertRefused("--official is needed", "--quick");
    assertRefused("--rounds needs a value", "--official", "/o", "--rounds");
    assertRefused("--rounds needs a number, not many", "--official", "/o", "--rounds", "many");
    assertRefused("--pin takes two, one or none, not three", "--pin", "three");
    assertRefused("--foreign must be above 0", "--official", "/o", "--foreign", "0");
    assertRefused("--rounds needs a whole number, not 2.5", "--official", "/o", "--rounds", "2.5");
    assertRefused("--rounds must be at least 1: -1", "--official", "/o", "--rounds", "-1");
  }

  private static void assertRefused(String message, String... args) {
    assertThatThrownBy(() -> RunOptions.parse(args))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
