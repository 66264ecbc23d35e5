package dev.vinery.server;

import dev.vinery.protocol.Reply;
import org.jspecify.annotations.Nullable;

/// What a handler makes of a request: a reply now, or one that waits for something to happen.
sealed interface Answer {
  static Answer now(Reply reply) {
    return new Now(reply);
  }

  record Now(Reply reply) implements Answer {}

  /// A reply that is due when something comes into being. Completed at most once.
  ///
  /// Guarded by the store lock.
  final class Later implements Answer {
    private final Runnable forget;
    private @Nullable Reply reply;
    private @Nullable Runnable listener;

    /// @param forget takes this answer out of the table where it waits, if its connection ends
    Later(Runnable forget) {
      this.forget = forget;
    }

    void complete(Reply completed) {
      Invariant.check(reply == null, "a deferred answer was completed twice");
      reply = completed;
      if (listener != null) {
        listener.run();
      }
    }

    void cancel() {
      if (reply == null) {
        forget.run();
      }
    }

    @Nullable Reply reply() {
      return reply;
    }

    /// Runs `listener` when the reply is there, or at once if it is already.
    void onComplete(Runnable listener) {
      this.listener = listener;
      if (reply != null) {
        listener.run();
      }
    }
  }
}
