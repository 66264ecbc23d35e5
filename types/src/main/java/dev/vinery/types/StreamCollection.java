package dev.vinery.types;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;
import java.util.List;
import java.util.Map;

/// Streams, or other collections of streams, that belong together: the parts of one file, or the
/// files of one directory. Immutable.
///
/// Source: type name `vineyard::StreamCollection`, the ids in `__streams` as JSON text. What older
/// clients store instead, `vineyard::ParallelStream`, is read as one, too.
///
/// @param streamIds of the parts, in order
/// @param fields what else is known of it, such as `__path`; each a text, a number, `true`, `false`
///   or `null`
public record StreamCollection(List<ObjectId> streamIds, Map<String, Json> fields) {
  public StreamCollection {
    streamIds = List.copyOf(streamIds);
    fields = Map.copyOf(fields);
  }

  /// A collection of which nothing else is known.
  public static StreamCollection of(List<ObjectId> streamIds) {
    return new StreamCollection(streamIds, Map.of());
  }
}
