package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PollTest {
  private int a;
  private int b;

  @BeforeEach
  void create() throws PosixException {
    a = EventFd.create();
    b = EventFd.create();
  }

  @AfterEach
  void close() {
    Descriptor.close(a);
    Descriptor.close(b);
  }

  @Test
  void nothingHappensWhenTheTimeIsOver() throws Exception {
    long start = System.nanoTime();

    assertThat(Poll.await(a, Poll.POLLIN, b, Poll.POLLIN, 20)).isZero();

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000L);
    assertThat(Poll.await(a, Poll.POLLIN, 0)).isZero();
  }

  @Test
  void eachDescriptorsEventsAreToldApart() throws Exception {
    EventFd.signal(b);

    int onlyB = Poll.await(a, Poll.POLLIN, b, Poll.POLLIN, Poll.FOR_EVER);
    assertThat(Poll.first(onlyB)).isZero();
    assertThat(Poll.second(onlyB)).isEqualTo(Poll.POLLIN);

    EventFd.signal(a);
    int both = Poll.await(a, Poll.POLLIN, b, Poll.POLLIN | Poll.POLLOUT, Poll.FOR_EVER);
    assertThat(Poll.first(both)).isEqualTo(Poll.POLLIN);
    assertThat(Poll.second(both)).isEqualTo(Poll.POLLIN | Poll.POLLOUT);
  }

  @Test
  void onlyWhatIsAskedForIsTold() throws Exception {
    EventFd.signal(a);

    assertThat(Poll.await(a, 0, 0)).isZero();
    assertThat(Poll.await(a, Poll.POLLOUT, 0)).isEqualTo(Poll.POLLOUT);
  }

  @Test
  void aPeerThatClosesIsNoticedUnasked(@TempDir Path directory) throws Exception {
    Connection ends = Connection.at(directory.resolve("s"));
    try {
      assertThat(Poll.await(ends.server(), Poll.POLLRDHUP, a, Poll.POLLIN, 0)).isZero();

      Descriptor.close(ends.client());

      int happened = Poll.await(ends.server(), Poll.POLLRDHUP, a, Poll.POLLIN, Poll.FOR_EVER);
      assertThat(Poll.first(happened)).isEqualTo(Poll.POLLRDHUP | Poll.POLLHUP);
      assertThat(Poll.second(happened)).isZero();
      assertThat(Poll.first(Poll.await(ends.server(), 0, 0))).isEqualTo(Poll.POLLHUP);
    } finally {
      Descriptor.close(ends.server());
    }
  }

  @Test
  void aSignalDoesNotEndTheWait() throws Exception {
    var waiter = KernelThread.blockedIn(() -> Poll.await(a, Poll.POLLIN, b, Poll.POLLIN, -1));

    for (int i = 0; i < 5; i++) {
      waiter.interruptBySignal();
      assertThat(waiter.done()).as("after signal %d", i).isFalse();
    }
    EventFd.signal(b);

    assertThat(Poll.second(waiter.result())).isEqualTo(Poll.POLLIN);
  }

  @Test
  void signalsDoNotProlongTheWait() throws Exception {
    long start = System.nanoTime();
    var waiter = KernelThread.blockedIn(() -> Poll.await(a, Poll.POLLIN, 300));

    while (!waiter.done()) {
      waiter.interruptBySignal();
      assertThat(System.nanoTime() - start).isLessThan(Deadline.LIMIT.toNanos());
    }

    assertThat(waiter.result()).isZero();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(295_000_000L);
  }

  @Test
  void aDescriptorThatIsNotOpenIsAnError() throws Exception {
    int closed = 1_000_000;

    assertThatThrownBy(() -> Poll.await(a, Poll.POLLIN, closed, Poll.POLLIN, Poll.FOR_EVER))
        .isInstanceOf(PosixException.class)
        .hasMessage("poll of 1000000 failed: Bad file descriptor (errno 9)");
  }
}
