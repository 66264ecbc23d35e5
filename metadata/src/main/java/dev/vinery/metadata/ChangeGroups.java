package dev.vinery.metadata;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Cuts a list of changes into the groups that are committed one by one. Shared by the back ends.
///
/// A group has at most [MetadataStore#MAX_CHANGES_PER_COMMIT] changes, and at most
/// [MetadataStore#MAX_BYTES_PER_COMMIT] if it has more than one. It leaves no doubt about any key:
/// it puts a key at most once, and does not put what it also deletes. Put one after the other, the
/// groups are the list.
public final class ChangeGroups {
  private final List<List<Change>> groups = new ArrayList<>();

  private final List<Change> group = new ArrayList<>();
  private final Set<String> put = new HashSet<>();
  private final Set<String> deleted = new HashSet<>();
  private final List<String> deletedPrefixes = new ArrayList<>();
  private long bytesAtMost;

  private ChangeGroups() {}

  /// Returns the groups, none of them empty; the first is as long as it can be, and so on.
  public static List<List<Change>> of(List<Change> changes) {
    var cutter = new ChangeGroups();
    for (Change change : changes) {
      cutter.add(change);
    }
    cutter.endGroup();
    return cutter.groups;
  }

  private void add(Change change) {
    if (group.size() == MetadataStore.MAX_CHANGES_PER_COMMIT
        || bytesAtMost + change.bytesAtMost() > MetadataStore.MAX_BYTES_PER_COMMIT
        || contradicts(change)) {
      endGroup();
    }
    group.add(change);
    bytesAtMost += change.bytesAtMost();
    switch (change) {
      case Change.Put(var key, _) -> put.add(key);
      case Change.LeasedPut(var key, _, _) -> put.add(key);
      case Change.Delete(var key) -> deleted.add(key);
      case Change.DeleteRange(var prefix) -> deletedPrefixes.add(prefix);
    }
  }

  private boolean contradicts(Change change) {
    return switch (change) {
      case Change.Put(var key, _) -> touches(key);
      case Change.LeasedPut(var key, _, _) -> touches(key);
      case Change.Delete(var key) -> put.contains(key);
      case Change.DeleteRange(var prefix) -> put.stream().anyMatch(key -> key.startsWith(prefix));
    };
  }

  private boolean touches(String key) {
    return put.contains(key)
        || deleted.contains(key)
        || deletedPrefixes.stream().anyMatch(key::startsWith);
  }

  private void endGroup() {
    if (!group.isEmpty()) {
      groups.add(List.copyOf(group));
    }
    group.clear();
    put.clear();
    deleted.clear();
    deletedPrefixes.clear();
    bytesAtMost = 0;
  }
}
