package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.SpillReply;
import dev.vinery.protocol.SpillRequest;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Memory and disk. Answers [SpillRequest]s, except for trimming. Guarded by the store lock.
///
/// Nothing is spilled yet: every blob is in memory, evicting finds none that may go, loading finds
/// all there. Pins are counted, for the day they matter.
final class SpillHandler {
  private final ObjectTable objects;
  private final BlobTable blobs;

  SpillHandler(ObjectTable objects, BlobTable blobs) {
    this.objects = objects;
    this.blobs = blobs;
  }

  Reply handle(SpillRequest request) {
    return switch (request) {
      case SpillRequest.Evict _ -> Reply.Done.EVICT;
      case SpillRequest.Load(var ids, var pin) -> {
        if (pin) {
          blobsOf(ids).forEach(Blob::pin);
        }
        yield Reply.Done.LOAD;
      }
      case SpillRequest.Unpin(var ids) -> {
        blobsOf(ids).forEach(Blob::unpin);
        yield Reply.Done.UNPIN;
      }
      case SpillRequest.IsSpilled _ -> new SpillReply.IsSpilled(false);
      case SpillRequest.IsInUse(var id) -> new SpillReply.IsInUse(isInUse(blobs.find(id)));
      case SpillRequest.Trim _ -> throw new AssertionError("answered by the dispatcher");
    };
  }

  /// Whether a connection has the blob in its books, has pinned it, or is still writing it.
  private boolean isInUse(@Nullable Blob blob) {
    return blob != null
        && (blob.references() > 0 || !blob.sealed() || blobs.index().isPinned(blob));
  }

  /// Returns the blobs of this instance below some objects, each once.
  private Set<Blob> blobsOf(Collection<ObjectId> ids) {
    Set<ObjectId> seen = new HashSet<>();
    Set<Blob> found = new HashSet<>();
    var queue = new ArrayDeque<>(ids);
    while (!queue.isEmpty()) {
      ObjectId id = queue.poll();
      if (!seen.add(id)) {
        continue;
      }
      if (id.isBlob()) {
        Blob blob = blobs.find(id);
        if (blob != null) {
          found.add(blob);
        }
      } else {
        LiveObject object = objects.find(id);
        if (object != null) {
          object.members().forEach(member -> queue.add(member.id()));
        }
      }
    }
    return found;
  }
}
