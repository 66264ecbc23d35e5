package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// A thread that runs a blocking call, and what the kernel says about it.
final class KernelThread<T> {
  /// The virtual machine handles this signal and does nothing about it, but it interrupts calls.
  private static final int SIGPIPE = 13;

  private static final Native.Function GETTID = Native.function("gettid");
  private static final Native.Function TGKILL = Native.function("tgkill");

  private final FutureTask<T> task;
  private final CountDownLatch started = new CountDownLatch(1);
  private int id;

  private KernelThread(Callable<T> call) {
    task =
        new FutureTask<>(() -> {
          id = (int) GETTID.once(0, 0, 0, 0);
          started.countDown();
          return call.call();
        });
  }

  /// Starts a thread and waits until it sleeps in the kernel, or is done.
  static <T> KernelThread<T> blockedIn(Callable<T> call) throws InterruptedException {
    var thread = new KernelThread<>(call);
    Thread.ofPlatform().daemon().start(thread.task);
    assertThat(thread.started.await(Deadline.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    Deadline.waitUntil(
        "thread sleeps", () -> thread.done() || thread.status("State").startsWith("S"));
    return thread;
  }

  boolean done() {
    return task.isDone();
  }

  T result() throws Exception {
    return task.get(Deadline.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /// Interrupts the thread by a signal and waits until it sleeps again, or is done.
  void interruptBySignal() throws PosixException {
    long before = sleeps();
    TGKILL.call(ProcessHandle.current().pid(), id, SIGPIPE);
    Deadline.waitUntil("thread sleeps again", () -> done() || sleeps() > before);
  }

  private long sleeps() {
    String count = status("voluntary_ctxt_switches");
    return count.isEmpty() ? Long.MAX_VALUE : Long.parseLong(count);
  }

  /// A line of the thread's status, empty once the thread has ended.
  private String status(String key) {
    Path file = Path.of("/proc/self/task", Integer.toString(id), "status");
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(key + ":"))
          .map(line -> line.substring(key.length() + 1).strip())
          .findFirst()
          .orElse("");
    } catch (IOException ended) {
      return "";
    }
  }
}
