package dev.vinery.types;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What plain values have in common: numbers, booleans, strings, bytes, and lists, sets and maps of
/// them.
final class PlainValues {
  /// Levels of lists inside lists. Python's own limit is near 1000.
  static final int MAX_DEPTH = 200;

  /// Scalars in one key of a map or in one member of a set.
  private static final int MAX_KEY_SCALARS = 1000;

  private PlainValues() {}

  /// Whether two values are equal, arrays of bytes by their contents.
  static boolean equal(@Nullable Object left, @Nullable Object right) {
    return switch (left) {
      case byte[] bytes -> right instanceof byte[] others && Arrays.equals(bytes, others);
      case List<?> list -> right instanceof List<?> others && equal(list, others);
      case Map<?, ?> map -> right instanceof Map<?, ?> others && equal(map, others);
      case null, default -> Objects.equals(left, right);
    };
  }

  private static boolean equal(List<?> left, List<?> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!equal(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equal(Map<?, ?> left, Map<?, ?> right) {
    return left.keySet().equals(right.keySet())
        && left.keySet().stream().allMatch(key -> equal(left.get(key), right.get(key)));
  }

  /// Whether a value can be a key: a scalar, or a tuple of scalars that is not too large to be
  /// hashed. A list is none, in Python as here: what contains itself cannot be hashed.
  static boolean isKey(@Nullable Object value) {
    return keyScalars(value, MAX_KEY_SCALARS) >= 0;
  }

  /// @param left how many scalars there may be
  /// @return how many there may be beyond those of the value; negative if it is no key
  private static int keyScalars(@Nullable Object value, int left) {
    return switch (value) {
      case PickleReader.Tuple tuple -> {
        int rest = left - 1;
        for (Object item : tuple) {
          rest = rest < 0 ? rest : keyScalars(item, rest);
        }
        yield rest;
      }
      case List<?> _, Set<?> _, Map<?, ?> _ -> -1;
      case null, default -> left - 1;
    };
  }

  /// Whether a value is a tree of bounded depth and size. One part that is in several places counts
  /// as often, so a few bytes cannot stand for more than fits into memory once it is written out.
  ///
  /// @param maxParts how many values there may be in it, itself included
  static boolean isTree(@Nullable Object value, long maxParts) {
    return partsLeft(value, maxParts, MAX_DEPTH) >= 0;
  }

  private static long partsLeft(@Nullable Object value, long left, int depth) {
    if (depth == 0 || left <= 0) {
      return -1;
    }
    long rest = left - 1;
    switch (value) {
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          rest = rest < 0 ? rest : partsLeft(entry.getKey(), rest, depth - 1);
          rest = rest < 0 ? rest : partsLeft(entry.getValue(), rest, depth - 1);
        }
      }
      case Iterable<?> items -> {
        for (Object item : items) {
          rest = rest < 0 ? rest : partsLeft(item, rest, depth - 1);
        }
      }
      case null, default -> {}
    }
    return rest;
  }
}
