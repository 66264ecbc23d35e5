package dev.vinery.client.contract;

import static dev.vinery.client.contract.Contract.thing;
import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// What every client can do with names.
interface NameContract extends Contract {
  @Test
  default void namesAreGivenLookedUpListedAndTakenAway() {
    ObjectId id = client().create(thing().build());
    assertThat(client().isPersistent(id)).isFalse();
    client().persist(id);
    client().putName(id, "one");

    assertThat(client().isPersistent(id)).isTrue();
    assertThat(client().getName("one")).isEqualTo(id);
    assertThat(client().listNames("o*", 10)).containsExactly(Map.entry("one", id));
    assertThat(client().listNamesByRegex("o.e", 10)).containsKey("one");
    client().dropName("one");
    assertThat(client().findName("one")).isEmpty();
    assertThatThrownBy(() -> client().getName("one")).isInstanceOf(ObjectNotFoundException.class);
  }

  @Test
  default void whatIsAwaitedComes() throws Exception {
    try (Client other = daemon().connect();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = executor.submit(() -> client().awaitName("later", Duration.ofSeconds(20)));
      eventually(() -> assertThat(other.status().deferredRequests()).isOne());
      ObjectId id = other.create(thing().build());
      other.persist(id);
      other.putName(id, "later");

      assertThat(waiting.get()).isEqualTo(id);
      assertThat(client().awaitMetadata(id, Duration.ofSeconds(20)).id()).isEqualTo(id);
    }
    assertThatThrownBy(() -> client().awaitName("never", Duration.ofMillis(1)))
        .isInstanceOf(ObjectNotFoundException.class);
  }
}
