package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EventFdTest {
  private int event;

  @BeforeEach
  void create() throws PosixException {
    event = EventFd.create();
  }

  @AfterEach
  void close() {
    Descriptor.close(event);
  }

  @Test
  void drainingCountsTheSignalsSinceTheLastTime() throws Exception {
    assertThat(EventFd.drain(event)).isZero();

    EventFd.signal(event);
    EventFd.signal(event);

    assertThat(EventFd.drain(event)).isEqualTo(2);
    assertThat(EventFd.drain(event)).isZero();
  }

  @Test
  void aSignalWakesAWaiter() throws Exception {
    var waiter = KernelThread.blockedIn(() -> Poll.await(event, Poll.POLLIN, Poll.FOR_EVER));
    assertThat(waiter.done()).isFalse();

    EventFd.signal(event);

    assertThat(waiter.result()).isEqualTo(Poll.POLLIN);
  }
}
