package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.DeleteOption;
import dev.vinery.client.Draft;
import dev.vinery.client.VineryObject;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.ObjectId;
import dev.vinery.testkit.Eventually;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How long values of every family are valid.
final class LifeTimeTest {
  @RegisterExtension static final RunningDaemon DAEMON = new RunningDaemon();

  static Stream<Named<Family>> families() {
    return Family.all().entrySet().stream().map(each -> Named.of(each.getKey(), each.getValue()));
  }

  @ParameterizedTest
  @MethodSource("families")
  void aValueComesBackEqualAndCanBeReadInFull(Family family) {
    try (Client client = DAEMON.connect()) {
      Object got = family.get(client, family.store(client));

      assertThat(family.contents(got)).isEqualTo(family.expected());
      Reading.everything(got);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void closingTwiceIsFine(Family family) throws Exception {
    try (Client client = DAEMON.connect()) {
      Object got = family.get(client, family.store(client));
      for (AutoCloseable part : Reading.closeable(got)) {
        part.close();
        part.close();
      }
      assertThat(client.get(client.put(1L))).isEqualTo(1L);
    }
  }

  static Stream<Named<Family>> closeableFamilies() {
    return families()
        .filter(named ->
            switch (named.getPayload()) {
              case Family.Plain(var value) -> value instanceof AutoCloseable;
              case Family.OfOtherClient(_, var value) -> value instanceof AutoCloseable;
              default -> true;
            });
  }

  @ParameterizedTest
  @MethodSource("closeableFamilies")
  void aClosedValueCannotBeRead(Family family) throws Exception {
    try (Client client = DAEMON.connect()) {
      Object got = family.get(client, family.store(client));
      Reading.closeable(got).getFirst().close();

      assertThatThrownBy(() -> family.contents(got)).isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void aValueOutlivesTheDeletionOfItsObjectAndItsClient(Family family) {
    Object got;
    try (Client client = DAEMON.connect()) {
      ObjectId id = family.store(client);
      got = family.get(client, id);
      client.delete(List.of(id), DeleteOption.TRIM);
      assertThat(client.exists(id)).isFalse();
    }
    try (Client other = DAEMON.connect()) {
      for (int i = 0; i < 50; i++) {
        ObjectId id = other.put(new byte[4096]);
        other.delete(List.of(id));
      }
      assertThat(family.contents(got)).isEqualTo(family.expected());
      Reading.everything(got);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void theMemoryOfAForgottenValueComesBack(Family family) {
    try (Client writer = DAEMON.connect();
        Client reader = DAEMON.connect()) {
      writer.clear(); // what other tests left
      ObjectId id = family.store(writer);
      forget(family, reader, id);
      writer.delete(List.of(id));

      Eventually.eventually(() -> {
        System.gc();
        assertThat(writer.status().memoryUsageBytes()).isZero();
      });
    }
  }

  private static void forget(Family family, Client client, ObjectId id) {
    assertThat(family.get(client, id)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"vineyard::Series", "vineyard::Index"})
  void whatCannotBeAPartIsLetGoAtOnce(String typeName) {
    try (Client client = DAEMON.connect()) {
      awaitEmpty(client);
      ObjectId frame = client.put(Samples.frame());
      ObjectId id =
          client.create(
              Draft.object(typeName)
                  .put("name", "null")
                  .member("value_", new Draft.Existing(frame))
                  .build());

      ((VineryObject) client.get(id)).close();
      client.clear();

      assertThat(client.status().memoryUsageBytes()).isZero();
    }
  }

  /// Empties the store, of what other tests have forgotten, too.
  private static void awaitEmpty(Client client) {
    client.clear();
    Eventually.eventually(() -> {
      System.gc();
      assertThat(client.status().memoryUsageBytes()).isZero();
    });
  }
}
