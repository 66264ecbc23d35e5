package dev.vinery.server;

import dev.vinery.protocol.Reply;
import org.jspecify.annotations.Nullable;

/// What a handler makes of a request: a reply now, a wait for something to happen first, or a reply
/// and bytes that travel outside of frames.
sealed interface Answer {
  static Answer now(Reply reply) {
    return new Now(reply);
  }

  record Now(Reply reply) implements Answer {}

  /// Bytes of blobs are to be taken from the client between two replies.
  ///
  /// @param reply lets the client send
  /// @param blobs are to be published or ended
  record Upload(Reply reply, BlobBytes bytes, boolean compressed, Arriving blobs)
      implements Answer {}

  /// Blobs whose bytes are on their way here. Takes the store lock itself. Confined to one
  /// connection.
  interface Arriving {
    /// Makes the blobs seen, when all bytes are there.
    ///
    /// @return the reply that tells so, or why it could not be done
    Reply publish();

    /// Frees what was not published. Has to be called, whatever happens.
    void end();
  }

  /// Bytes of blobs follow the reply.
  ///
  /// @param end lets go of the blobs, and takes the store lock for that; has to be called, whatever
  ///   happens
  record Download(Reply reply, BlobBytes bytes, boolean compressed, Runnable end)
      implements Answer {}

  /// The request is answered when something has come into being: by the reply that comes with it,
  /// or else by handling the request again. Due at most once.
  ///
  /// Guarded by the store lock.
  final class Later implements Answer {
    private final Runnable forget;
    private boolean due;
    private @Nullable Runnable listener;
    private @Nullable Reply reply;

    /// @param forget takes this answer out of the table where it waits, if its connection ends
    Later(Runnable forget) {
      this.forget = forget;
    }

    /// Tells that what was waited for has come.
    void come() {
      Invariant.check(!due, "a deferred answer was due twice");
      due = true;
      if (listener != null) {
        listener.run();
      }
    }

    /// Tells the reply itself. The request is not handled again then, even if it was due to be.
    void come(Reply reply) {
      this.reply = reply;
      if (!due) {
        come();
      }
    }

    boolean due() {
      return due;
    }

    /// The reply that came, if one did.
    @Nullable Reply reply() {
      return reply;
    }

    void cancel() {
      if (!due) {
        forget.run();
      }
    }

    /// Tells that nobody waits any longer. What comes later is heard by nobody.
    void abandon() {
      cancel();
      listener = null;
    }

    /// Runs `listener` when the answer is due, or at once if it is already.
    void onDue(Runnable listener) {
      this.listener = listener;
      if (due) {
        listener.run();
      }
    }
  }
}
