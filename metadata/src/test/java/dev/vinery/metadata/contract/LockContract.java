package dev.vinery.metadata.contract;

import static dev.vinery.metadata.contract.Calls.keys;
import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.metadata.KeyLock;
import dev.vinery.metadata.Lease;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.MetadataException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What a store promises about locks.
interface LockContract extends StoreUnderTest {
  @Test
  default void aLockIsAKeyUnderItsName() throws Exception {
    try (var store = open()) {
      Lease lease = store.grant(LONG);
      KeyLock lock = store.lock("l", lease, LONG).orElseThrow();

      assertThat(lock.key()).isEqualTo("l/" + Long.toHexString(lease.id()));
      assertThat(keys(store.list(""))).containsExactly(lock.key());
      lock.close();
      lock.close();
      assertThat(store.list("").entries()).isEmpty();
      lease.revoke();
    }
  }

  @Test
  default void whoWaitsGetsTheLockWhenItIsReleased() throws Exception {
    try (var store = open();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      KeyLock lock = store.lock("l", store.grant(LONG), LONG).orElseThrow();
      Future<KeyLock> second = inLine(store, executor, store.grant(LONG), 2);
      Future<KeyLock> third = inLine(store, executor, store.grant(LONG), 3);

      lock.close();

      KeyLock gotSecond = second.get();
      assertThat(third.isDone()).isFalse();
      gotSecond.close();
      third.get().close();
      assertThat(store.list("").entries()).isEmpty();
    }
  }

  @Test
  default void aWaitForALockHasAnEnd() throws Exception {
    try (var store = open()) {
      KeyLock lock = store.lock("l", store.grant(LONG), LONG).orElseThrow();
      Lease lease = store.grant(LONG);

      assertThat(store.lock("l", lease, Duration.ofMillis(20))).isEmpty();
      assertThat(store.lock("l", lease, Duration.ZERO)).isEmpty();

      assertThat(keys(store.list(""))).containsExactly(lock.key());
      lock.close();
      store.lock("l", lease, Duration.ZERO).orElseThrow().close();
    }
  }

  @Test
  default void anInterruptedWaiterLeavesTheLine() throws Exception {
    try (var store = open();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      KeyLock lock = store.lock("l", store.grant(LONG), LONG).orElseThrow();
      Future<KeyLock> waiting = inLine(store, executor, store.grant(LONG), 2);

      waiting.cancel(true);

      eventually(() -> assertThat(keys(store.list(""))).containsExactly(lock.key()));
      lock.close();
    }
  }

  @Test
  default void aLockDiesWithItsLease() throws Exception {
    try (var store = open();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      KeyLock lost = store.lock("l", store.grant(LEASE_TIME), LONG).orElseThrow();
      Future<KeyLock> second = inLine(store, executor, store.grant(LONG), 2);

      elapse(LEASE_TIME);

      eventually(() -> assertThat(store.get(lost.key())).isEmpty());
      KeyLock held = second.get();
      lost.close();
      assertThat(keys(store.list(""))).containsExactly(held.key());
    }
  }

  @Test
  default void aWaiterWhoseLeaseEndsIsTold() throws Exception {
    try (var store = open();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      KeyLock lock = store.lock("l", store.grant(LONG), LONG).orElseThrow();
      Lease lease = store.grant(LONG);
      Future<KeyLock> waiting = inLine(store, executor, lease, 2);

      lease.revoke();

      assertThatThrownBy(waiting::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(MetadataException.class);
      lock.close();
    }
  }

  @Test
  default void aLeaseLocksANameOnce() throws Exception {
    try (var store = open()) {
      Lease lease = store.grant(LONG);
      KeyLock lock = store.lock("l", lease, LONG).orElseThrow();

      assertThatThrownBy(() -> store.lock("l", lease, LONG))
          .isInstanceOf(IllegalStateException.class);

      store.lock("m", lease, LONG).orElseThrow().close();
      lock.close();
      store.lock("l", lease, LONG).orElseThrow().close();
    }
  }

  @Test
  default void closingTheStoreEndsWaits() throws Exception {
    var store = open();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(store.lock("l", store.grant(LONG), LONG)).isPresent();
      Future<KeyLock> waiting = inLine(store, executor, store.grant(LONG), 2);

      store.close();

      assertThatThrownBy(waiting::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }

  /// Starts to wait for the lock `l`; returns when the line is so long.
  private static Future<KeyLock> inLine(
      MetadataStore store, ExecutorService executor, Lease lease, int length) {
    Future<KeyLock> waiting = executor.submit(() -> store.lock("l", lease, LONG).orElseThrow());
    eventually(() -> assertThat(store.list("l/").entries()).hasSize(length));
    return waiting;
  }
}
