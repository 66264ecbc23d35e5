package dev.vinery.server;

import dev.vinery.protocol.NameReply;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Names. Answers [NameRequest]s.
///
/// Guarded by the store lock, except for [#find].
final class NameHandler {
  /// Characters of one name.
  static final int MAX_NAME_CHARS = 4096;

  private final ObjectTable objects;
  private final Publisher publisher;
  private final NameTable names;
  private final Waits<String> waits;

  NameHandler(ObjectTable objects, NameTable names, Publisher publisher, Waits<String> waits) {
    this.objects = objects;
    this.names = names;
    this.publisher = publisher;
    this.waits = waits;
  }

  Answer handle(NameRequest request) {
    return switch (request) {
      case NameRequest.Put(var name, var id) -> put(name, id);
      case NameRequest.Get(var name, var blocking) -> get(name, blocking);
      case NameRequest.Drop(var name) -> drop(name);
      case NameRequest.Find find -> Answer.now(find(find));
    };
  }

  private Answer put(String name, ObjectId id) {
    if (name.length() > MAX_NAME_CHARS) {
      throw new ProtocolException(
          "a name may have %d characters, this one has %d"
              .formatted(MAX_NAME_CHARS, name.length()));
    }
    if (id.isBlob()) {
      throw new ProtocolException("a blob cannot have a name: " + id);
    }
    LiveObject object = objects.find(id);
    if (object == null) {
      throw new ObjectNotFoundException("no object has the id " + id);
    }
    if (!object.persistent()) {
      throw new ProtocolException("persist object " + id + " before you name it");
    }
    return publisher.putName(name, id);
  }

  private Answer get(String name, boolean blocking) {
    return blocking && names.find(name) == null
        ? waits.await(List.of(name))
        : Answer.now(found(name));
  }

  private Reply found(String name) {
    ObjectId id = names.find(name);
    if (id == null) {
      throw new ObjectNotFoundException("no object is named '" + name + "'");
    }
    objects.index().publish(name, id);
    return new NameReply.Found(id);
  }

  /// Looks at every name, so it is done without the store lock.
  Reply find(NameRequest.Find find) {
    TextPattern pattern = TextPattern.of(find.pattern(), find.regex());
    SequencedMap<String, ObjectId> matching = new TreeMap<>();
    names.forEach((name, id) -> {
      if (pattern.matches(name)) {
        matching.put(name, id);
      }
    });
    SequencedMap<String, ObjectId> wanted = new LinkedHashMap<>();
    matching.entrySet().stream()
        .limit(find.limit())
        .forEach(entry -> wanted.put(entry.getKey(), entry.getValue()));
    return new NameReply.Listed(wanted);
  }

  private Answer drop(String name) {
    ObjectId id = names.find(name);
    return id == null ? Answer.now(Reply.Done.DROP_NAME) : publisher.dropName(name, id);
  }
}
