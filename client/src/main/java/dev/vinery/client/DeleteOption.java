package dev.vinery.client;

/// How objects are deleted. Without options, an object is deleted along with those of its members
/// that nothing else refers to, and an object that something refers to stays.
public enum DeleteOption {
  /// Delete objects that something refers to, along with what refers to them.
  FORCE,
  /// Leave members that are objects; blobs go all the same.
  SHALLOW,
  /// Delete blobs without a look at who refers to them.
  BLOBS_UNCHECKED,
  /// Give the memory back to the operating system at once.
  TRIM
}
