package dev.vinery.metadata;

import java.util.List;
import java.util.TreeMap;

/// The latest revisions of an [EmbeddedMetadataStore], kept for watches that are behind. Guarded by
/// the store's lock.
///
/// The newest revision is always kept; the oldest ones go when there are too many of them, or when
/// together they are too large.
final class History {
  static final int MAX_REVISIONS = 10_000;

  /// Characters in the keys and values of all revisions together.
  static final long MAX_CHARS = 4L << 20;

  private final TreeMap<Long, Revision> revisions = new TreeMap<>();
  private long oldest = 1;
  private long chars;

  /// What one revision changed.
  record Revision(long number, List<Change.OfKey> changes) {
    Revision {
      changes = List.copyOf(changes);
    }

    long chars() {
      long sum = 0;
      for (Change.OfKey change : changes) {
        sum += change.key().length();
        if (change instanceof Change.Put(_, var value)) {
          sum += value.length();
        }
      }
      return sum;
    }

    List<Change.OfKey> changesUnder(String prefix) {
      return changes.stream().filter(change -> change.key().startsWith(prefix)).toList();
    }
  }

  void add(Revision revision) {
    revisions.put(revision.number(), revision);
    chars += revision.chars();
    while (revisions.size() > 1 && (revisions.size() > MAX_REVISIONS || chars > MAX_CHARS)) {
      Revision dropped = revisions.pollFirstEntry().getValue();
      chars -= dropped.chars();
      oldest = dropped.number() + 1;
    }
  }

  /// The oldest revision from which a watch can start.
  long oldest() {
    return oldest;
  }

  /// Returns a copy of the revisions from `first` on.
  List<Revision> from(long first) {
    return List.copyOf(revisions.tailMap(first, true).values());
  }
}
