package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.ClusterReply;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ClusterLockTest {
  private static final String ROOT = "vineyard/S0000000000000000";

  @RegisterExtension
  private final DaemonsUnderTest daemons = DaemonsUnderTest.with(ClusterTimes.DEFAULT);

  @Test
  void oneClientHasALockAndTheOthersWaitOnWhicheverDaemonTheyAre() {
    TestClient here = daemons.client(daemons.start());
    TestClient there = daemons.client(daemons.start());
    String key = acquire(here, "/mine");
    assertThat(daemons.store().get(ROOT + key)).as("the key that is told").isPresent();

    there.wire().send(new ClusterRequest.AcquireLock("/mine"));
    eventually(
        () -> assertThat(daemons.store().list(ROOT + "/mine/").entries()).as("in line").hasSize(2));
    assertThat(there.wire().silent()).isTrue();
    assertThat(release(here, key)).isTrue();

    ClusterReply.LockAcquired second = (ClusterReply.LockAcquired) there.wire().receiveReply();
    assertThat(second.acquired()).isTrue();
    assertThat(release(there, second.key())).isTrue();
    assertThat(daemons.store().list(ROOT + "/mine/").entries()).isEmpty();
  }

  @Test
  void twoClientsOfOneDaemonExcludeEachOther() {
    Daemon daemon = daemons.start();
    TestClient first = daemons.client(daemon);
    TestClient second = daemons.client(daemon);
    String key = acquire(first, "/mine");
    second.wire().send(new ClusterRequest.AcquireLock("/mine"));
    eventually(() -> assertThat(daemons.store().list(ROOT + "/mine/").entries()).hasSize(2));

    assertThat(release(first, key)).isTrue();

    assertThat(((ClusterReply.LockAcquired) second.wire().receiveReply()).acquired()).isTrue();
  }

  @Test
  void aClientThatGoesReleasesItsLocksAndGivesUpItsPlace() {
    Daemon daemon = daemons.start();
    TestClient holder = daemons.client(daemon);
    TestClient waiter = daemons.client(daemon);
    acquire(holder, "/mine");
    waiter.wire().send(new ClusterRequest.AcquireLock("/mine"));
    eventually(() -> assertThat(daemons.store().list(ROOT + "/mine/").entries()).hasSize(2));

    waiter.close();
    eventually(() -> assertThat(daemons.store().list(ROOT + "/mine/").entries()).hasSize(1));
    holder.close();

    eventually(() -> assertThat(daemons.store().list(ROOT + "/mine/").entries()).isEmpty());
  }

  @Test
  void aLockThatNobodyHasIsNotReleased() {
    TestClient client = daemons.client(daemons.start());

    assertThat(release(client, "/mine/7f")).isFalse();
  }

  @Test
  void aSessionThatNoOtherDaemonSharesHasNoLocks() {
    Daemon daemon = daemons.start();
    SessionReply.Opened opened =
        daemons
            .client(daemon)
            .wire()
            .call(new SessionRequest.Open(StoreType.NORMAL), SessionReply.Opened.class);

    try (TestClient client = TestClient.registered(opened.socket())) {
      assertThat(client.refused(new ClusterRequest.AcquireLock("/mine")))
          .isEqualTo(Status.NOT_IMPLEMENTED);
      client.done(new SessionRequest.Delete());
    }
  }

  private static String acquire(TestClient client, String key) {
    var reply =
        client.wire().call(new ClusterRequest.AcquireLock(key), ClusterReply.LockAcquired.class);
    assertThat(reply.acquired()).isTrue();
    return reply.key();
  }

  private static boolean release(TestClient client, String key) {
    return client
        .wire()
        .call(new ClusterRequest.ReleaseLock(key), ClusterReply.LockReleased.class)
        .released();
  }
}
