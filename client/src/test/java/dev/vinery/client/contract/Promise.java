package dev.vinery.client.contract;

import org.jspecify.annotations.Nullable;

/// What our daemon does and the official one, of release 0.24.2, does not: all the differences that
/// the contract tests meet. Of a daemon that does not keep a promise they want what stands here;
/// only of what never happens, or cannot be known, they want nothing.
public enum Promise {
  /// What somebody reads stays as it is when its object is deleted. Others free the memory at once,
  /// and the next blob may lie there.
  READERS_KEEP_THEIR_BYTES(Door.SHARED_MEMORY),

  /// Several blobs are made, or none. Others keep those that they made before one did not fit.
  BLOBS_ARE_MADE_TOGETHER_OR_NOT,

  /// Metadata of wrong types is refused. Others die of it.
  MISTYPED_METADATA_IS_REFUSED,

  /// The blobs of a session go with it. Those that came over TCP others keep among those of the
  /// root session, and there they stay.
  SESSIONS_HAVE_THEIR_OWN_BLOBS(Door.TCP),

  /// A session may be deleted through any door. Others take no connections over TCP any more when
  /// one was deleted over TCP.
  DELETING_A_SESSION_DOES_NOT_END_THE_DOOR(Door.TCP),

  /// Streams are listed, with how they are. Others refuse to.
  STREAMS_ARE_LISTED,

  /// Streams may be shared, and have limits. Others know plain ones only, and refuse to make
  /// others.
  STREAMS_HAVE_TERMS,

  /// Readers and writers that wait count as requests that wait. With others one cannot know.
  WAITING_ENDS_OF_STREAMS_ARE_COUNTED,

  /// The reason of a failure reaches the reader. Others drop it.
  FAILURES_HAVE_REASONS,

  /// When a reader leaves, another one goes on. Others drop the stream.
  STREAMS_OUTLIVE_THEIR_READERS,

  /// A stream that is dropped leaves nothing. Others keep the chunk that its writer had begun.
  DROPPED_STREAMS_LEAVE_NOTHING(Door.SHARED_MEMORY),

  /// A chunk that can never fit is refused. Others have its writer wait without end.
  CHUNKS_THAT_NEVER_FIT_ARE_REFUSED(Door.SHARED_MEMORY);

  private final @Nullable Door only;

  /// A promise that shows through both doors.
  Promise() {
    this.only = null;
  }

  /// @param only the door through which it shows
  Promise(Door only) {
    this.only = only;
  }

  /// Whether a client that comes through a door sees if it is kept.
  boolean shows(Door door) {
    return only == null || only == door;
  }
}
