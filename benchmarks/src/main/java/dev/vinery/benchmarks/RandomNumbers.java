package dev.vinery.benchmarks;

/// Numbers that look random and are the same in every run, for a nanosecond each. Confined to one
/// thread.
final class RandomNumbers {
  private long state;

  RandomNumbers(long seed) {
    this.state = seed;
  }

  /// The next number, all 64 bits of which can be used.
  long next() {
    // SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014
    state += 0x9E3779B97F4A7C15L;
    long mixed = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }
}
