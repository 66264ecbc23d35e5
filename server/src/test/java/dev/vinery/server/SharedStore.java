package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.KeyLock;
import dev.vinery.metadata.Lease;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.Watch;
import dev.vinery.metadata.WatchListener;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/// One daemon's way to a metadata store that goes on when the daemon closes it: only its own
/// watches end then.
class SharedStore implements MetadataStore {
  private final MetadataStore store;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

  SharedStore(MetadataStore store) {
    this.store = store;
  }

  @Override
  public long revision() {
    return store.revision();
  }

  @Override
  public Optional<Entry> get(String key) {
    return store.get(key);
  }

  @Override
  public Listing list(String prefix) {
    return store.list(prefix);
  }

  @Override
  public CompletionStage<Long> commit(List<Change> changes) {
    return store.commit(changes);
  }

  @Override
  public CompletionStage<OptionalLong> commitIf(
      String key, long modRevision, List<Change> changes) {
    return store.commitIf(key, modRevision, changes);
  }

  @Override
  public Watch watch(String prefix, long fromRevision, WatchListener listener) {
    return tracked(store.watch(prefix, fromRevision, listener));
  }

  /// Has a watch end when the daemon closes the store.
  Watch tracked(Watch watch) {
    watches.add(watch);
    return watch;
  }

  @Override
  public Lease grant(Duration time) {
    return store.grant(time);
  }

  @Override
  public Optional<KeyLock> lock(String key, Lease lease, Duration timeout)
      throws InterruptedException {
    return store.lock(key, lease, timeout);
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
  }
}
