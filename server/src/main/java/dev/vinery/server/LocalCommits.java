package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.EmbeddedMetadataStore;
import dev.vinery.protocol.Reply;
import java.util.List;
import java.util.function.Supplier;

/// Stores changes in the daemon's own metadata store, which answers at once.
final class LocalCommits implements Commits {
  private final EmbeddedMetadataStore store;
  private final Replica replica;

  LocalCommits(EmbeddedMetadataStore store, Replica replica) {
    this.store = store;
    this.replica = replica;
  }

  @Override
  public Answer commit(List<Change> changes, Reply done, Ended ended) {
    if (!changes.isEmpty()) {
      Membership.await(store.commit(changes));
      replica.apply(changes);
    }
    ended.ended(true);
    return Answer.now(done);
  }

  @Override
  public int waiting() {
    return 0;
  }

  @Override
  public Answer modify(Supplier<List<Change>> plan, Reply done) {
    return commit(plan.get(), done, Ended.IGNORED);
  }
}
