package dev.vinery.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Guesses what a mistyped word was meant to be.
final class Spelling {
  /// One letter in so many may be wrong, and two in any case.
  private static final int LETTERS_PER_MISTAKE = 3;

  private Spelling() {}

  /// Finds the word that takes fewest insertions, deletions and changes of a letter to reach,
  /// unless it takes so many that it must be another word.
  static Optional<String> nearest(String word, Collection<String> known) {
    int mistakes = Math.max(2, word.length() / LETTERS_PER_MISTAKE);
    return known.stream()
        .filter(candidate -> Math.min(candidate.length(), word.length()) > 1)
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .filter(candidate -> distance(word, candidate) <= mistakes);
  }

  /// Edit distance, row by row over the table of prefixes.
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int above = row[j];
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(diagonal + change, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[to.length()];
  }
}
