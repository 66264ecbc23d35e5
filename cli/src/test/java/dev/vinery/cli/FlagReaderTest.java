package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagReaderTest {
  /// Section 9.1 of the specification of the reference daemon.
  private static final List<String> REFERENCE_FLAGS =
      List.of(
          "deployment",
          "meta",
          "meta_timeout",
          "skip_launch_etcd",
          "etcd_endpoint",
          "etcd_prefix",
          "etcd_cmd",
          "etcd_data_dir",
          "redis_endpoint",
          "redis_prefix",
          "redis_cmd",
          "size",
          "allocator",
          "reserve_memory",
          "stream_threshold",
          "spill_path",
          "spill_lower_rate",
          "spill_upper_rate",
          "socket",
          "rpc",
          "rpc_socket_port",
          "rdma_endpoint",
          "sync_crds",
          "compression",
          "prometheus",
          "metrics",
          "coredump",
          "htpasswd",
          "v",
          "log_dir",
          "logtostderr",
          "stderrthreshold",
          "minloglevel",
          "alsologtostderr",
          "vmodule",
          "help",
          "version");

  @Test
  void everyFlagOfTheReferenceDaemonIsKnown() {
    assertThat(REFERENCE_FLAGS)
        .allSatisfy(name -> assertThat(DaemonFlags.find(name)).as(name).isNotNull());
  }

  @Test
  void theDefaultsAreReadable() {
    FlagValues values = read();

    assertThat(DaemonFlags.all()).noneMatch(values::changed).noneMatch(values::given);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--size=2G",
        "-size=2G",
        "--size 2G",
        "-size 2G",
        "--size=1G --size=2G",
        "--size=1G -size 2G"
      })
  void aValueStandsBehindTheSignOrInTheNextArgument(String line) {
    assertThat(read(line.split(" ", -1)).text(DaemonFlags.SIZE)).isEqualTo("2G");
  }

  @ParameterizedTest
  @CsvSource({
    "--rpc, true",
    "-rpc, true",
    "--norpc, false",
    "-norpc, false",
    "--rpc=true, true",
    "--rpc=false, false",
    "--rpc=1, true",
    "--rpc=0, false",
    "--rpc=yes, true",
    "--rpc=no, false",
    "--rpc=t, true",
    "--rpc=F, false",
    "--rpc=Y, true",
    "--rpc=N, false",
    "--rpc=TRUE, true"
  })
  void aSwitchHasManyForms(String argument, boolean on) {
    assertThat(read(argument).on(DaemonFlags.RPC)).isEqualTo(on);
  }

  @Test
  void dashesInANameAreUnderscores() {
    assertThat(read("--reserve-memory").on(DaemonFlags.RESERVE_MEMORY)).isTrue();
    assertThat(read("--spill-path=/x").text(DaemonFlags.SPILL_PATH)).isEqualTo("/x");
  }

  @Test
  void anEmptyValueIsAValue() {
    assertThat(read("--size", "", "--socket=").text(DaemonFlags.SIZE)).isEmpty();
  }

  @Test
  void aValueMayHoldTheSign() {
    assertThat(read("--etcd_prefix=a=b").text(DaemonFlags.ETCD_PREFIX)).isEqualTo("a=b");
  }

  @Test
  void aNegativeNumberIsAValueAndNoFlag() {
    assertThat(read("--v", "-1").whole(DaemonFlags.VERBOSITY)).isEqualTo(-1);
  }

  @Test
  void aFlagWithItsOwnValueIsGivenButNotChanged() {
    FlagValues values = read("--rpc", "--spill_lower_rate=0.30");

    assertThat(values.given(DaemonFlags.RPC)).isTrue();
    assertThat(values.changed(DaemonFlags.RPC)).isFalse();
    assertThat(values.changed(DaemonFlags.SPILL_LOWER_RATE)).isFalse();
  }

  @Test
  void anUnknownFlagIsRefusedWithTheNearestOne() {
    assertRefused("--sockett=/x").withMessage("unknown flag --sockett; did you mean --socket?");
    assertRefused("--frobnicate")
        .withMessage("unknown flag --frobnicate; vineyardd --help lists them all");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--size | --size needs a value: --size=SIZE",
        "--socket --size 2G | --socket needs a value: --socket=--size",
        "--nosize | --nosize means nothing: --size is no switch",
        "--norpc=true | --norpc takes no value; write --rpc=true",
        "--rpc=maybe | --rpc is a switch: its value is true or false, not 'maybe'",
        "--rpc_socket_port=http | --rpc_socket_port must be a whole number, not 'http'",
        "--spill_lower_rate=much | --spill_lower_rate must be a number, not 'much'",
        "--spill_lower_rate=NaN | --spill_lower_rate must be a number, not 'NaN'"
      })
  void aWrongFlagIsRefusedInOneLine(String line, String message) {
    assertRefused(line.split(" ", -1)).withMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--rpc false", "-- false", "--size=1G false", "false"})
  void whatIsNoFlagIsRefused(String line) {
    assertRefused(line.split(" ", -1))
        .withMessage(
            "'false' is no flag; the value of a switch stands after '=', as in --rpc=false");
  }

  @Test
  void aFileHoldsAFlagOnEachLine(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("flags");
    Files.writeString(
        file,
        """
        # how our daemon runs

        --size=2G
          -socket /tmp/a b.sock
        --norpc
        """);

    FlagValues values = read("--size=1G", "--flagfile=" + file, "--deployment=distributed");

    assertThat(values.text(DaemonFlags.SIZE)).isEqualTo("2G");
    assertThat(values.text(DaemonFlags.SOCKET)).isEqualTo("/tmp/a b.sock");
    assertThat(values.on(DaemonFlags.RPC)).isFalse();
    assertThat(values.text(DaemonFlags.DEPLOYMENT)).isEqualTo("distributed");
  }

  @Test
  void whatStandsBehindAFileOfFlagsWins(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("flags");
    Files.writeString(file, "--size=2G\n");

    assertThat(read("-flagfile", file.toString(), "--size=3G").text(DaemonFlags.SIZE))
        .isEqualTo("3G");
  }

  @Test
  void anErrorInAFileTellsItsLine(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("flags");
    Files.writeString(file, "# one\n--sise=2G\n");

    assertRefused("--flagfile=" + file)
        .withMessage("line 2 of " + file + ": unknown flag --sise; did you mean --size?");
  }

  @Test
  void filesThatNameEachOtherEndInAnError(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("flags");
    Files.writeString(file, "--flagfile=" + file + "\n");

    assertRefused("--flagfile=" + file).withMessageContaining("more than 8 deep");
  }

  @Test
  void aFileThatIsNotThereIsAnError() {
    assertRefused("--flagfile=/no/such/file")
        .withMessage("--flagfile=/no/such/file: there is no such file");
  }

  @Test
  void theEnvironmentPresetsLoggingAndNothingElse() {
    Map<String, String> environment = Map.of("GLOG_v", "11", "GLOG_size", "1G");

    assertThat(FlagReader.read(List.of(), environment).whole(DaemonFlags.VERBOSITY)).isEqualTo(11);
    assertThat(FlagReader.read(List.of("--v=0"), environment).whole(DaemonFlags.VERBOSITY))
        .isZero();
    assertThat(FlagReader.read(List.of(), environment).text(DaemonFlags.SIZE)).isEmpty();
  }

  private static FlagValues read(String... arguments) {
    return FlagReader.read(List.of(arguments), Map.of());
  }

  private static ThrowableAssertAlternative<UsageException> assertRefused(String... arguments) {
    return assertThatExceptionOfType(UsageException.class).isThrownBy(() -> read(arguments));
  }
}
