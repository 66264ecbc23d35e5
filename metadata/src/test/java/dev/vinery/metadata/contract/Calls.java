package dev.vinery.metadata.contract;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.Lease;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.metadata.MetadataStore.Listing;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/// Short forms of what the contract tests do.
final class Calls {
  private Calls() {}

  static List<RecordingListener.Seen> revisionsSince(MetadataStore store, long revision) {
    var seen = new RecordingListener();
    try (var _ = store.watch("", revision + 1, seen)) {
      seen.awaitRevision(store.revision());
    }
    return seen.revisions();
  }

  static long commit(MetadataStore store, Change... changes) {
    return store.commit(List.of(changes)).toCompletableFuture().join();
  }

  static OptionalLong commitIf(
      MetadataStore store, String key, long modRevision, Change... changes) {
    return store.commitIf(key, modRevision, List.of(changes)).toCompletableFuture().join();
  }

  static Change[] puts(int count) {
    return IntStream.range(0, count).mapToObj(i -> put("many/" + i, "1")).toArray(Change[]::new);
  }

  static Change put(String key, String value) {
    return new Change.Put(key, value);
  }

  static Change leasedPut(String key, String value, Lease lease) {
    return new Change.LeasedPut(key, value, lease.id());
  }

  static Change delete(String key) {
    return new Change.Delete(key);
  }

  static Change deleteRange(String prefix) {
    return new Change.DeleteRange(prefix);
  }

  static List<String> keys(Listing listing) {
    return listing.entries().stream().map(Entry::key).toList();
  }
}
