package dev.vinery.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Replies about the name table.
public sealed interface NameReply extends Reply {
  /// `get_name_reply`. The object may be gone since.
  record Found(ObjectId id) implements NameReply {}

  /// `list_name_reply`.
  record Listed(SequencedMap<String, ObjectId> names) implements NameReply {
    public Listed {
      names = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(names));
    }
  }
}
