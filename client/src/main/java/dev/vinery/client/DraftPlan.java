package dev.vinery.client;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/// In which order the parts of a draft are stored: all its blobs, then its objects level by level.
/// A level holds objects whose members are all in levels before it, so that it can be created by
/// one request.
final class DraftPlan {
  /// Levels of objects in objects, which bounds the recursion.
  private static final int DEPTH_MAX = 200;

  private final List<Draft.OfBlob> blobs = new ArrayList<>();
  private final List<List<Draft.OfObject>> levels = new ArrayList<>();

  /// Drafts seen, with the number of levels below them that they need.
  private final IdentityHashMap<Draft, Integer> heights = new IdentityHashMap<>();

  private final Draft top;

  private DraftPlan(Draft top) {
    this.top = top;
  }

  /// @throws IllegalArgumentException if the draft is nested too deeply
  static DraftPlan of(Draft draft) {
    var plan = new DraftPlan(draft);
    plan.add(draft, 0);
    return plan;
  }

  /// What all the others are parts of.
  Draft top() {
    return top;
  }

  /// How many blobs and objects there are to make.
  int parts() {
    int count = blobs.size();
    for (List<Draft.OfObject> level : levels) {
      count += level.size();
    }
    return count;
  }

  /// Blobs with bytes, each once.
  List<Draft.OfBlob> blobs() {
    return blobs;
  }

  /// Objects, each once, members before owners.
  List<List<Draft.OfObject>> levels() {
    return levels;
  }

  private int add(Draft draft, int depth) {
    Integer known = heights.get(draft);
    if (known != null) {
      return known;
    }
    int height =
        switch (draft) {
          case Draft.Existing _ -> 0;
          case Draft.OfBlob blob -> {
            if (blob.sizeBytes() > 0) {
              blobs.add(blob);
            }
            yield 0;
          }
          case Draft.OfObject object -> addObject(object, depth);
        };
    heights.put(draft, height);
    return height;
  }

  private int addObject(Draft.OfObject object, int depth) {
    if (depth == DEPTH_MAX) {
      throw new IllegalArgumentException(
          "a value must not be nested more than " + DEPTH_MAX + " levels deep");
    }
    int level = 0;
    for (Draft member : object.members().values()) {
      level = Math.max(level, add(member, depth + 1));
    }
    if (level == levels.size()) {
      levels.add(new ArrayList<>());
    }
    levels.get(level).add(object);
    return level + 1;
  }
}
