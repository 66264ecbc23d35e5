package dev.vinery.conformance;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.types.Pair;
import dev.vinery.types.Tensor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the guide to clusters promises, with processes as users start them, and a real etcd that
/// the first daemon brings along.
final class ClusterGuideInteropTest {
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

      ObjectId pair =
          one.createMetadata(
              Metadata.builder("vineyard::Sequence")
                  .put(Metadata.GLOBAL, true)
                  .put("size_", 2)
                  .put("__elements_-size", 2)
                  .put("__elements_-0", one.getMetadata(zeros))
                  .put("__elements_-1", one.getMetadata(ones))
                  .build());
      one.persist(pair);

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
  void aDaemonOnASocketThatIsTakenEndsInOneLineAndTheOtherGoesOn() throws Exception {
    try (var third = ClusterDaemon.launch(directory, "4", endpoint, "--socket=" + first.socket())) {
      assertThat(third.await()).isEqualTo(1);
      assertThat(third.log())
          .contains("vineyardd: cannot listen at " + first.socket() + ": another daemon does");
    }
    try (Client one = Vinery.connect(first.socket())) {
      assertThat(one.status().memoryLimitBytes()).isEqualTo(64 << 20);
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
  }
}
