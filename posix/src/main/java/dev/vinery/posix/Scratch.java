package dev.vinery.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/// A thread's own bit of native memory, where `errno` is captured and small C structures are laid
/// out, so that no call allocates. What a method puts into [#arguments] is valid until the next
/// call of this package in the same thread. Confined to one thread; freed after it has ended.
final class Scratch {
  /// Length of [#arguments] in bytes, more than the largest structure passed, which is `struct
  /// stat`.
  static final long ARGUMENT_BYTES = 256;

  private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

  private final MemorySegment errno;
  private final MemorySegment arguments;

  private Scratch() {
    var arena = Arena.ofAuto();
    errno = arena.allocate(Linker.Option.captureStateLayout());
    arguments = arena.allocate(ARGUMENT_BYTES, Long.BYTES);
  }

  static Scratch ofThread() {
    return OF_THREAD.get();
  }

  /// Where a call leaves its error number, an `int` at offset 0.
  MemorySegment errno() {
    return errno;
  }

  /// Room for structures, of [#ARGUMENT_BYTES], aligned to 8 bytes, contents undefined.
  MemorySegment arguments() {
    return arguments;
  }
}
