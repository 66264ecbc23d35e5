package dev.vinery.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// How functions of the C library are called.
///
/// **One shape.** Every distinct signature costs the linker three to four milliseconds at start, so
/// all functions share one: six 64-bit words in, one out, `errno` captured. That is sound on x86-64
/// and aarch64, where an integer or a pointer fills a whole register, six of them travel in
/// registers, a function ignores registers it has no parameter for, and variadic functions take
/// integers like any other. Where C says `int`, the upper half of the result is undefined: the
/// caller casts to `int`.
///
/// **Failure.** A call failed if the low 32 bits of its result are all ones, whether C says `int`,
/// `long` or pointer: no function bound here returns such a word otherwise (byte counts stay below
/// 2^31, mappings begin on a page). As the kernel itself does, a failure is handed on as the
/// negated error number.
///
/// **No allocation.** `errno` and small arguments live in the calling thread's [Scratch]. Pointers
/// are plain words, so the linker does not keep alive what they point to: a caller holds on to the
/// segment until the call returns.
final class Native {
  private static final int MAX_ERRNO = 4095; // linux/err.h

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle CALL = linkCall();

  private Native() {}

  @SuppressWarnings("restricted") // linking is what this class is for
  private static MethodHandle linkCall() {
    var sixWords =
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    return LINKER.downcallHandle(sixWords, Linker.Option.captureCallState("errno"));
  }

  /// Finds a function of the C library.
  static Function function(String name) {
    return new Function(name, LINKER.defaultLookup().findOrThrow(name));
  }

  /// The C library's `syscall`, for what has no function of its own or one that does more. Its
  /// first argument is the number of the system call.
  ///
  /// @param name what messages call it
  static Function systemCall(String name) {
    return new Function(name, LINKER.defaultLookup().findOrThrow("syscall"));
  }

  /// Whether a result of [Function#once] is a negated error number.
  static boolean failed(long result) {
    return result < 0 && result >= -MAX_ERRNO;
  }

  /// The pointer to `length` bytes of `buffer`, from `offset` on.
  ///
  /// @throws IllegalArgumentException if the buffer is on the Java heap
  /// @throws IndexOutOfBoundsException if the range is not inside the buffer
  /// @throws IllegalStateException if the buffer's arena is closed
  static long pointer(MemorySegment buffer, long offset, long length) {
    if (!buffer.isNative()) {
      throw new IllegalArgumentException("a system call needs a buffer outside the Java heap");
    }
    Objects.checkFromIndexSize(offset, length, buffer.byteSize());
    if (!buffer.scope().isAlive()) {
      throw new IllegalStateException("the arena of the buffer is closed");
    }
    return buffer.address() + offset;
  }

  /// The pointer to a string as C takes it, in UTF-8 and in memory of `arena`.
  static long cString(String text, Arena arena) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    // Not allocateFrom(text): its first use costs seven milliseconds, more than all else here.
    MemorySegment copy = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, copy, JAVA_BYTE, 0, bytes.length);
    return copy.address();
  }

  /// A function of the C library. Immutable. A record, because the compiler trusts the fields of a
  /// record to be constants.
  record Function(String name, MemorySegment address) {

    /// Calls the function again while a signal interrupts it.
    ///
    /// @return its result, to be cast to `int` where C says `int`
    /// @throws PosixException if it failed with anything but `EINTR`
    long call(long a, long b, long c, long d, long e, long f) throws PosixException {
      long result;
      do {
        result = once(a, b, c, d, e, f);
      } while (result == -Errno.EINTR);
      if (failed(result)) {
        throw new PosixException(name, (int) -result);
      }
      return result;
    }

    long call(long a, long b, long c, long d) throws PosixException {
      return call(a, b, c, d, 0, 0);
    }

    long call(long a, long b, long c) throws PosixException {
      return call(a, b, c, 0, 0, 0);
    }

    long call(long a, long b) throws PosixException {
      return call(a, b, 0, 0, 0, 0);
    }

    long call(long a) throws PosixException {
      return call(a, 0, 0, 0, 0, 0);
    }

    /// Calls the function once.
    ///
    /// @return its result, or the negated error number if it failed
    long once(long a, long b, long c, long d, long e, long f) {
      MemorySegment errno = Scratch.ofThread().errno();
      long result;
      try {
        result = (long) CALL.invokeExact(address, errno, a, b, c, d, e, f);
      } catch (RuntimeException | Error thrown) {
        throw thrown;
      } catch (Throwable impossible) {
        throw new AssertionError("a downcall throws nothing of its own", impossible);
      }
      return (int) result == -1 ? -errno.get(JAVA_INT, 0) : result;
    }

    long once(long a, long b, long c, long d) {
      return once(a, b, c, d, 0, 0);
    }
  }
}
