package dev.vinery.metadata.contract;

import static dev.vinery.metadata.contract.Calls.commit;
import static dev.vinery.metadata.contract.Calls.keys;
import static dev.vinery.metadata.contract.Calls.leasedPut;
import static dev.vinery.metadata.contract.Calls.put;
import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.Lease;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.MetadataException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/// What a store promises about leases.
interface LeaseContract extends StoreUnderTest {
  @Test
  default void keysGoWithTheirLease() {
    try (var store = open()) {
      Lease lease = store.grant(LEASE_TIME);
      commit(store, leasedPut("a/1", "1", lease), leasedPut("a/2", "2", lease), put("a/3", "3"));
      var seen = new RecordingListener();
      try (var _ = store.watch("a/", store.revision() + 1, seen)) {
        elapse(LEASE_TIME);

        eventually(() -> assertThat(keys(store.list("a/"))).containsExactly("a/3"));
        seen.awaitRevision(store.revision());
        assertThat(seen.revisions()).hasSize(1);
        assertThat(seen.changesOf(store.revision()))
            .containsExactlyInAnyOrder(new Change.Delete("a/1"), new Change.Delete("a/2"));
      }
    }
  }

  @Test
  default void aLeaseThatIsKeptAliveStays() {
    try (var store = open()) {
      Lease lease = store.grant(LEASE_TIME);
      commit(store, leasedPut("a", "1", lease));
      Duration most = LEASE_TIME.multipliedBy(3).dividedBy(5);

      for (int i = 0; i < 3; i++) {
        elapse(most);
        lease.keepAlive();
      }
      elapse(most);

      assertThat(store.get("a")).isPresent();
      lease.revoke();
    }
  }

  @Test
  default void aRevokedLeaseTakesItsKeysAlong() {
    try (var store = open()) {
      Lease lease = store.grant(LONG);
      Lease other = store.grant(LONG);
      commit(store, leasedPut("a", "1", lease), leasedPut("b", "2", other));

      lease.revoke();
      lease.revoke();

      assertThat(keys(store.list(""))).containsExactly("b");
      other.revoke();
      assertThat(store.list("").entries()).isEmpty();
    }
  }

  @Test
  default void aKeyThatIsPutAgainIsDetached() {
    try (var store = open()) {
      Lease lease = store.grant(LONG);
      Lease other = store.grant(LONG);
      commit(store, leasedPut("a", "1", lease), leasedPut("b", "1", lease));
      commit(store, put("a", "2"), leasedPut("b", "2", other));

      lease.revoke();

      assertThat(keys(store.list(""))).containsExactly("a", "b");
      other.revoke();
      assertThat(keys(store.list(""))).containsExactly("a");
    }
  }

  @Test
  default void anEndedLeaseIsRefused() {
    try (var store = open()) {
      Lease lease = store.grant(LONG);
      lease.revoke();

      assertThatThrownBy(lease::keepAlive).isInstanceOf(MetadataException.class);
      assertThatThrownBy(() -> commit(store, put("a", "1"), leasedPut("b", "2", lease)))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(MetadataException.class);
      assertThatThrownBy(() -> store.lock("l", lease, LONG)).isInstanceOf(MetadataException.class);
      assertThat(store.list("").entries()).isEmpty();
    }
  }

  @Test
  default void leasesHaveBounds() {
    try (var store = open()) {
      assertThatThrownBy(() -> store.grant(Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.grant(MetadataStore.MAX_LEASE_TIME.plusNanos(1)))
          .isInstanceOf(IllegalArgumentException.class);
      store.grant(MetadataStore.MAX_LEASE_TIME).revoke();
    }
  }
}
