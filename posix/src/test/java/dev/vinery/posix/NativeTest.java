package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

final class NativeTest {
  private static final Native.Function DUP = Native.function("dup");
  private static final Native.Function POLL = Native.function("poll");

  @Test
  void aFailureIsTheNegatedErrorNumber() {
    assertThat(DUP.once(-1, 0, 0, 0)).isEqualTo(-Errno.EBADF);
    assertThat(Native.failed(-Errno.EBADF)).isTrue();
    assertThat(Native.failed(0)).isFalse();
    assertThat(Native.failed(-4096)).isFalse();
  }

  @Test
  void aFailedCallThrowsWithItsName() {
    assertThatThrownBy(() -> DUP.call(-1))
        .isInstanceOf(PosixException.class)
        .hasMessage("dup failed: Bad file descriptor (errno 9)");
  }

  @Test
  void aCallGoesOnAfterASignal() throws Exception {
    int event = EventFd.create();
    try (var arena = Arena.ofShared()) {
      MemorySegment pollfd = arena.allocate(8, 8);
      pollfd.set(ValueLayout.JAVA_INT, 0, event);
      pollfd.set(ValueLayout.JAVA_SHORT, 4, (short) Poll.POLLIN);
      var waiter = KernelThread.blockedIn(() -> POLL.call(pollfd.address(), 1, Poll.FOR_EVER));

      for (int i = 0; i < 5; i++) {
        waiter.interruptBySignal();
        assertThat(waiter.done()).as("after signal %d", i).isFalse();
      }
      EventFd.signal(event);

      assertThat(waiter.result()).isEqualTo(1);
    } finally {
      Descriptor.close(event);
    }
  }

  @Test
  void eachThreadKeepsItsOwnErrorNumber() throws Exception {
    Native.Function open = Native.function("open");
    try (var arena = Arena.ofShared()) {
      MemorySegment missing = arena.allocateFrom("/no/such/file");
      var other =
          KernelThread.blockedIn(() -> {
            for (int i = 0; i < 20_000; i++) {
              assertThat(open.once(missing.address(), 0, 0, 0)).isEqualTo(-Errno.ENOENT);
            }
            return true;
          });
      while (!other.done()) {
        assertThat(DUP.once(-1, 0, 0, 0)).isEqualTo(-Errno.EBADF);
      }
      assertThat(other.result()).isTrue();
    }
  }

  @Test
  void aPointerIsOnlyGivenToLivingMemoryOutsideTheHeap() {
    MemorySegment closed;
    try (var arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(16);
      closed = buffer;
      assertThat(Native.pointer(buffer, 4, 12)).isEqualTo(buffer.address() + 4);
      assertThatThrownBy(() -> Native.pointer(buffer, 4, 13))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> Native.pointer(buffer, -1, 4))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> Native.pointer(closed, 0, 16))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Native.pointer(MemorySegment.ofArray(new byte[16]), 0, 16))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anUnknownArchitectureIsRefusedByName() {
    assertThat(Architecture.of("aarch64")).isNotEqualTo(Architecture.of("amd64"));
    assertThatThrownBy(() -> Architecture.of("pdp11"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("pdp11");
  }
}
