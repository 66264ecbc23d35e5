package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.KeyLock;
import dev.vinery.metadata.Lease;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.Watch;
import dev.vinery.metadata.WatchListener;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// A daemon's way to a metadata store that can be cut, and that can lead to another store when it
/// is mended: one that has lost its data. Watches say nothing while it is cut, as those of etcd.
final class FailingStore extends SharedStore {
  private volatile MetadataStore store;
  private volatile boolean cut;

  FailingStore(MetadataStore store) {
    super(store);
    this.store = store;
  }

  void cut() {
    cut = true;
  }

  void mend() {
    synchronized (this) {
      cut = false;
      notifyAll();
    }
  }

  /// @param other takes the place of the store that was there
  void mendWith(MetadataStore other) {
    store = other;
    mend();
  }

  private MetadataStore reached() {
    if (cut) {
      throw new MetadataException(Status.ETCD_ERROR, "cut by the test");
    }
    return store;
  }

  private <T> CompletionStage<T> asking(Supplier<CompletionStage<T>> call) {
    return cut
        ? CompletableFuture.failedStage(new MetadataException(Status.ETCD_ERROR, "cut by the test"))
        : call.get();
  }

  @Override
  public long revision() {
    return reached().revision();
  }

  @Override
  public Optional<Entry> get(String key) {
    return reached().get(key);
  }

  @Override
  public Listing list(String prefix) {
    return reached().list(prefix);
  }

  @Override
  public CompletionStage<Long> commit(List<Change> changes) {
    return asking(() -> store.commit(changes));
  }

  @Override
  public CompletionStage<OptionalLong> commitIf(
      String key, long modRevision, List<Change> changes) {
    return asking(() -> store.commitIf(key, modRevision, changes));
  }

  @Override
  public Watch watch(String prefix, long fromRevision, WatchListener listener) {
    return tracked(store.watch(prefix, fromRevision, new Cut(listener)));
  }

  @Override
  public Lease grant(Duration time) {
    Lease lease = reached().grant(time);
    return new Lease() {
      @Override
      public long id() {
        return lease.id();
      }

      @Override
      public void keepAlive() {
        reached();
        lease.keepAlive();
      }

      @Override
      public void revoke() {
        reached();
        lease.revoke();
      }
    };
  }

  @Override
  public Optional<KeyLock> lock(String key, Lease lease, Duration timeout)
      throws InterruptedException {
    return reached().lock(key, lease, timeout);
  }

  /// Holds back what a watch reports while the way is cut.
  private final class Cut implements WatchListener {
    private final WatchListener listener;

    Cut(WatchListener listener) {
      this.listener = listener;
    }

    private void awaitMended() {
      synchronized (FailingStore.this) {
        while (cut) {
          try {
            FailingStore.this.wait();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
          }
        }
      }
    }

    @Override
    public void changed(long revision, List<Change.OfKey> changes) {
      awaitMended();
      listener.changed(revision, changes);
    }

    @Override
    public void compacted(long oldestRevision) {
      awaitMended();
      listener.compacted(oldestRevision);
    }
  }
}
