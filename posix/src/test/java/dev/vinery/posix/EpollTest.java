package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EpollTest {
  private int epoll;
  private int a;
  private int b;

  @BeforeEach
  void create() throws PosixException {
    epoll = Epoll.create();
    a = EventFd.create();
    b = EventFd.create();
  }

  @AfterEach
  void close() {
    Descriptor.close(a);
    Descriptor.close(b);
    Descriptor.close(epoll);
  }

  @Test
  void nothingHappensWhenTheTimeIsOver() throws Exception {
    Epoll.add(epoll, a, Poll.POLLIN);
    long start = System.nanoTime();

    assertThat(Epoll.await(epoll, 20)).isEqualTo(Epoll.NONE);

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000L);
  }

  @Test
  void theDescriptorToWhichSomethingHappenedIsTold() throws Exception {
    Epoll.add(epoll, a, Poll.POLLIN);
    Epoll.add(epoll, b, Poll.POLLIN);

    EventFd.signal(b);
    assertThat(Epoll.await(epoll, Poll.FOR_EVER)).isEqualTo(b);

    EventFd.drain(b);
    EventFd.signal(a);
    assertThat(Epoll.await(epoll, Poll.FOR_EVER)).isEqualTo(a);
  }

  @Test
  void aDescriptorThatIsNotInTheSetIsNotWatched() throws Exception {
    Epoll.add(epoll, a, Poll.POLLIN);

    EventFd.signal(b);

    assertThat(Epoll.await(epoll, 0)).isEqualTo(Epoll.NONE);
  }

  @Test
  void aSignalDoesNotEndTheWait() throws Exception {
    Epoll.add(epoll, a, Poll.POLLIN);
    var waiter = KernelThread.blockedIn(() -> Epoll.await(epoll, Poll.FOR_EVER));

    for (int i = 0; i < 5; i++) {
      waiter.interruptBySignal();
      assertThat(waiter.done()).as("after signal %d", i).isFalse();
    }
    EventFd.signal(a);

    assertThat(waiter.result()).isEqualTo(a);
  }

  @Test
  void addingADescriptorTwiceIsAnError() throws Exception {
    Epoll.add(epoll, a, Poll.POLLIN);

    assertThatThrownBy(() -> Epoll.add(epoll, a, Poll.POLLOUT))
        .isInstanceOfSatisfying(
            PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
  }

  @Test
  void aPeerThatClosesIsNoticedUnasked(@TempDir Path directory) throws Exception {
    Connection ends = Connection.at(directory.resolve("s"));
    try {
      Epoll.add(epoll, ends.server(), 0);

      Descriptor.close(ends.client());

      assertThat(Epoll.await(epoll, Poll.FOR_EVER)).isEqualTo(ends.server());
    } finally {
      Descriptor.close(ends.server());
    }
  }
}
