package dev.vinery.posix;

/// The processor that the calling thread runs on. Safe for use by several threads.
public final class Processor {
  /// `int sched_yield(void)`
  private static final Native.Function SCHED_YIELD = Native.function("sched_yield");

  private Processor() {}

  /// Lets another thread that is ready run first, if there is one. A virtual thread stays on its
  /// carrier, other than with [Thread#yield()].
  public static void giveWay() {
    SCHED_YIELD.once(0, 0, 0, 0); // it cannot fail
  }
}
