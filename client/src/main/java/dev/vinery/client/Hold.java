package dev.vinery.client;

import dev.vinery.posix.SharedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Keeps blobs in place for as long as somebody uses their memory. Safe for use by several threads.
///
/// It ends once: when it is closed, or, if that is forgotten, when nothing refers to it or to any
/// of its views any more. So a view can never outlive the hold unnoticed. An automatic arena does
/// the watching; unlike a shared one it costs next to nothing, as nobody can close it.
final class Hold implements AutoCloseable {
  private final Arena arena = Arena.ofAuto();
  private final End end;

  /// @param atEnd what to do at the end, in whatever thread; must not refer to the hold or its
  ///   views
  Hold(Runnable atEnd) {
    end = new End(atEnd);
  }

  /// The bytes of `part` as memory that keeps this hold. A hold without a view is never forgotten.
  MemorySegment view(MemorySegment part) {
    return SharedMemory.view(part, arena, end);
  }

  boolean ended() {
    return end.action.get() == null;
  }

  @Override
  public void close() {
    end.run();
  }

  /// Ends the hold without doing what was to be done at its end.
  ///
  /// @return whether it had not ended before
  boolean cancel() {
    return end.action.getAndSet(null) != null;
  }

  /// What is left to be done; knows nothing of the hold, or it would keep it for ever.
  private static final class End implements Runnable {
    private final AtomicReference<@Nullable Runnable> action;

    private End(Runnable action) {
      this.action = new AtomicReference<>(action);
    }

    @Override
    public void run() {
      Runnable left = action.getAndSet(null);
      if (left != null) {
        left.run();
      }
    }
  }
}
