package dev.vinery.io;

/// A file at some place, as it was found. Immutable.
///
/// @param name with which the place finds it, and people do
/// @param sizeBytes its length in bytes; [#UNKNOWN] if the place does not tell
/// @param seekable whether it can be read from anywhere
public record StoredFile(String name, long sizeBytes, boolean seekable) {
  /// The length of a file that the place does not tell.
  public static final long UNKNOWN = -1;
}
