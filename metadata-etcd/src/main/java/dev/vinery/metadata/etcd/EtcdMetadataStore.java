package dev.vinery.metadata.etcd;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.ChangeGroups;
import dev.vinery.metadata.KeyLock;
import dev.vinery.metadata.Lease;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.Watch;
import dev.vinery.metadata.WatchListener;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.Status;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A metadata store in etcd, shared by all who use the same etcd. Safe for use by several threads.
///
/// Keys and values are etcd's own, in UTF-8; a group of changes is one transaction, a revision is
/// etcd's. Locks are laid out as etcd's lock service lays them out, so that they exclude those of
/// other programs: a key for each who holds the lock or waits, attached to his lease; the lock
/// belongs to the key that was created first.
///
/// While etcd cannot be reached, calls wait for it, each for at most [#REQUEST_TIME]; watches go on
/// by themselves when it is back, and calls that wait then fail: see [EtcdLine].
public final class EtcdMetadataStore implements MetadataStore {
  /// How long etcd may take to answer a call.
  public static final Duration REQUEST_TIME = Duration.ofSeconds(10);

  /// How long a connection to etcd may be silent before it is tried, and then to answer.
  private static final Duration PROBE_TIME = Duration.ofSeconds(5);

  /// What etcd takes in one request unless it is told otherwise.
  private static final long DEFAULT_REQUEST_BYTES = 1_536 << 10;

  /// Keys that a listing asks for at once. While they are read the next ones are on their way.
  private static final int PAGE_KEYS = 5_000;

  private final EtcdLine line;
  private final Set<LockWait> waits = ConcurrentHashMap.newKeySet();
  private final Set<EtcdWatch> watches = ConcurrentHashMap.newKeySet();

  /// Completed when the store is closed, after which the client library answers nothing.
  private final CompletableFuture<Object> end = new CompletableFuture<>();

  /// The etcd that was started for this store, and ends with it.
  private final @Nullable EtcdOwn own;

  private EtcdMetadataStore(List<URI> endpoints, @Nullable EtcdOwn own) {
    this.line = new EtcdLine(endpoints, () -> watches.forEach(EtcdWatch::reopen));
    this.own = own;
  }

