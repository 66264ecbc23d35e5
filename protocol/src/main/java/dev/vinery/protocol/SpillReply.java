package dev.vinery.protocol;

/// Replies about memory and disk.
public sealed interface SpillReply extends Reply {
  /// `is_spilled_reply`.
  record IsSpilled(boolean spilled) implements SpillReply {}

  /// `is_in_use_reply`.
  record IsInUse(boolean inUse) implements SpillReply {}

  /// `memory_trim_reply`.
  record Trimmed(boolean trimmed) implements SpillReply {}
}
