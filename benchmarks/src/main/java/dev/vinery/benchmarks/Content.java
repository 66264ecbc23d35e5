package dev.vinery.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What blobs are filled with: words that tell where they stand, so that what a get finds can be
/// checked. Safe for use by several threads.
final class Content {
  private static final long PAGE_BYTES = 4096;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L; // odd, so that all words differ

  private final MemorySegment words;

  /// @param maxBytes length of the longest blob, a multiple of 8
  Content(long maxBytes) {
    words = Arena.ofAuto().allocate(maxBytes, PAGE_BYTES);
    for (long offset = 0; offset < maxBytes; offset += Long.BYTES) {
      words.set(JAVA_LONG, offset, word(offset));
    }
  }

  private static long word(long offset) {
    return (offset + 1) * MULTIPLIER;
  }

  /// Fills a blob, at the speed of memory.
  ///
  /// @param memory where the blob lies
  /// @param start of the blob in `memory`
  void fill(MemorySegment memory, long start, long sizeBytes) {
    MemorySegment.copy(words, 0, memory, start, sizeBytes);
  }

  /// Checks the first word, the last one and one in the middle; all words of less than a page would
  /// cost more than what is measured.
  ///
  /// @throws IllegalStateException if the blob is not what was put
  static void check(MemorySegment memory, long start, long sizeBytes) {
    checkWord(memory, start, 0);
    checkWord(memory, start, sizeBytes / 2 / Long.BYTES * Long.BYTES);
    checkWord(memory, start, sizeBytes - Long.BYTES);
  }

  private static void checkWord(MemorySegment memory, long start, long offset) {
    long found = memory.get(JAVA_LONG, start + offset);
    if (found != word(offset)) {
      throw new IllegalStateException(
          "the word at %d of a blob at %d is %x and should be %x"
              .formatted(offset, start, found, word(offset)));
    }
  }
}
