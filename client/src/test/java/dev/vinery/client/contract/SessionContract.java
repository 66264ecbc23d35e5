package dev.vinery.client.contract;

import static dev.vinery.client.contract.Contract.blobOf;
import static dev.vinery.client.contract.Contract.thing;
import static dev.vinery.testkit.Eventually.eventually;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.ConnectOptions;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.ObjectId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What every client knows of its daemon and can do with sessions.
interface SessionContract extends Contract {
  @Test
  default void aClientTellsItsDoor() {
    assertThat(client().address()).isEqualTo(daemon().address());
    assertThat(client()).hasToString("Client[" + daemon().address() + "]");
    eventually(() -> {
      var status = client().status();
      assertThat(daemon().door() == Door.TCP ? status.rpcConnections() : status.ipcConnections())
          .isOne();
    });
    assertThat(client().instances()).containsKey(client().instanceId());
    assertThat(client().version()).startsWith("0.24");
  }

  @Test
  default void sessionsAreApart() {
    ObjectId outside = client().create(thing().member("b", blobOf(100, 1)).build());
    ObjectId blob = client().create(blobOf(50, 1));
    boolean ownBlobs = daemon().keeps(Promise.SESSIONS_HAVE_THEIR_OWN_BLOBS);
    try (Client session = client().openSession()) {
      ObjectId inside = session.create(thing().member("b", blobOf(100, 2)).build());

      assertThat(session.exists(outside)).isFalse();
      assertThat(client().exists(inside)).isFalse();
      assertThat(session.exists(blob)).isFalse();
      try (VineryObject object = session.getObject(inside)) {
        assertThat(object.member("b").segment().get(JAVA_BYTE, 99)).isEqualTo((byte) 2);
      }
      session.deleteSession();
      assertThatThrownBy(session::status).isInstanceOf(IllegalStateException.class);
    }
    awaitMemoryUsage(ownBlobs ? 150 : 250);
    assertThat(client().exists(outside)).isTrue();
  }

  @Test
  default void othersComeInAfterASessionWasDeleted() {
    client().openSession().deleteSession();

    if (daemon().keeps(Promise.DELETING_A_SESSION_DOES_NOT_END_THE_DOOR)) {
      try (Client other = daemon().connect()) {
        assertThat(other.instanceId()).isEqualTo(client().instanceId());
      }
    } else {
      var soon = ConnectOptions.DEFAULT.withTimeout(Duration.ofSeconds(1));
      assertThatThrownBy(() -> daemon().connect(soon)).isInstanceOf(ConnectionException.class);
    }
  }

  @Test
  default void aClosedClientSaysSo() {
    client().close();
    client().close();

    assertThatThrownBy(client()::status)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the client is closed");
    assertThatThrownBy(() -> client().getBlob(ObjectId.EMPTY_BLOB))
        .isInstanceOf(IllegalStateException.class);
  }
}
