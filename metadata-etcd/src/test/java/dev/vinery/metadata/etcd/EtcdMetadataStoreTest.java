package dev.vinery.metadata.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.contract.MetadataStoreContract;
import dev.vinery.metadata.contract.RecordingListener;
import dev.vinery.protocol.MetadataException;
import io.etcd.jetcd.Client;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract, with a real etcd; and what else a store that others share must stand.
final class EtcdMetadataStoreTest implements MetadataStoreContract {
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private static Path directory;

  private static EtcdProcess etcd;

  @BeforeAll
  static void startEtcd() throws IOException {
    etcd = EtcdProcess.start(directory);
  }

  @AfterAll
  static void stopEtcd() {
    etcd.close();
  }

  @Override
  public MetadataStore open() {
    var store = etcd.store();
    commit(store, new Change.DeleteRange(""));
    return store;
  }

  /// The leases are etcd's, and its time is real.
  @Override
  public void elapse(Duration time) {
    long endNanos = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - endNanos < 0) {
      LockSupport.parkNanos(endNanos - System.nanoTime());
    }
  }

  @Override
  public void forgetRevisions(MetadataStore store) {
    long newest = commit(store, new Change.Put("newest", "1"));
    try (var client = Client.builder().endpoints(etcd.endpoint()).build()) {
      client.getKVClient().compact(newest).join();
    }
  }

  private static long commit(MetadataStore store, Change... changes) {
    return store.commit(List.of(changes)).toCompletableFuture().join();
  }

  @Test
  void longListingsComeInPagesOfOneRevision() {
    try (var store = open()) {
      Change[] many =
          IntStream.range(0, 12_500)
              .mapToObj(i -> new Change.Put("many/%05d".formatted(i), "" + i))
              .toArray(Change[]::new);
      commit(store, many);

      assertThat(store.list("many/").entries())
          .hasSize(many.length)
          .extracting(MetadataStore.Entry::key)
          .isSorted();
    }
  }

  @Test
  void manyLargeChangesAreStoredInSeveralRequests() {
    try (var store = open()) {
      Change[] large =
          IntStream.range(0, 100)
              .mapToObj(i -> new Change.Put("large/" + i, "x".repeat(50_000)))
              .toArray(Change[]::new);

      commit(store, large);

      assertThat(store.list("large/").entries()).hasSize(large.length);
    }
  }

  @Test
  void oneValueThatIsTooLargeForEtcdIsRefusedWithTheSizesAndWhatHelps() {
    try (var store = open()) {
      for (int bytes : new int[] {1_600_000, 5_000_000}) {
        var changes = List.<Change>of(new Change.Put("large", "x".repeat(bytes)));

        assertThatThrownBy(() -> store.commit(changes).toCompletableFuture().join())
            .hasCauseInstanceOf(MetadataException.class)
            .hasMessageContaining(bytes + "large".length() + " bytes")
            .hasMessageContaining("1572864")
            .hasMessageContaining("--max-request-bytes");
      }
      assertThat(store.get("large")).isEmpty();
    }
  }

  @Test
  void whatAnotherStoreCommitsIsSeen() {
    try (var store = open();
        var other = etcd.store()) {
      var seen = new RecordingListener();
      try (var _ = store.watch("a/", store.revision() + 1, seen)) {
        seen.awaitRevision(commit(other, new Change.Put("a/1", "1")));
      }
      assertThat(store.get("a/1")).isPresent();
    }
  }

  @Test
  void anOutageIsWaitedForAndNothingThatWasCommittedIsLost() {
    try (var store = open()) {
      commit(store, new Change.Put("a", "1"));
      var seen = new RecordingListener();
      try (var _ = store.watch("", store.revision() + 1, seen)) {
        etcd.kill();
        var during = store.commit(List.of(new Change.Put("b", "2"))).toCompletableFuture();
        etcd.restart();

        long revision = settled(during, store);
        seen.awaitRevision(revision);
      }
      assertThat(store.get("a")).isPresent();
      assertThat(store.get("b")).isPresent();
    }
  }

  /// A call that waits since before etcd was back must not wait for its time-out.
  @Test
  void afterAnOutageNoCallWaitsForAClientThatWasReplaced() {
    try (var store = open();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var seen = new RecordingListener();
      try (var _ = store.watch("", store.revision() + 1, seen)) {
        seen.awaitRevision(commit(store, new Change.Put("a", "1")));
        etcd.kill();
        elapse(EtcdMetadataStore.REQUEST_TIME.plusSeconds(1));
        var waiting = executor.submit(store::revision);
        elapse(Duration.ofMillis(500));
        etcd.restart();

        assertThat(waiting)
            .as("answered or refused")
            .matches(call -> isOver(call, EtcdMetadataStore.REQUEST_TIME.dividedBy(2)));
        assertThat(store.revision()).isPositive();
      }
    }
  }

  private static boolean isOver(Future<?> call, Duration patience) {
    try {
      call.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException refused) {
      return true;
    } catch (TimeoutException | InterruptedException late) {
      return false;
    }
  }

  /// The revision of a commit that may have failed when etcd went, and is then made again.
  private static long settled(CompletableFuture<Long> first, MetadataStore store) {
    try {
      return first.join();
    } catch (CompletionException failed) {
      assertThat(failed).hasCauseInstanceOf(MetadataException.class);
      return commit(store, new Change.Put("b", "2"));
    }
  }

  @Test
  void whereNobodyListensACallFailsInTime() {
    try (var alone = EtcdMetadataStore.at(List.of(URI.create("http://127.0.0.1:1")))) {
      assertThatThrownBy(() -> alone.get("a"))
          .isInstanceOf(MetadataException.class)
          .hasMessageContaining("etcd");
    }
  }

  @Test
  void aDeadHoldersLockPassesOnWhenItsLeaseEnds() throws Exception {
    try (var store = open()) {
      try (var dead = etcd.store()) {
        assertThat(dead.lock("l", dead.grant(SHORT), Duration.ZERO)).isPresent();
      }

      assertThat(store.lock("l", store.grant(LONG), LONG)).isPresent();
      assertThat(store.list("l/").entries()).hasSize(1);
    }
  }
}
