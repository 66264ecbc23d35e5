package dev.vinery.protocol;

import java.util.List;

/// Requests about moving blobs between memory and disk, and about the memory itself.
public sealed interface SpillRequest extends Request {
  /// `evict_request`: write the blobs of these objects to disk and free their memory.
  record Evict(List<ObjectId> ids) implements SpillRequest {
    public Evict {
      ids = List.copyOf(ids);
    }
  }

  /// `load_request`: bring them back.
  ///
  /// @param pin whether to keep them in memory from now on
  record Load(List<ObjectId> ids, boolean pin) implements SpillRequest {
    public Load {
      ids = List.copyOf(ids);
    }
  }

  /// `unpin_request`: undo one pin of each.
  record Unpin(List<ObjectId> ids) implements SpillRequest {
    public Unpin {
      ids = List.copyOf(ids);
    }
  }

  /// `is_spilled_request`.
  record IsSpilled(ObjectId id) implements SpillRequest {}

  /// `is_in_use_request`.
  record IsInUse(ObjectId id) implements SpillRequest {}

  /// `memory_trim_request`: give unused memory back to the system.
  record Trim() implements SpillRequest {}
}
