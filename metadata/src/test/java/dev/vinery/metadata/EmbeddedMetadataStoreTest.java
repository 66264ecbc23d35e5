package dev.vinery.metadata;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.metadata.contract.MetadataStoreContract;
import dev.vinery.metadata.contract.RecordingListener;
import dev.vinery.testkit.FakeClock;
import dev.vinery.testkit.SeededTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class EmbeddedMetadataStoreTest implements MetadataStoreContract {
  private static final Comparator<String> BY_UTF_8 =
      Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  private final FakeClock clock = new FakeClock(Instant.EPOCH);

  @Override
  public MetadataStore open() {
    return new EmbeddedMetadataStore(clock);
  }

  @Override
  public void elapse(Duration time) {
    clock.advance(time);
  }

  @Override
  public void forgetRevisions(MetadataStore store) {
    for (int i = 0; i <= History.MAX_REVISIONS; i++) {
      put(store, "forgotten", "1");
    }
  }

  @SeededTest(runs = 100)
  void itAgreesWithASimpleMap(RandomGenerator random) {
    var model = new TreeMap<String, String>(BY_UTF_8);
    try (var store = open()) {
      for (int round = 0; round < 30; round++) {
        List<Change> changes = randomChanges(random);
        changes.forEach(change -> apply(change, model));
        store.commit(changes);

        assertThat(contents(store, "")).containsExactlyEntriesOf(model);
        String prefix = randomKey(random);
        model.keySet().stream()
            .filter(key -> key.startsWith(prefix))
            .forEach(key -> assertThat(store.get(key)).isPresent());
        assertThat(contents(store, prefix).keySet())
            .containsExactlyElementsOf(
                model.keySet().stream().filter(key -> key.startsWith(prefix)).toList());
      }
      assertThat(replay(store)).isEqualTo(model);
    }
  }

  /// Builds the map again from the reports of a watch.
  private static Map<String, String> replay(MetadataStore store) {
    var seen = new RecordingListener();
    try (var _ = store.watch("", 1, seen)) {
      seen.awaitRevision(store.revision());
    }
    var replayed = new TreeMap<String, String>(BY_UTF_8);
    long last = 1;
    for (var revision : seen.revisions()) {
      assertThat(revision.revision()).isEqualTo(last + 1);
      last = revision.revision();
      assertThat(revision.changes()).isNotEmpty().doesNotHaveDuplicates();
      revision.changes().forEach(change -> apply(change, replayed));
    }
    return replayed;
  }

  private static Map<String, String> contents(MetadataStore store, String prefix) {
    var contents = new TreeMap<String, String>(BY_UTF_8);
    List<Entry> entries = store.list(prefix).entries();
    entries.forEach(entry -> contents.put(entry.key(), entry.value()));
    assertThat(entries).extracting(Entry::key).containsExactlyElementsOf(contents.keySet());
    return contents;
  }

  private static void apply(Change change, Map<String, String> model) {
    switch (change) {
      case Change.Put(var key, var value) -> model.put(key, value);
      case Change.LeasedPut(var key, var value, _) -> model.put(key, value);
      case Change.Delete(var key) -> model.remove(key);
      case Change.DeleteRange(var prefix) -> model.keySet().removeIf(key -> key.startsWith(prefix));
    }
  }

  private static List<Change> randomChanges(RandomGenerator random) {
    List<Change> changes = new ArrayList<>();
    int count = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      String key = randomKey(random);
      changes.add(
          switch (random.nextInt(6)) {
            case 0 -> new Change.Delete(key);
            case 1 -> new Change.DeleteRange(key);
            default -> new Change.Put(key, Integer.toString(random.nextInt()));
          });
    }
    return changes;
  }

  private static String randomKey(RandomGenerator random) {
    String[] letters = {"a", "b", "/", "é", "\ue000", "\uffee", "🐞", "🦋"};
    var key = new StringBuilder();
    int length = 1 + random.nextInt(3);
    for (int i = 0; i < length; i++) {
      key.append(letters[random.nextInt(letters.length)]);
    }
    return key.toString();
  }

  @Test
  void aSlowListenerFallsOutOfTheHistory() throws InterruptedException {
    var slow = new SlowListener();
    try (var store = open();
        var _ = store.watch("", 1, slow)) {
      put(store, "a", "1");
      slow.called.await();
      forgetRevisions(store);
      slow.goOn.countDown();

      eventually(() -> assertThat(slow.seen.compactedTo()).isPresent());
      assertThat(slow.seen.revisions()).hasSize(1);
    }
  }

  /// Does not return from its first call before it is allowed to.
  private static final class SlowListener implements WatchListener {
    final RecordingListener seen = new RecordingListener();
    final CountDownLatch called = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public void changed(long revision, List<Change.OfKey> changes) {
      seen.changed(revision, changes);
      called.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError("nobody interrupts a watch", e);
      }
    }

    @Override
    public void compacted(long oldestRevision) {
      seen.compacted(oldestRevision);
    }
  }

  @Test
  void theHistoryIsBoundedInSizeToo() {
    String large = "x".repeat((int) (History.MAX_CHARS / 4));
    try (var store = open()) {
      for (int i = 0; i < 8; i++) {
        put(store, "a", large);
      }
      var late = new RecordingListener();
      try (var _ = store.watch("", 2, late)) {
        eventually(() -> assertThat(late.compactedTo()).isPresent());
        long kept = store.revision() - late.compactedTo().getAsLong() + 1;
        assertThat(kept).isEqualTo(3);
      }
    }
  }

  @Test
  void theNewestRevisionIsReportedHoweverLargeItIs() {
    try (var store = open()) {
      long revision = put(store, "a", "x".repeat((int) History.MAX_CHARS + 1));
      var seen = new RecordingListener();
      try (var _ = store.watch("", revision, seen)) {
        seen.awaitRevision(revision);
      }
    }
  }

  @Test
  void waitersSeeALeaseRunOutWithoutACall() {
    try (var store = new EmbeddedMetadataStore(InstantSource.system())) {
      Lease lease = store.grant(Duration.ofMillis(20));
      long put =
          store
              .commit(List.of(new Change.LeasedPut("a", "1", lease.id())))
              .toCompletableFuture()
              .join();
      var seen = new RecordingListener();
      try (var _ = store.watch("a", put, seen)) {
        seen.awaitRevision(put + 1);

        assertThat(seen.revisions().getLast().changes()).containsExactly(new Change.Delete("a"));
      }
    }
  }

  private static long put(MetadataStore store, String key, String value) {
    return store.commit(List.of(new Change.Put(key, value))).toCompletableFuture().join();
  }
}
