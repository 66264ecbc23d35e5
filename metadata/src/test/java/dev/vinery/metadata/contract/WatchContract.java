package dev.vinery.metadata.contract;

import static dev.vinery.metadata.contract.Calls.commit;
import static dev.vinery.metadata.contract.Calls.deleteRange;
import static dev.vinery.metadata.contract.Calls.put;
import static dev.vinery.metadata.contract.Calls.revisionsSince;
import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataStore.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a store promises about watches.
interface WatchContract extends StoreUnderTest {
  @Test
  default void aWatchReportsWhatComesGroupedByRevision() {
    try (var store = open()) {
      commit(store, put("a/0", "0"));
      var seen = new RecordingListener();
      try (var _ = store.watch("a/", store.revision() + 1, seen)) {
        long first = commit(store, put("a/1", "1"), put("a/2", "2"), put("b", "3"));
        long second = commit(store, deleteRange("a/"));

        seen.awaitRevision(second);
        assertThat(seen.revisions())
            .extracting(RecordingListener.Seen::revision)
            .containsExactly(first, second);
        assertThat(seen.changesOf(first))
            .containsExactlyInAnyOrder(new Change.Put("a/1", "1"), new Change.Put("a/2", "2"));
        assertThat(seen.changesOf(second))
            .containsExactlyInAnyOrder(
                new Change.Delete("a/0"), new Change.Delete("a/1"), new Change.Delete("a/2"));
      }
    }
  }

  @Test
  default void aWatchResumesFromAnOldRevision() {
    try (var store = open()) {
      commit(store, put("a", "1"));
      long second = commit(store, put("a", "2"));
      long third = commit(store, put("a", "3"));

      var seen = revisionsSince(store, second - 1);

      assertThat(seen)
          .containsExactly(
              new RecordingListener.Seen(second, List.of(new Change.Put("a", "2"))),
              new RecordingListener.Seen(third, List.of(new Change.Put("a", "3"))));
    }
  }

  @Test
  default void aWatchAlsoTellsHowFarItHasCome() {
    try (var store = open()) {
      var seen = new RecordingListener();
      try (var _ = store.watch("a/", store.revision() + 1, seen)) {
        long elsewhere = commit(store, put("b", "1"));

        seen.awaitRevision(elsewhere);
        assertThat(seen.changesOf(elsewhere)).isEmpty();
      }
    }
  }

  @Test
  default void aWatchMayStartInTheFuture() {
    try (var store = open()) {
      long from = store.revision() + 2;
      var seen = new RecordingListener();
      try (var _ = store.watch("", from, seen)) {
        commit(store, put("a", "1"));
        commit(store, put("a", "2"));

        seen.awaitRevision(from);
        assertThat(seen.revisions())
            .extracting(RecordingListener.Seen::revision)
            .containsExactly(from);
      }
      assertThatThrownBy(() -> store.watch("", 0, seen))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  default void aClosedWatchReportsNothing() {
    try (var store = open()) {
      var closed = new RecordingListener();
      store.watch("", store.revision() + 1, closed).close();
      var open = new RecordingListener();
      try (var _ = store.watch("", store.revision() + 1, open)) {
        open.awaitRevision(commit(store, put("a", "1")));
        open.awaitRevision(commit(store, put("a", "2")));

        assertThat(closed.revisions()).isEmpty();
      }
    }
  }

  @Test
  default void aListenerMayUseTheStore() {
    try (var store = open()) {
      var seen = new RecordingListener();
      seen.onChange(change -> {
        if (change instanceof Change.Put(var key, var value) && key.equals("question")) {
          commit(store, put("answer", value));
        }
      });
      try (var _ = store.watch("", store.revision() + 1, seen)) {
        commit(store, put("question", "42"));

        eventually(() -> assertThat(store.get("answer")).map(Entry::value).contains("42"));
        seen.awaitRevision(store.revision());
      }
    }
  }

  @Test
  default void aWatchFromAForgottenRevisionIsToldWhereToStart() {
    try (var store = open()) {
      long old = commit(store, put("a", "1"));
      forgetRevisions(store);
      var late = new RecordingListener();
      try (var _ = store.watch("a", old, late)) {
        eventually(() -> assertThat(late.compactedTo()).isPresent());

        long oldest = late.compactedTo().getAsLong();
        assertThat(oldest).isGreaterThan(old).isLessThanOrEqualTo(store.revision());
        assertThat(late.revisions()).isEmpty();
        var seen = new RecordingListener();
        try (var _ = store.watch("a", store.list("a").revision() + 1, seen)) {
          seen.awaitRevision(commit(store, put("a", "2")));
          assertThat(seen.compactedTo()).isEmpty();
        }
        assertThat(late.revisions()).isEmpty();
      }
    }
  }
}
