package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.vinery.metadata.MetadataBackend;
import dev.vinery.posix.Limits;
import dev.vinery.posix.PosixException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonSetupTest {
  @Test
  void flagsBecomeOptions() {
    DaemonSetup setup =
        setup(
            "--size=64M",
            "--socket=/tmp/x.sock",
            "--socket_mode=750",
            "--deployment=distributed",
            "--etcd_prefix=mine",
            "--meta=local",
            "--reserve_memory",
            "--nohuge_pages",
            "--nocompression");

    assertThat(setup.options().memoryLimitBytes()).isEqualTo(64L << 20);
    assertThat(setup.options().socket()).isEqualTo(Path.of("/tmp/x.sock"));
    assertThat(setup.options().socketMode()).isEqualTo(0750);
    assertThat(setup.options().deployment()).isEqualTo("distributed");
    assertThat(setup.options().metadataPrefix()).isEqualTo("mine");
    assertThat(setup.options().reserve()).isTrue();
    assertThat(setup.options().hugePages()).isFalse();
    assertThat(setup.options().compression()).isFalse();
    assertThat(setup.metadata()).isEqualTo("local");
    assertThat(setup.shared()).isEmpty();
    assertThat(setup.warnings()).isEmpty();
  }

  @Test
  void metadataIsInEtcdUnlessToldOtherwise() {
    DaemonSetup setup = setup("--size=1M", "--socket=/tmp/x");

    assertThat(setup.metadata()).isEqualTo("etcd");
    assertThat(setup.shared())
        .hasValue(
            new MetadataBackend.Options(
                "http://127.0.0.1:2379",
                "vineyard",
                Duration.ofMinutes(1),
                false,
                Optional.empty(),
                Optional.empty(),
                OptionalInt.of(9600)));
  }

  @Test
  void flagsSayWhichEtcd() {
    DaemonSetup setup =
        setup(
            "--size=1M",
            "--socket=/tmp/x",
            "--norpc",
            "--etcd_endpoint=a:1,b:2",
            "--etcd_prefix=mine",
            "--meta_timeout=5",
            "--noskip_launch_etcd",
            "--etcd_cmd=etcd2",
            "--etcd_data_dir=/data");

    assertThat(setup.shared())
        .hasValue(
            new MetadataBackend.Options(
                "a:1,b:2",
                "mine",
                Duration.ofSeconds(5),
                true,
                Optional.of("etcd2"),
                Optional.of(Path.of("/data")),
                OptionalInt.empty()));
  }

  @Test
  void aRelativeSocketIsMadeAbsolute() {
    assertThat(setup("--size=1M", "--socket=v.sock").options().socket())
        .isEqualTo(Path.of("v.sock").toAbsolutePath());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", " "})
  void withoutASizeThereIsAllMemoryThatTheProcessMayHave(String size) throws PosixException {
    long memoryBytes = Math.min(Limits.memoryBytes(), Limits.cgroupMemoryLimitBytes());

    DaemonSetup setup = setup("--size", size, "--socket=/tmp/x.sock");

    assertThat(setup.options().memoryLimitBytes()).isEqualTo(memoryBytes);
    assertThat(setup.warnings()).isEmpty();
  }

  @Test
  void moreThanThereIsMemoryIsWarnedOf() {
    assertThat(setup("--size=1P", "--socket=/tmp/x.sock").warnings())
        .singleElement()
        .asString()
        .startsWith("clients may store 1 PiB, but there is memory for ");
  }

  @Test
  void theEnvironmentNamesHostAndNode() {
    Map<String, String> environment = Map.of("MY_HOST_NAME", "north", "MY_NODE_NAME", "pole");

    DaemonSetup named = setup(environment, "--size=1M", "--socket=/tmp/x.sock");
    DaemonSetup half = setup(Map.of("MY_HOST_NAME", "north"), "--size=1M", "--socket=/tmp/x.sock");

    assertThat(named.options().hostname()).isEqualTo("north");
    assertThat(named.options().nodename()).isEqualTo("pole");
    assertThat(half.options().nodename()).isEqualTo("north");
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "[fe80::1]", "fe80::1%eth0", "north:9600"})
  void aHostThatClientsCannotFindInAnEndpointIsRefused(String name) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> setup(Map.of("MY_HOST_NAME", name), "--size=1M", "--socket=/tmp/x"))
        .withMessage(
            "MY_HOST_NAME must be a name or an IPv4 address, not '%s':"
                + " clients cut its endpoint at the colon",
            name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--spill_path=/tmp | --spill_path",
        "--rdma_endpoint=h:1 | --rdma_endpoint",
        "--sync_crds | --sync_crds",
        "--metrics --prometheus | --prometheus, --metrics",
        "--log_dir=/tmp | --log_dir"
      })
  void whatIsAskedForAndNotThereYetIsNamedInOneLine(String line, String named) {
    assertThat(setup(("--size=1M --socket=/tmp/x " + line).split(" ", -1)).warnings())
        .containsExactly("without effect in this version: " + named);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--norpc",
        "--norpc --rpc_socket_port=1",
        "--rpc --rpc_socket_port=9601",
        "--spill_path=",
        "--spill_lower_rate=0.3",
        "--allocator=mimalloc",
        "--meta_timeout=5",
        "--etcd_endpoint=http://h:1",
        "--noskip_launch_etcd",
        "--coredump",
        "--v=0 --logtostderr --stderrthreshold=0",
        "--meta=local"
      })
  void whatChangesNothingIsNotWarnedOf(String line) {
    assertThat(setup(("--size=1M --socket=/tmp/x " + line).split(" ", -1)).warnings()).isEmpty();
  }

  @Test
  void otherHostsAreServedUnlessTheyAreNot() {
    DaemonSetup byDefault = setup("--size=1M", "--socket=/tmp/x");
    assertThat(byDefault.options().rpcPort()).hasValue(9600);
    assertThat(byDefault.portGiven()).isFalse();
    DaemonSetup chosen = setup("--size=1M", "--socket=/tmp/x", "--rpc_socket_port=0");
    assertThat(chosen.options().rpcPort()).hasValue(0);
    assertThat(chosen.portGiven()).isTrue();
    assertThat(setup("--size=1M", "--socket=/tmp/x", "--norpc").options().rpcPort()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 65_536, Long.MAX_VALUE})
  void aPortThatIsNoneIsRefused(long port) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> setup("--size=1M", "--socket=/tmp/x", "--rpc_socket_port=" + port))
        .withMessage("--rpc_socket_port must be from 0 to 65535, not " + port);
  }

  @Test
  void theEnvironmentCanAskForResourcesOfKubernetes() {
    assertThat(setup(Map.of("VINEYARD_SYNC_CRDS", "1"), "--size=1M", "--socket=/tmp/x").warnings())
        .containsExactly("without effect in this version: VINEYARD_SYNC_CRDS");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--htpasswd=/etc/p | --htpasswd: passwords are not checked",
        "--meta=redis | --meta=redis: there is no module for Redis",
        "--meta=paper | --meta must be etcd or local, not 'paper'",
        "--etcd_prefix=a/ | --etcd_prefix must be a text that does not end with a slash, not 'a/'",
        "--meta_timeout=-1 | --meta_timeout must be from 0 to 86400 seconds, not -1",
        "--size=much | --size: 'much' is no size",
        "--size=9E | --size: '9E' is more than",
        "--size=2E | the memory limit must be from 1 to",
        "--socket_mode=888 | --socket_mode must be permission bits",
        "--socket_mode=7777 | the socket's mode must be from 000 to 777"
      })
  void whatCannotBeIsRefusedInOneLine(String line, String message) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> setup(("--socket=/tmp/x --size=1M " + line).split(" ", -1)))
        .withMessageStartingWith(message)
        .withMessageNotContaining("\n");
  }

  @Test
  void aSocketWithTooLongAPathIsRefused() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> setup("--size=1M", "--socket=/tmp/" + "x".repeat(200)))
        .withMessageContaining("107 bytes");
  }

  private static DaemonSetup setup(String... arguments) {
    return setup(Map.of(), arguments);
  }

  private static DaemonSetup setup(Map<String, String> environment, String... arguments) {
    return DaemonSetup.of(FlagReader.read(List.of(arguments), Map.of()), environment);
  }
}
