package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.util.List;

/// W4: put of large objects, which is a matter of the speed of memory: into memory that was used
/// before, and into memory that the system has yet to give.
final class LargePuts implements Suite {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  @Override
  public String id() {
    return "W4";
  }

  @Override
  public String title() {
    return "Large puts";
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws PosixException {
    List<Long> sizes = daemons.options().quick() ? List.of(64 * MIB) : List.of(256 * MIB, GIB);
    var content = new Content(sizes.getLast());
    for (long size : sizes) {
      int steps = (int) Math.max(1, GIB / 2 / size);
      for (boolean trim : List.of(true, false)) {
        var load =
            Load.of("put " + Figures.size(size) + (trim ? ", first touch" : ", recycled"), 0)
                .moving(size)
                .undoing()
                .withSteps(steps, steps);
        report.add(
            daemons.compare(load, content, (client, _) -> new RepeatedPut(client, size, trim)));
      }
    }
  }

  /// Puts an object and deletes it before the next one; `trim` says whether the system gets the
  /// pages back in between.
  private static final class RepeatedPut implements Worker {
    private final LoadClient client;
    private final long sizeBytes;
    private final boolean trim;
    private final long[] made = new long[1];

    RepeatedPut(LoadClient client, long sizeBytes, boolean trim) {
      this.client = client;
      this.sizeBytes = sizeBytes;
      this.trim = trim;
    }

    @Override
    public void step(int index) throws PosixException {
      made[0] = client.put(sizeBytes);
    }

    @Override
    public void undo(int index) throws PosixException {
      client.discard(made, 1, trim);
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
