package dev.vinery.cli;

import java.time.Duration;
import java.util.function.Supplier;

/// A line that tells a person what takes so long. It appears after a second, goes on changing, and
/// is gone when this is closed. Nobody but a terminal sees it. Confined to one thread.
final class Progress implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration PERIOD = Duration.ofMillis(200);
  private static final String ERASE_LINE = "\r\u001b[K";

  private final Console console;
  private final Supplier<String> text;
  private final Thread thread;

  private Progress(Console console, Supplier<String> text) {
    this.console = console;
    this.text = text;
    this.thread = Thread.ofVirtual().unstarted(this::run);
  }

  /// Begins to watch over something that may take long.
  ///
  /// @param text what is going on now, in a few words; called by another thread
  static Progress begin(Console console, Supplier<String> text) {
    var progress = new Progress(console, text);
    if (console.errIsTerminal()) {
      progress.thread.start();
    }
    return progress;
  }

  private void run() {
    long startNanos = System.nanoTime();
    try {
      Thread.sleep(PATIENCE);
    } catch (InterruptedException finished) {
      return;
    }
    while (true) {
      Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
      print(ERASE_LINE + Text.harmless(text.get()) + ", " + Age.print(elapsed) + " so far");
      try {
        Thread.sleep(PERIOD);
      } catch (InterruptedException finished) {
        print(ERASE_LINE);
        return;
      }
    }
  }

  private void print(String line) {
    console.err().print(line);
    console.err().flush();
  }

  /// Takes the line away. Closing twice is fine.
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
