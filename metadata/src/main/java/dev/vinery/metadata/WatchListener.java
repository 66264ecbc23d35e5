package dev.vinery.metadata;

import java.util.List;

/// What a [Watch] calls, one call after the other, on a thread of the watch.
///
/// A listener may use the store. It throws nothing: an exception ends the watch and goes to the
/// thread's handler of uncaught exceptions.
public interface WatchListener {
  /// Reports all that a revision changed under the watched prefix; no key occurs twice.
  ///
  /// Revisions come in ascending order, none left out: one that changed other keys comes with an
  /// empty list, so that a caller knows how far the watch has come.
  void changed(long revision, List<Change.OfKey> changes);

  /// Reports that the next revision is no longer on record. The watch is over.
  ///
  /// The caller lists the prefix and watches on from the revision after the listing's.
  ///
  /// @param oldestRevision the oldest revision from which a watch can still start
  void compacted(long oldestRevision);
}