  /// Uses the etcd cluster at these addresses. Returns without looking whether it is there.
  ///
  /// @param endpoints of its members, such as `http://127.0.0.1:2379`; at least one
  public static EtcdMetadataStore at(List<URI> endpoints) {
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("an etcd cluster has at least one endpoint");
    }
    return new EtcdMetadataStore(endpoints, null);
  }

  /// Uses a cluster to which an etcd of this process belongs, which ends with the store.
  static EtcdMetadataStore with(EtcdOwn own, List<URI> endpoints) {
    return new EtcdMetadataStore(endpoints, own);
  }

  static Client client(List<URI> endpoints) {
    return Client.builder()
        .endpoints(endpoints)
        .maxInboundMessageSize(Integer.MAX_VALUE)
        .keepaliveTime(PROBE_TIME)
        .keepaliveTimeout(PROBE_TIME)
        .keepaliveWithoutCalls(true)
        .build();
  }

  @Override
  public long revision() {
    GetOption nothing = GetOption.builder().withCountOnly(true).build();
    return await(line.client().getKVClient().get(EtcdBytes.ZERO, nothing))
        .getHeader()
        .getRevision();
  }

  @Override
  public Optional<Entry> get(String key) {
    GetResponse found = await(line.client().getKVClient().get(EtcdBytes.of(key)));
    return found.getKvs().stream().findFirst().map(EtcdMetadataStore::entry);
  }

  @Override
  public Listing list(String prefix) {
    List<Entry> entries = new ArrayList<>();
    ByteSequence end = EtcdBytes.rangeEnd(prefix);
    GetResponse page = await(page(EtcdBytes.rangeStart(prefix), end, 0));
    long revision = page.getHeader().getRevision();
    while (true) {
      List<KeyValue> found = page.getKvs();
      CompletableFuture<GetResponse> next =
          page.isMore() ? page(EtcdBytes.after(found.getLast().getKey()), end, revision) : null;
      for (KeyValue keyValue : found) {
        entries.add(entry(keyValue));
      }
      if (next == null) {
        return new Listing(revision, entries);
      }
      page = await(next);
    }
  }

  /// @param revision as of which, or 0 for the newest
  private CompletableFuture<GetResponse> page(ByteSequence from, ByteSequence to, long revision) {
    GetOption page =
        GetOption.builder().withRange(to).withRevision(revision).withLimit(PAGE_KEYS).build();
    return line.client().getKVClient().get(from, page);
  }

  private static Entry entry(KeyValue bound) {
    return new Entry(
        EtcdBytes.text(bound.getKey()), EtcdBytes.text(bound.getValue()), bound.getModRevision());
  }

  @Override
  public CompletionStage<Long> commit(List<Change> changes) {
    requireOpen();
    List<List<Change>> groups = ChangeGroups.of(changes);
    if (groups.isEmpty()) {
      return CompletableFuture.completedStage(revision());
    }
    CompletableFuture<TxnResponse> last = commitGroup(groups.getFirst());
    for (List<Change> group : groups.subList(1, groups.size())) {
      last = last.thenCompose(_ -> commitGroup(group));
    }
    return last.thenApply(done -> done.getHeader().getRevision());
  }

  private CompletableFuture<TxnResponse> commitGroup(List<Change> group) {
    return explained(line.client().getKVClient().txn().Then(steps(group)).commit(), group);
  }

  private <T> CompletableFuture<T> explained(CompletableFuture<T> answer, List<Change> group) {
    return translated(line.track(answer))
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(
                isTooLarge(failure) ? tooLarge(group) : translated(failure)));
  }

  /// etcd says so itself, or what carries its messages does.
  private static boolean isTooLarge(Throwable failure) {
    String reason = translated(failure).detail();
    return reason.contains("request is too large") || reason.contains("message larger than max");
  }

  private static MetadataException tooLarge(List<Change> group) {
    long bytes = 0;
    String last = "";
    for (Change change : group) {
      if (change instanceof Change.Put(var key, var value)) {
        bytes += EtcdBytes.of(key).size() + EtcdBytes.of(value).size();
        last = key;
      }
    }
    return new MetadataException(
        Status.ETCD_ERROR,
        "%d bytes of metadata are more than etcd takes in one request, by default %d: start etcd with a larger --max-request-bytes, or make %s smaller"
            .formatted(bytes, DEFAULT_REQUEST_BYTES, last));
  }

  @Override
  public CompletionStage<OptionalLong> commitIf(
      String key, long modRevision, List<Change> changes) {
    requireOpen();
    List<List<Change>> groups = ChangeGroups.of(changes);
    if (groups.size() > 1) {
      throw new IllegalArgumentException(
          "%d changes do not fit one group of at most %d changes to different keys"
              .formatted(changes.size(), MAX_CHANGES_PER_COMMIT));
    }
    var untouched = new Cmp(EtcdBytes.of(key), Cmp.Op.EQUAL, CmpTarget.modRevision(modRevision));
    return explained(
            line.client().getKVClient().txn().If(untouched).Then(steps(changes)).commit(), changes)
        .thenApply(done ->
            done.isSucceeded()
                ? OptionalLong.of(done.getHeader().getRevision())
                : OptionalLong.empty());
  }

  private static Op[] steps(List<Change> changes) {
    return changes.stream().map(EtcdMetadataStore::step).toArray(Op[]::new);
  }

  private static Op step(Change change) {
    return switch (change) {
      case Change.Put(var key, var value) ->
          Op.put(EtcdBytes.of(key), EtcdBytes.of(value), PutOption.DEFAULT);
      case Change.LeasedPut(var key, var value, var leaseId) ->
          Op.put(
              EtcdBytes.of(key),
              EtcdBytes.of(value),
              PutOption.builder().withLeaseId(leaseId).build());
      case Change.Delete(var key) -> Op.delete(EtcdBytes.of(key), DeleteOption.DEFAULT);
      case Change.DeleteRange(var prefix) ->
          Op.delete(
              EtcdBytes.rangeStart(prefix),
              DeleteOption.builder().withRange(EtcdBytes.rangeEnd(prefix)).build());
    };
  }

  @Override
  public Watch watch(String prefix, long fromRevision, WatchListener listener) {
    if (fromRevision < 1) {
      throw new IllegalArgumentException("revisions start at 1: " + fromRevision);
    }
    requireOpen();
    var watch = new EtcdWatch(line, prefix, fromRevision, listener, watches::remove);
    watches.add(watch);
    watch.start();
    return watch;
  }

  @Override
  public Lease grant(Duration time) {
    if (!time.isPositive() || time.compareTo(MAX_LEASE_TIME) > 0) {
      throw new IllegalArgumentException(
          "a lease lasts from above zero to %s: %s".formatted(MAX_LEASE_TIME, time));
    }
    long seconds = time.plusSeconds(1).minusNanos(1).toSeconds();
    return new EtcdLease(await(line.client().getLeaseClient().grant(seconds)).getID());
  }

  @Override
  public Optional<KeyLock> lock(String key, Lease lease, Duration timeout)
      throws InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    String prefix = key + "/";
    String holdKey = prefix + Long.toHexString(lease.id());
    TxnResponse queued =
        await(
            line.client()
                .getKVClient()
                .txn()
                .If(created(holdKey, 0))
                .Then(step(new Change.LeasedPut(holdKey, "", lease.id())))
                .commit());
    if (!queued.isSucceeded()) {
      throw new IllegalStateException("the lease has or awaits the lock already: " + holdKey);
    }
    var hold = new EtcdLock(holdKey, queued.getHeader().getRevision());
    boolean granted = false;
    try {
      granted = awaitTurn(prefix, hold, deadlineNanos);
    } finally {
      if (!granted && !end.isDone()) {
        hold.close();
      }
    }
    return granted ? Optional.of(hold) : Optional.empty();
  }

  private static Cmp created(String key, long revision) {
    return new Cmp(EtcdBytes.of(key), Cmp.Op.EQUAL, CmpTarget.createRevision(revision));
  }

  /// Waits until no key under `prefix` is older than the hold.
  ///
  /// @return whether that came before the deadline
  private boolean awaitTurn(String prefix, EtcdLock hold, long deadlineNanos)
      throws InterruptedException {
    GetOption inLine =
        GetOption.builder()
            .withRange(EtcdBytes.rangeEnd(prefix))
            .withMaxCreateRevision(hold.since)
            .build();
    try (var wait = new LockWait()) {
      while (true) {
        GetResponse queue =
            await(line.client().getKVClient().get(EtcdBytes.rangeStart(prefix), inLine));
        if (queue.getKvs().stream().noneMatch(hold::isKeyOf)) {
          throw new MetadataException(
              Status.ETCD_ERROR, "the lease has ended, or the key was deleted: " + hold.key);
        }
        if (queue.getKvs().size() == 1) {
          return true;
        }
        if (!wait.untilChanged(prefix, queue.getHeader().getRevision(), deadlineNanos)) {
          return false;
        }
      }
    }
  }

  /// A prefix under which there are daemons, if there are none under another.
  Optional<String> otherPrefix(String prefix) {
    return new EtcdPrefixes(line.client().getKVClient()).otherThan(prefix);
  }

  @Override
  public OptionalLong member() {
    return own == null ? OptionalLong.empty() : OptionalLong.of(own.member());
  }

  @Override
  public void removeMember(long member) throws InterruptedException {
    requireOpen();
    new EtcdMembers(line.client()).remove(member);
  }

  @Override
  public void close() {
    if (!end.complete(this)) {
      return;
    }
    waits.forEach(LockWait::wake);
    watches.forEach(EtcdWatch::close);
    line.close();
    if (own != null) {
      own.close();
    }
  }

  private void requireOpen() {
    if (end.isDone()) {
      throw new IllegalStateException("the metadata store is closed");
    }
  }

  /// Waits for an answer, or for the end of the store.
  private <T> T await(CompletableFuture<T> answer) {
    requireOpen();
    CompletableFuture<T> translated = translated(line.track(answer));
    try {
      CompletableFuture.anyOf(translated, end).get();
      requireOpen();
      return translated.join();
    } catch (ExecutionException e) {
      requireOpen();
      if (e.getCause() instanceof MetadataException failed) {
        throw failed;
      }
      throw new AssertionError("every failure is translated", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MetadataException(Status.ETCD_ERROR, "interrupted while etcd was asked");
    }
  }

  /// Waits for an answer.
  ///
  /// @throws MetadataException if there is none
  static <T> T answered(CompletableFuture<T> answer) {
    try {
      return translated(answer).join();
    } catch (CompletionException e) {
      throw translated(e);
    }
  }

  /// The same answer, or a [MetadataException] that says why there is none.
  private static <T> CompletableFuture<T> translated(CompletableFuture<T> answer) {
    return answer
        .orTimeout(REQUEST_TIME.toNanos(), TimeUnit.NANOSECONDS)
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(translated(failure)));
  }

  private static MetadataException translated(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case MetadataException already -> already;
      case TimeoutException _ ->
          new MetadataException(
              Status.ETCD_ERROR,
              "etcd did not answer within %d s".formatted(REQUEST_TIME.toSeconds()));
      default -> new MetadataException(Status.ETCD_ERROR, "etcd: " + cause.getMessage());
    };
  }

  private final class EtcdLease implements Lease {
    private final long id;

    EtcdLease(long id) {
      this.id = id;
    }

    @Override
    public long id() {
      return id;
    }

    @Override
    public void keepAlive() {
      if (await(line.client().getLeaseClient().keepAliveOnce(id)).getTTL() <= 0) {
        throw new MetadataException(
            Status.ETCD_ERROR, "the lease has ended: " + Long.toHexString(id));
      }
    }

    @Override
    public void revoke() {
      try {
        await(line.client().getLeaseClient().revoke(id));
      } catch (MetadataException e) {
        if (await(line.client().getLeaseClient().timeToLive(id, LeaseOption.DEFAULT)).getTTL()
            > 0) {
          throw e;
        }
      }
    }
  }

  /// The wait of one caller for a lock. Confined to him, but for [#wake].
  private final class LockWait implements AutoCloseable, WatchListener {
    private final Semaphore changes = new Semaphore(0);
    private @Nullable Watch watch;
    private volatile boolean blind;

    LockWait() {
      waits.add(this);
    }

    /// Waits until a key under the prefix was deleted after a revision.
    ///
    /// @return false if that did not happen before the deadline
    boolean untilChanged(String prefix, long revision, long deadlineNanos)
        throws InterruptedException {
      if (watch == null || blind) {
        blind = false;
        watch = EtcdMetadataStore.this.watch(prefix, revision + 1, this);
      }
      long leftNanos = deadlineNanos - System.nanoTime();
      boolean changed = leftNanos > 0 && changes.tryAcquire(leftNanos, TimeUnit.NANOSECONDS);
      changes.drainPermits();
      requireOpen();
      return changed;
    }

    void wake() {
      changes.release();
    }

    @Override
    public void changed(long revision, List<Change.OfKey> under) {
      if (under.stream().anyMatch(Change.Delete.class::isInstance)) {
        wake();
      }
    }

    @Override
    public void compacted(long oldestRevision) {
      blind = true;
      wake();
    }

    @Override
    public void close() {
      waits.remove(this);
      if (watch != null) {
        watch.close();
      }
    }
  }

  /// A key that stands for holding a lock, or for waiting for it.
  private final class EtcdLock implements KeyLock {
    private final String key;

    /// The revision that created the key; another hold of the same lease has another.
    private final long since;

    EtcdLock(String key, long since) {
      this.key = key;
      this.since = since;
    }

    boolean isKeyOf(KeyValue bound) {
      return bound.getCreateRevision() == since && EtcdBytes.text(bound.getKey()).equals(key);
    }

    @Override
    public String key() {
      return key;
    }

    @Override
    public void close() {
      Op delete = step(new Change.Delete(key));
      await(line.client().getKVClient().txn().If(created(key, since)).Then(delete).commit());
    }
  }
}
