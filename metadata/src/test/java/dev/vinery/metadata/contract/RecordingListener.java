package dev.vinery.metadata.contract;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.WatchListener;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Keeps what a watch reports. Safe for use by several threads.
public final class RecordingListener implements WatchListener {
  private final List<Seen> revisions = new CopyOnWriteArrayList<>();
  private volatile Consumer<Change.OfKey> onChange = change -> {};
  private volatile OptionalLong compactedTo = OptionalLong.empty();

  /// What was reported of one revision.
  public record Seen(long revision, List<Change.OfKey> changes) {}

  @Override
  public void changed(long revision, List<Change.OfKey> changes) {
    revisions.add(new Seen(revision, changes));
    changes.forEach(onChange);
  }

  @Override
  public void compacted(long oldestRevision) {
    compactedTo = OptionalLong.of(oldestRevision);
  }

  /// Does something with each change, on the watch's thread.
  void onChange(Consumer<Change.OfKey> action) {
    onChange = action;
  }

  /// Waits until a revision was reported.
  public void awaitRevision(long revision) {
    eventually(() -> assertThat(revisions).extracting(Seen::revision).contains(revision));
  }

  public List<Seen> revisions() {
    return List.copyOf(revisions);
  }

  List<Change.OfKey> changesOf(long revision) {
    return revisions.stream()
        .filter(seen -> seen.revision() == revision)
        .findFirst()
        .map(Seen::changes)
        .orElseThrow();
  }

  public OptionalLong compactedTo() {
    return compactedTo;
  }
}
