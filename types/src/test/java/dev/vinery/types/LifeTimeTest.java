package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.DeleteOption;
import dev.vinery.protocol.ObjectId;
import dev.vinery.testkit.Eventually;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How long values of every family are valid.
final class LifeTimeTest {
  @RegisterExtension static final RunningDaemon DAEMON = new RunningDaemon();

  static Stream<String> families() {
    return Samples.all().keySet().stream();
  }

  private static Object sample(String family) {
    return Objects.requireNonNull(Samples.all().get(family), family);
  }

  @ParameterizedTest
  @MethodSource("families")
  void aValueComesBackEqualAndCanBeReadInFull(String family) {
    try (Client client = DAEMON.connect()) {
      Object got = client.get(client.put(sample(family)));

      assertThat(got).isEqualTo(sample(family));
      Reading.everything(got);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void closingTwiceIsFine(String family) throws Exception {
    try (Client client = DAEMON.connect()) {
      Object got = client.get(client.put(sample(family)));
      for (AutoCloseable part : Reading.closeable(got)) {
        part.close();
        part.close();
      }
      assertThat(client.get(client.put(1L))).isEqualTo(1L);
    }
  }

  static Stream<String> closeableFamilies() {
    return families().filter(family -> sample(family) instanceof AutoCloseable);
  }

  @ParameterizedTest
  @MethodSource("closeableFamilies")
  void aClosedValueCannotBeRead(String family) throws Exception {
    try (Client client = DAEMON.connect()) {
      Object got = client.get(client.put(sample(family)));
      Reading.closeable(got).getFirst().close();

      assertThatThrownBy(() -> element(got)).isInstanceOf(IllegalStateException.class);
    }
  }

  /// Reads something of a value.
  private static Object element(Object value) {
    return switch (value) {
      case Tensor tensor -> tensor.values();
      case SparseColumn column -> column.getDouble(0);
      case Column column -> column.format(0);
      case DataFrame frame -> element(frame.columns().firstEntry().getValue());
      case Series series -> element(series.values());
      case Index index -> element(index.labels());
      case SparseMatrix matrix -> element(matrix.values());
      default -> throw new AssertionError("no family has a " + value.getClass());
    };
  }

  @ParameterizedTest
  @MethodSource("families")
  void aValueOutlivesTheDeletionOfItsObjectAndItsClient(String family) {
    Object got;
    try (Client client = DAEMON.connect()) {
      ObjectId id = client.put(sample(family));
      got = client.get(id);
      client.delete(List.of(id), DeleteOption.TRIM);
    }
    try (Client other = DAEMON.connect()) {
      for (int i = 0; i < 50; i++) {
        ObjectId id = other.put(new byte[4096]);
        other.delete(List.of(id));
      }
      assertThat(got).isEqualTo(sample(family));
      Reading.everything(got);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void theMemoryOfAForgottenValueComesBack(String family) {
    try (Client writer = DAEMON.connect();
        Client reader = DAEMON.connect()) {
      writer.clear(); // what other tests left
      ObjectId id = writer.put(sample(family));
      forget(reader, id);
      writer.delete(List.of(id));

      Eventually.eventually(() -> {
        System.gc();
        assertThat(writer.status().memoryUsageBytes()).isZero();
      });
    }
  }

  private static void forget(Client client, ObjectId id) {
    assertThat(client.get(id)).isNotNull();
  }
}
