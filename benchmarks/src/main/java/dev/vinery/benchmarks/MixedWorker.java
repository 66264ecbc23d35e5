package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;

/// A client that does a bit of everything, mostly to what it has used lately. Sizes are as often
/// between 64 B and 128 B as between 8 MiB and 16 MiB. Confined to one thread at a time.
final class MixedWorker implements Worker {
  /// The longest blob.
  static final long MAX_BYTES = 16 << 20;

  private static final int MAX_OBJECTS = 40;
  private static final int MIN_SHIFT = 6; // 64 B
  private static final int SHIFTS = 18; // up to 8 MiB and as much again
  private static final double SKEW = 0.99; // of Zipf's distribution, as is usual for stores
  private static final int PERCENT = 100;
  private static final int GET_BELOW = 70;
  private static final int PUT_BELOW = 90;
  private static final int LIST_BELOW = 92;
  private static final int NAME_BELOW = 95;
  private static final int LIST_LIMIT = 5;

  private static final double[] ZIPF = zipf();

  private final OfficialClient client;
  private final RandomNumbers random;
  private final long[] objects = new long[MAX_OBJECTS]; // the newest last
  private final long[] sizes = new long[MAX_OBJECTS];
  private final String name;
  private int count;
  private long refused;

  /// @param number of this client, which its choices follow from
  MixedWorker(OfficialClient client, int number) throws PosixException {
    this.client = client;
    this.random = new RandomNumbers(number);
    this.name = "soak-" + number;
    put();
    client.persist(objects[0]);
    client.putName(name, objects[0]);
  }

  /// The part of all choices that fall on the first so many.
  private static double[] zipf() {
    double[] sums = new double[MAX_OBJECTS];
    double sum = 0;
    for (int i = 0; i < MAX_OBJECTS; i++) {
      sum += 1 / Math.pow(i + 1, SKEW);
      sums[i] = sum;
    }
    return sums;
  }

  @Override
  public void step(int index) throws PosixException {
    int what = below(PERCENT);
    if (what < GET_BELOW) {
      int chosen = choose();
      client.get(objects[chosen], sizes[chosen]);
    } else if (what < PUT_BELOW) {
      put();
    } else if (what < LIST_BELOW) {
      client.list("vineyard::Tensor*", LIST_LIMIT);
    } else if (what < NAME_BELOW) {
      client.getName(name);
    } else if (count > 1) {
      delete(1 + below(count - 1));
    }
  }

  /// Makes room by deleting something, then puts; a daemon that is full is asked again later.
  private void put() throws PosixException {
    if (count == MAX_OBJECTS) {
      delete(1 + below(count - 1));
    }
    long lowest = 1L << (MIN_SHIFT + below(SHIFTS));
    long sizeBytes = (lowest + Math.floorMod(random.next(), lowest)) / Long.BYTES * Long.BYTES;
    try {
      objects[count] = client.put(sizeBytes);
      sizes[count] = sizeBytes;
      count++;
    } catch (IllegalStateException full) {
      refused++;
    }
  }

  private void delete(int index) throws PosixException {
    client.delete(objects[index]);
    System.arraycopy(objects, index + 1, objects, index, count - index - 1);
    System.arraycopy(sizes, index + 1, sizes, index, count - index - 1);
    count--;
  }

  private int choose() {
    double point = (random.next() >>> 11) * 0x1p-53 * ZIPF[count - 1];
    int rank = 0;
    while (ZIPF[rank] < point) {
      rank++;
    }
    return count - 1 - rank;
  }

  private int below(int bound) {
    return (int) Math.floorMod(random.next(), (long) bound);
  }

  long refused() {
    return refused;
  }

  /// Deletes everything.
  void clear() throws PosixException {
    client.discard(objects, count, true);
    count = 0;
  }

  @Override
  public void close() {
    client.close();
  }
}
