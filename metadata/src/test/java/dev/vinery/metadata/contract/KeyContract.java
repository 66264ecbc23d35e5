package dev.vinery.metadata.contract;

import static dev.vinery.metadata.contract.Calls.commit;
import static dev.vinery.metadata.contract.Calls.commitIf;
import static dev.vinery.metadata.contract.Calls.delete;
import static dev.vinery.metadata.contract.Calls.deleteRange;
import static dev.vinery.metadata.contract.Calls.keys;
import static dev.vinery.metadata.contract.Calls.put;
import static dev.vinery.metadata.contract.Calls.puts;
import static dev.vinery.metadata.contract.Calls.revisionsSince;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.Lease;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.metadata.MetadataStore.Listing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// What a store promises about keys, values and revisions, and about its end.
interface KeyContract extends StoreUnderTest {
  @Test
  default void aValueIsFoundUnderItsKeyWithItsRevision() {
    try (var store = open()) {
      long revision = commit(store, put("a", "{\"name\":\"Käfer 🐞\"}"));

      assertThat(store.get("a")).contains(new Entry("a", "{\"name\":\"Käfer 🐞\"}", revision));
      assertThat(store.get("b")).isEmpty();
    }
  }

  @Test
  default void revisionsGrow() {
    try (var store = open()) {
      long empty = store.revision();
      long first = commit(store, put("a", "1"));
      long second = commit(store, put("a", "1"));

      assertThat(empty).isPositive();
      assertThat(first).isGreaterThan(empty);
      assertThat(second).isGreaterThan(first);
      assertThat(store.revision()).isEqualTo(second);
      assertThat(store.get("a")).contains(new Entry("a", "1", second));
    }
  }

  @Test
  default void whatChangesNothingMakesNoRevision() {
    try (var store = open()) {
      long before = commit(store, put("a", "1"));

      assertThat(commit(store)).isEqualTo(before);
      assertThat(commit(store, delete("b"), deleteRange("b"))).isEqualTo(before);
      assertThat(store.revision()).isEqualTo(before);
    }
  }

  @Test
  default void aDeletedKeyIsGone() {
    try (var store = open()) {
      commit(store, put("a", "1"), put("ab", "2"));
      commit(store, delete("a"));

      assertThat(store.get("a")).isEmpty();
      assertThat(store.get("ab")).isPresent();
    }
  }

  @Test
  default void aRangeIsAllThatBeginsWithThePrefix() {
    try (var store = open()) {
      commit(
          store, put("a", "1"), put("a/", "2"), put("a/b", "3"), put("a/~", "4"), put("a0", "5"));
      commit(store, deleteRange("a/"));

      assertThat(keys(store.list(""))).containsExactly("a", "a0");
    }
  }

  @Test
  default void aListingIsOrderedByTheBytesOfTheKeys() {
    try (var store = open()) {
      commit(store, put("n/\uffee", "4"), put("n/🐞", "5"), put("n/a/b", "2"), put("n/é", "3"));
      long revision = commit(store, put("n/a", "1"), put("m", "0"), put("o", "6"));

      Listing listing = store.list("n/");

      assertThat(listing.revision()).isEqualTo(revision);
      assertThat(keys(listing)).containsExactly("n/a", "n/a/b", "n/é", "n/\uffee", "n/🐞");
      assertThat(listing.entries())
          .extracting(Entry::value)
          .containsExactly("1", "2", "3", "4", "5");
    }
  }

  @Test
  default void changesAreMadeInTheirOrder() {
    try (var store = open()) {
      commit(
          store,
          put("a", "1"),
          put("a", "2"),
          deleteRange("b"),
          put("b", "3"),
          put("c", "4"),
          delete("c"));

      assertThat(store.get("a")).map(Entry::value).contains("2");
      assertThat(store.get("b")).map(Entry::value).contains("3");
      assertThat(store.get("c")).isEmpty();
    }
  }

  @Test
  default void oneGroupIsOneRevision() {
    try (var store = open()) {
      long before = store.revision();
      commit(store, puts(MetadataStore.MAX_CHANGES_PER_COMMIT));
      assertThat(revisionsSince(store, before)).hasSize(1);

      long between = store.revision();
      commit(store, puts(MetadataStore.MAX_CHANGES_PER_COMMIT + 1));
      assertThat(revisionsSince(store, between))
          .extracting(seen -> seen.changes().size())
          .containsExactly(MetadataStore.MAX_CHANGES_PER_COMMIT, 1);
    }
  }

  @Test
  default void aConditionalCommitWantsTheRevisionThatWasRead() {
    try (var store = open()) {
      long first = commitIf(store, "n", 0, put("n", "1"), put("i/0", "me")).orElseThrow();

      assertThat(commitIf(store, "n", 0, put("n", "2"))).isEmpty();
      assertThat(commitIf(store, "n", first + 1, put("n", "2"))).isEmpty();
      assertThat(commitIf(store, "absent", first, put("n", "2"))).isEmpty();
      assertThat(store.get("n")).contains(new Entry("n", "1", first));

      long second = commitIf(store, "n", first, put("n", "2"), delete("i/0")).orElseThrow();
      assertThat(second).isGreaterThan(first);
      assertThat(store.get("n")).contains(new Entry("n", "2", second));
      assertThat(store.get("i/0")).isEmpty();
    }
  }

  @Test
  default void aConditionalCommitIsOneGroup() {
    try (var store = open()) {
      Change[] tooMany = puts(MetadataStore.MAX_CHANGES_PER_COMMIT + 1);

      assertThatThrownBy(() -> store.commitIf("n", 0, List.of(tooMany)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.commitIf("n", 0, List.of(put("a", "1"), put("a", "2"))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(store.list("").entries()).isEmpty();
    }
  }

  @Test
  default void ofRacingConditionalCommitsOneWins() throws Exception {
    int threads = 4;
    int perThread = 25;
    try (var store = open();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<List<Long>> allocate = () -> allocate(store, perThread);
      var numbers = new TreeSet<Long>();
      for (var allocated : executor.invokeAll(List.of(allocate, allocate, allocate, allocate))) {
        numbers.addAll(allocated.get());
      }

      assertThat(numbers).hasSize(threads * perThread);
      assertThat(store.get("next")).map(Entry::value).contains("" + threads * perThread);
    }
  }

  /// Takes numbers from a counter as daemons do.
  private static List<Long> allocate(MetadataStore store, int count) {
    List<Long> numbers = new ArrayList<>();
    while (numbers.size() < count) {
      Optional<Entry> next = store.get("next");
      long number = next.map(entry -> Long.parseLong(entry.value())).orElse(0L);
      long seen = next.map(Entry::modRevision).orElse(0L);
      if (commitIf(store, "next", seen, put("next", "" + (number + 1))).isPresent()) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  @Test
  default void aClosedStoreRefusesCalls() {
    var store = open();
    Lease lease = store.grant(LONG);
    store.close();
    store.close();

    assertThatThrownBy(() -> store.get("a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.commit(List.of())).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(lease::keepAlive).isInstanceOf(IllegalStateException.class);
  }
}
