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
import dev.vinery.types.Tensor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Our daemon and an official one in one cluster, through our Java client: what one persists the
/// other reads, copies, names and deletes, in both directions.
final class MixedClusterInteropTest {
  private static final long MEMORY_BYTES = 64L << 20;

  @TempDir private static Path directory;

  private static ClusterDaemon ours;
  private static OfficialDaemon official;

  /// Who persists; the other one does something with it.
  enum From {
    OURS,
    OFFICIAL;

    Client source() {
      return Vinery.connect(this == OURS ? ours.socket() : official.socket());
    }

    Client other() {
      return Vinery.connect(this == OURS ? official.socket() : ours.socket());
    }
  }

  @BeforeAll
  static void startBoth() throws IOException {
    String etcd;
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      etcd = "http://127.0.0.1:" + probe.getLocalPort();
    }
    ours = ClusterDaemon.launch(directory, "ours", etcd).ready();
    official = OfficialDaemon.join(directory.resolve("official.sock"), MEMORY_BYTES, etcd);
  }

  /// The official one first: without its etcd it would not end.
  @AfterAll
  static void stopBoth() {
    official.close();
    ours.close();
  }

  @ParameterizedTest
  @EnumSource
  void whatOnePersistsTheOtherReads(From from) {
    try (Client source = from.source();
        Client other = from.other()) {
      ObjectId tensor = persisted(source, 1, 2, 3);

      Metadata seen = other.getMetadata(tensor);

      assertThat(seen.typeName()).isEqualTo("vineyard::Tensor<double>");
      assertThat(seen.instanceId()).isEqualTo(source.instanceId());
      try (VineryObject object = other.getObject(tensor)) {
        assertThat(object.isLocal()).isFalse();
      }
      try (Client there = other.connectTo(seen.instanceId());
          Tensor fetched = there.get(tensor, Tensor.class)) {
        assertThat(fetched.getDouble(2)).isEqualTo(3);
      }
      source.delete(List.of(tensor));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatOneHasTheOtherCopies(From from) {
    try (Client source = from.source();
        Client other = from.other()) {
      ObjectId tensor = persisted(source, 4, 5, 6);
      assertThat(other.getMetadata(tensor).instanceId()).isEqualTo(source.instanceId());

      ObjectId copy = other.migrate(tensor);

      assertThat(copy).isNotEqualTo(tensor);
      assertThat(other.migrate(tensor)).isEqualTo(copy);
      assertThat(other.getMetadata(copy).instanceId()).isEqualTo(other.instanceId());
      assertThat(source.getMetadata(copy).instanceId()).isEqualTo(other.instanceId());
      try (Tensor here = other.get(copy, Tensor.class)) {
        assertThat(here.getDouble(2)).isEqualTo(6);
      }
      source.delete(List.of(tensor));
      other.delete(List.of(copy));
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesAreShared(From from) {
    try (Client source = from.source();
        Client other = from.other()) {
      String name = "mixed/" + from;
      ObjectId tensor = persisted(source, 7);

      source.putName(tensor, name);

      eventually(() -> assertThat(other.findName(name)).contains(tensor));
      other.dropName(name);
      eventually(() -> assertThat(source.findName(name)).isEmpty());
      source.delete(List.of(tensor));
    }
  }

  @ParameterizedTest
  @EnumSource
  void labelsAreShared(From from) {
    try (Client source = from.source();
        Client other = from.other()) {
      ObjectId tensor = persisted(source, 8);

      source.label(tensor, Map.of("colour", "red"));

      eventually(() -> assertThat(labels(other, tensor).text("colour", "")).isEqualTo("red"));
      source.delete(List.of(tensor));
    }
  }

  private static Json.Fields labels(Client client, ObjectId id) {
    return (Json.Fields)
        JsonText.parse(client.getMetadata(id).fields().text(Metadata.LABELS, "{}"));
  }

  @ParameterizedTest
  @EnumSource
  void whatOneDeletesIsGoneAtTheOther(From from) {
    try (Client source = from.source();
        Client other = from.other()) {
      long before = source.status().memoryUsageBytes();
      ObjectId tensor = persisted(source, new double[10_000]);
      assertThat(other.getMetadata(tensor).instanceId()).isEqualTo(source.instanceId());

      other.delete(List.of(tensor));

      eventually(() -> assertThat(source.exists(tensor)).isFalse());
      eventually(() -> assertThat(source.status().memoryUsageBytes()).isEqualTo(before));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPairOfBothIsReadWhereEachElementLives(From from) {
    try (Client source = from.source();
        Client other = from.other()) {
      ObjectId first = persisted(source, 1, 1);
      ObjectId second = persisted(other, 2, 2);
      ObjectId pair = GlobalPair.persisted(source, first, second);

      try (VineryObject seen = other.getObject(pair)) {
        assertThat(seen.member("__elements_-0").isLocal()).isFalse();
        try (Tensor here = seen.member("__elements_-1").value(Tensor.class)) {
          assertThat(here.getDouble(1)).isEqualTo(2);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theCommandTellsOneFromTheOther(From from) throws Exception {
    Path socket = from == From.OURS ? ours.socket() : official.socket();

    var shown = (Json.Items) JsonText.parse(ClusterDaemon.vinery(socket, "cluster", "--json"));

    assertThat(shown.values())
        .extracting(each -> ((Json.Fields) each).text("daemon", "").split(" ", -1)[0])
        .containsExactly("Vinery", "vineyardd");
  }

  private static ObjectId persisted(Client client, double... values) {
    ObjectId id = client.put(Tensor.of(values));
    client.persist(id);
    return id;
  }
}
