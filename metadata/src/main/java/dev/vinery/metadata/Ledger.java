package dev.vinery.metadata;

import dev.vinery.metadata.History.Revision;
import dev.vinery.metadata.KeyTable.Bound;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys, revisions and leases of an [EmbeddedMetadataStore]: all of it but the waiting. Guarded
/// by the store's mutex.
final class Ledger {
  /// The revision in which nothing was bound yet. No change made it.
  static final long EMPTY_REVISION = 1;

  private final InstantSource clock;
  private final Runnable onChange;

  private final KeyTable table = new KeyTable();
  private final History history = new History();
  private final Map<Long, LeaseEntry> leases = new HashMap<>();

  /// No lease ends before this.
  private Instant nextLeaseEnd = Instant.MAX;

  private long lastLeaseId;
  private long revision = EMPTY_REVISION;

  /// What is known of a lease that has not ended.
  private static final class LeaseEntry {
    final long id;
    final Duration time;
    final Set<String> keys = new LinkedHashSet<>();
    Instant end;

    LeaseEntry(long id, Duration time, Instant end) {
      this.id = id;
      this.time = time;
      this.end = end;
    }
  }

  /// @param onChange called after a new revision, and when a lease ends earlier than others
  Ledger(InstantSource clock, Runnable onChange) {
    this.clock = clock;
    this.onChange = onChange;
  }

  long revision() {
    return revision;
  }

  @Nullable Bound find(String key) {
    return table.find(key);
  }

  List<Bound> under(String prefix) {
    return table.under(prefix);
  }

  /// The oldest revision from which a watch can start.
  long oldestRevision() {
    return history.oldest();
  }

  List<Revision> revisionsFrom(long first) {
    return history.from(first);
  }

  /// Makes the changes of one group, as [ChangeGroups] cuts it, in a new revision; in none, if
  /// nothing changes.
  ///
  /// @throws MetadataException if a lease has ended; nothing has changed then
  void apply(List<Change> group) {
    for (Change change : group) {
      if (change instanceof Change.LeasedPut(_, _, var leaseId)) {
        requireLease(leaseId);
      }
    }
    long next = revision + 1;
    List<Change.OfKey> made = new ArrayList<>(group.size());
    for (Change change : group) {
      switch (change) {
        case Change.Put put -> {
          bind(put.key(), put.value(), next, 0);
          made.add(put);
        }
        case Change.LeasedPut(var key, var value, var leaseId) -> {
          bind(key, value, next, leaseId);
          made.add(new Change.Put(key, value));
        }
        case Change.Delete(var key) -> unbind(key, made);
        case Change.DeleteRange(var prefix) ->
            table.under(prefix).forEach(bound -> unbind(bound.key(), made));
      }
    }
    if (!made.isEmpty()) {
      revision = next;
      history.add(new Revision(next, made));
      onChange.run();
    }
  }

  private void bind(String key, String value, long atRevision, long leaseId) {
    detach(table.put(key, value, atRevision, leaseId));
    if (leaseId != 0) {
      requireLease(leaseId).keys.add(key);
    }
  }

  private void unbind(String key, List<Change.OfKey> made) {
    Bound old = table.remove(key);
    detach(old);
    if (old != null) {
      made.add(new Change.Delete(key));
    }
  }

  private void detach(@Nullable Bound old) {
    LeaseEntry lease = old == null ? null : leases.get(old.leaseId());
    if (old != null && lease != null) {
      lease.keys.remove(old.key());
    }
  }

  /// Returns the id of a new lease.
  long grant(Duration time) {
    lastLeaseId++;
    var lease = new LeaseEntry(lastLeaseId, time, clock.instant().plus(time));
    leases.put(lease.id, lease);
    bringForward(lease.end);
    return lease.id;
  }

  /// @throws MetadataException if the lease has ended
  void keepAlive(long leaseId) {
    LeaseEntry lease = requireLease(leaseId);
    lease.end = clock.instant().plus(lease.time);
    bringForward(lease.end);
  }

  void revoke(long leaseId) {
    LeaseEntry lease = leases.get(leaseId);
    if (lease != null) {
      end(lease);
    }
  }

  /// Returns how long no lease ends, by the clock.
  Duration untilLeaseEnd() {
    return Duration.between(clock.instant(), leases.isEmpty() ? Instant.MAX : nextLeaseEnd);
  }

  void endLeasesThatRanOut() {
    if (leases.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    if (now.isBefore(nextLeaseEnd)) {
      return;
    }
    List<LeaseEntry> ranOut =
        leases.values().stream().filter(lease -> !now.isBefore(lease.end)).toList();
    ranOut.forEach(this::end);
    nextLeaseEnd =
        leases.values().stream()
            .map(lease -> lease.end)
            .min(Comparator.naturalOrder())
            .orElse(Instant.MAX);
  }

  private void bringForward(Instant leaseEnd) {
    if (leaseEnd.isBefore(nextLeaseEnd)) {
      nextLeaseEnd = leaseEnd;
      onChange.run();
    }
  }

  private void end(LeaseEntry lease) {
    apply(lease.keys.stream().<Change>map(Change.Delete::new).toList());
    leases.remove(lease.id);
  }

  private LeaseEntry requireLease(long leaseId) {
    LeaseEntry lease = leases.get(leaseId);
    if (lease == null) {
      throw new MetadataException(Status.ETCD_ERROR, "lease %d has ended".formatted(leaseId));
    }
    return lease;
  }
}
