package dev.vinery.types;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;

/// A stream as the object that describes it. What goes through it is read and written by its type,
/// or as mere chunks by [Streams]. Immutable.
public interface StoredStream {
  /// The stream, and the object that describes it.
  ObjectId id();

  /// What its maker said of the chunks, such as `header_row`.
  Json.Fields parameters();
}
