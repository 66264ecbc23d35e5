package dev.vinery.metadata;

import java.util.Comparator;

/// The order of strings by code point, which is the order of their bytes in UTF-8: that of the keys
/// of a store, and of the fields in the JSON that upstream's daemons print.
enum CodePointOrder implements Comparator<String> {
  INSTANCE;

  /// Differs from the order of `char`s only where one of the first two that differ is a surrogate:
  /// that stands for a code point above all that need no surrogates.
  @Override
  public int compare(String left, String right) {
    int end = Math.min(left.length(), right.length());
    for (int i = 0; i < end; i++) {
      char l = left.charAt(i);
      char r = right.charAt(i);
      if (l != r) {
        boolean surrogate = Character.isSurrogate(l);
        return surrogate == Character.isSurrogate(r) ? l - r : surrogate ? 1 : -1;
      }
    }
    return left.length() - right.length();
  }
}
