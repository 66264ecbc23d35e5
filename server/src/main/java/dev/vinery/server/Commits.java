package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.protocol.Reply;
import java.util.List;
import java.util.function.Supplier;

/// Where changes of a session's persistent metadata go. They are stored first; then the tables are
/// changed, by the session's [Replica]; then the request is answered. What cannot be stored changes
/// no table and is answered with the reason.
///
/// Guarded by the store lock.
sealed interface Commits permits LocalCommits, SharedCommits {
  /// Stores changes. Changes to one key are stored in the order of the calls.
  ///
  /// @param done the answer when the tables show the changes
  /// @param ended called before that, or when the changes could not be stored
  Answer commit(List<Change> changes, Reply done, Ended ended);

  /// Stores changes that depend on what is stored already: nobody else stores such meanwhile.
  ///
  /// @param plan called when the tables show all that was stored before; it may refuse
  Answer modify(Supplier<List<Change>> plan, Reply done);

  /// How many requests wait for changes to be stored.
  int waiting();

  /// What a commit has come to.
  interface Ended {
    Ended IGNORED = _ -> {};

    /// @param stored whether the changes are stored
    void ended(boolean stored);
  }
}
