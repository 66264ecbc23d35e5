package dev.vinery.metadata;

import dev.vinery.protocol.MetadataException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/// An ordered map from keys to values in which persistent metadata lives, shared by the daemons of
/// a cluster. Safe for use by several threads.
///
/// Every commit that changes something makes a new *revision* of the whole map; revisions are
/// numbered upwards without gaps. Keys are ordered by the bytes of their UTF-8 form. A value is a
/// JSON text; the store does not look into it.
///
/// Methods block until the back end has answered, except [#commit] and [#commitIf]. Unless said
/// otherwise each throws [MetadataException] if the back end fails or cannot be reached, and
/// [IllegalStateException] after [#close()].
public interface MetadataStore extends AutoCloseable {
  /// Changes that become visible at once; as many as upstream's daemons put into one transaction.
  int MAX_CHANGES_PER_COMMIT = 127;

  /// Bytes of keys and values that become visible at once, unless one value alone has more: a back
  /// end may refuse requests of more than 1.5 MiB, as etcd does.
  long MAX_BYTES_PER_COMMIT = 1_280 << 10;

  /// The longest time that a lease lasts without being kept alive.
  Duration MAX_LEASE_TIME = Duration.ofDays(1);

  /// A key that is bound.
  ///
  /// @param modRevision the revision that bound it to this value, at least 1
  record Entry(String key, String value, long modRevision) {}

  /// The keys under a prefix, as of one revision.
  ///
  /// @param entries in ascending order of keys
  record Listing(long revision, List<Entry> entries) {
    public Listing {
      entries = List.copyOf(entries);
    }
  }

  /// Returns the newest revision; at least 1, which is the empty map.
  long revision();

  /// Looks a key up.
  Optional<Entry> get(String key);

  /// Lists the keys that begin with `prefix`, which may be empty.
  Listing list(String prefix);

  /// Makes changes, in their order. Returns without waiting for the back end.
  ///
  /// The changes of a group become visible in one revision. The list is cut into groups as
  /// [ChangeGroups] says: up to [#MAX_CHANGES_PER_COMMIT] changes to different keys, of up to
  /// [#MAX_BYTES_PER_COMMIT], are one group.
  ///
  /// @return the revision after the last group, which is no new one if nothing changed; or a
  ///   [MetadataException] if a group failed, for example because a lease has ended: groups before
  ///   it stay, those after it are not tried
  CompletionStage<Long> commit(List<Change> changes);

  /// Makes changes if `key` was not touched since it was looked up. Returns without waiting for the
  /// back end.
  ///
  /// @param modRevision the key's [Entry#modRevision()], or 0 for a key that must not be bound
  /// @param changes at most one group as [ChangeGroups] cuts it
  /// @return the revision as from [#commit], or nothing if the key has another revision
  /// @throws IllegalArgumentException if the changes are more than one group
  CompletionStage<OptionalLong> commitIf(String key, long modRevision, List<Change> changes);

  /// Starts to report changes of keys that begin with `prefix`. Returns at once.
  ///
  /// @param fromRevision the first revision to report, at least 1; it may be long past or to come
  /// @param listener called until the watch or the store is closed
  Watch watch(String prefix, long fromRevision, WatchListener listener);

  /// Grants a lease.
  ///
  /// @param time how long the lease lasts, and how long after each [Lease#keepAlive()]: positive,
  ///   at most [#MAX_LEASE_TIME]; a back end may round it up
  Lease grant(Duration time);

  /// Takes the lock named `key`. Waits while others hold it or have waited longer.
  ///
  /// The lock is lost when `lease` ends. Keys that begin with `key` and `/` belong to the lock.
  ///
  /// @param timeout the longest wait; zero or less does not wait
  /// @return the lock, or nothing when the time is over
  /// @throws MetadataException if the lease has ended, or ends during the wait
  /// @throws IllegalStateException if the lease holds the lock, or waits for it, already
  Optional<KeyLock> lock(String key, Lease lease, Duration timeout) throws InterruptedException;

  /// The member of the back end that was started for this store: a number that the daemon
  /// publishes, so that its peers can [#removeMember] if it dies. Nothing if none was started.
  default OptionalLong member() {
    return OptionalLong.empty();
  }

  /// Takes a member out of the back end, because the daemon that started it is dead. Nothing
  /// happens if it is no member, or the last one.
  ///
  /// @param member all 64 bits
  default void removeMember(long member) throws InterruptedException {}

  /// Ends watches and waits, and lets go of the back end. What was committed stays there, leases
  /// run out. Closing again does nothing.
  @Override
  void close();
}
