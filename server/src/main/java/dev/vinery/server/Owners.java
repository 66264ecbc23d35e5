package dev.vinery.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The objects that have something as a member. Nearly always one, sometimes very many, so the set
/// is only made for the second. Guarded by the store lock.
final class Owners {
  static final Owners NONE = new Owners(null, null);

  private final @Nullable LiveObject only;
  private final @Nullable Set<LiveObject> several;

  private Owners(@Nullable LiveObject only, @Nullable Set<LiveObject> several) {
    this.only = only;
    this.several = several;
  }

  Owners plus(LiveObject object) {
    if (several != null) {
      several.add(object);
      return this;
    }
    if (only == null || only == object) {
      return new Owners(object, null);
    }
    Set<LiveObject> both = new HashSet<>();
    both.add(only);
    both.add(object);
    return new Owners(null, both);
  }

  Owners minus(LiveObject object) {
    if (several != null) {
      several.remove(object);
      return several.isEmpty() ? NONE : this;
    }
    return only == object ? NONE : this;
  }

  boolean isEmpty() {
    return only == null && several == null;
  }

  /// Returns a copy, which stays as it is while owners are removed.
  List<LiveObject> list() {
    if (several != null) {
      return new ArrayList<>(several);
    }
    return only == null ? List.of() : List.of(only);
  }
}
