package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/// Small objects in both daemons, as many in one as in the other, among which loads pick theirs.
/// Confined to one thread while it grows, and then safe for use by several.
final class Population {
  /// Length of each blob.
  static final long BLOB_BYTES = 64;

  private final SideBySide daemons;
  private final Content content = new Content(BLOB_BYTES);
  private final Map<Side, long[]> objects = new EnumMap<>(Side.class);

  Population(SideBySide daemons) {
    this.daemons = daemons;
  }

  /// What the blobs are filled with.
  Content content() {
    return content;
  }

  /// Puts objects until there are so many in each daemon.
  void grow(int count) throws PosixException {
    for (Side side : Side.values()) {
      long[] had = of(side);
      long[] grown = Arrays.copyOf(had, Math.max(had.length, count));
      try (var client = OfficialClient.connect(daemons.daemon(side).socket(), content)) {
        for (int i = had.length; i < grown.length; i++) {
          grown[i] = client.put(BLOB_BYTES);
        }
      }
      objects.put(side, grown);
    }
  }

  /// An object of a daemon, picked by a random number.
  long pick(Side side, long random) {
    long[] all = of(side);
    return all[(int) Math.floorMod(random, (long) all.length)];
  }

  private long[] of(Side side) {
    return objects.getOrDefault(side, new long[0]);
  }
}
