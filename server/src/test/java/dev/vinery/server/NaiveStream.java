package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StreamRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One stream as one would write it first: lists of chunks, numbers of peers, and words for
/// outcomes. Peers are numbers; -1 is nobody.
final class NaiveStream {
  private static final int NOBODY = -1;

  private final long thresholdBytes;
  private final Map<ObjectId, Long> sizes = new HashMap<>();
  private final Map<ObjectId, Integer> writers = new HashMap<>();

  /// Chunks that another than their writer has made ready: the writer may be writing still, so
  /// their bytes stay with it.
  private final Map<ObjectId, Integer> kept = new HashMap<>();

  private final Set<ObjectId> deleted = new HashSet<>();
  private boolean there;
  private String state = "running";
  private final List<ObjectId> ready = new ArrayList<>();
  private ObjectId writing = ObjectId.INVALID;
  private int writingBy = NOBODY;
  private ObjectId reading = ObjectId.INVALID;
  private int readingBy = NOBODY;
  private int opener = NOBODY;
  private int lastWriter = NOBODY;
  private int readOpener = NOBODY;
  private int reader = NOBODY;
  private boolean pulled;
  private int pulling = NOBODY;
  private int needing = NOBODY;
  private long needed;
  private final Map<Integer, String> outcomes = new HashMap<>();
  private int handingTo = NOBODY;

  NaiveStream(long thresholdBytes) {
    this.thresholdBytes = thresholdBytes;
  }

  long usedBytes() {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  /// A blob was made apart from the stream.
  void made(ObjectId id, long sizeBytes) {
    sizes.put(id, sizeBytes);
  }

  /// The id of the chunk that was granted last.
  void handedOut(ObjectId id, long sizeBytes) {
    writing = id;
    writingBy = handingTo;
    if (sizeBytes > 0) {
      sizes.put(id, sizeBytes);
      writers.put(id, handingTo);
    }
  }

  String handle(int peer, StreamRequest request) {
    if (request instanceof StreamRequest.Survey) {
      return "done";
    }
    if (request instanceof StreamRequest.Create) {
      return create();
    }
    if (!there) {
      return "OBJECT_NOT_FOUND";
    }
    return switch (request) {
      case StreamRequest.Open(_, var forReading, var forWriting, _) ->
          open(peer, forReading, forWriting);
      case StreamRequest.Push(_, var chunk, _) -> push(peer, chunk);
      case StreamRequest.Reserve(_, var sizeBytes) -> reserve(peer, sizeBytes);
      case StreamRequest.Pull _ -> pull(peer);
      case StreamRequest.Stop(_, var failed, _) -> stop(peer, failed ? "failed" : "finished");
      case StreamRequest.Drop _ -> drop(peer);
      case StreamRequest.Create _, StreamRequest.Survey _ -> throw new AssertionError();
    };
  }

  private String create() {
    if (there) {
      return "OBJECT_EXISTS";
    }
    there = true;
    state = "running";
    pulled = false;
    opener = lastWriter = readOpener = reader = NOBODY;
    return "done";
  }

  private String open(int peer, boolean forReading, boolean forWriting) {
    if ((forReading && readOpener != NOBODY) || (forWriting && opener != NOBODY)) {
      return "STREAM_OPENED";
    }
    if (forReading) {
      readOpener = reader = peer;
    }
    if (forWriting) {
      opener = peer;
    }
    return "done";
  }

  private boolean closedTo(int peer) {
    return !state.equals("running") || (needing != NOBODY && needing != peer);
  }

  private String push(int peer, ObjectId chunk) {
    if (closedTo(peer)) {
      return "INVALID_STREAM_STATE";
    }
    lastWriter = peer;
    ready.add(chunk);
    satisfyReader();
    return "done";
  }

  private String reserve(int peer, long sizeBytes) {
    if (closedTo(peer)) {
      return "INVALID_STREAM_STATE";
    }
    needing = NOBODY;
    lastWriter = peer;
    flush(peer);
    if (sizeBytes > 0 && usedBytes() + sizeBytes >= thresholdBytes) {
      needing = peer;
      needed = sizeBytes;
      return "waits";
    }
    handingTo = peer;
    return "a chunk of " + sizeBytes;
  }

  private void flush(int peer) {
    if (!writing.equals(ObjectId.INVALID)) {
      ready.add(writing);
      if (writingBy != peer && !writing.equals(ObjectId.EMPTY_BLOB)) {
        kept.put(writing, writingBy);
      }
      writers.remove(writing);
      writing = ObjectId.INVALID;
      writingBy = NOBODY;
      satisfyReader();
    }
  }

  private void delete(ObjectId id, int peer) {
    if (kept.getOrDefault(id, peer) == peer) {
      sizes.remove(id);
      kept.remove(id);
    } else {
      deleted.add(id);
    }
  }

  private String pull(int peer) {
    if (pulling != NOBODY) {
      return "INVALID_STREAM_STATE";
    }
    pulled = true;
    reader = peer;
    readingBy = peer;
    delete(reading, peer);
    reading = ObjectId.INVALID;
    String outcome = next();
    if (outcome.equals("waits")) {
      pulling = peer;
    }
    return outcome;
  }

  private String next() {
    if (!ready.isEmpty()) {
      reading = ready.removeFirst();
      return reading.toString();
    }
    return switch (state) {
      case "running" -> "waits";
      case "finished" -> "STREAM_DRAINED";
      default -> "STREAM_FAILED";
    };
  }

  private void satisfyReader() {
    if (pulling != NOBODY) {
      String outcome = next();
      if (!outcome.equals("waits")) {
        outcomes.put(pulling, outcome);
        pulling = NOBODY;
      }
    }
  }

  private String stop(int peer, String end) {
    if (!state.equals("running") || needing != NOBODY) {
      return "INVALID_STREAM_STATE";
    }
    flush(peer);
    state = end;
    satisfyReader();
    return "done";
  }

  private String drop(int peer) {
    if (state.equals("running")) {
      state = "failed";
    }
    delete(reading, NOBODY);
    ready.forEach(id -> delete(id, NOBODY));
    ready.clear();
    reading = ObjectId.INVALID;
    if (writingBy == peer) {
      sizes.remove(writing);
      writers.remove(writing);
    }
    writing = ObjectId.INVALID; // freed with its writer, if that is another
    writingBy = NOBODY;
    satisfyReader();
    if (needing != NOBODY) {
      outcomes.put(needing, "STREAM_FAILED");
      needing = NOBODY;
    }
    there = false;
    return "done";
  }

  /// What a request that waited is answered now.
  String resumed(int peer) {
    String outcome = outcomes.remove(peer);
    if (outcome != null) {
      return outcome;
    }
    if (peer == needing && usedBytes() + needed < thresholdBytes) {
      return reserve(peer, needed);
    }
    return "waits";
  }

  void left(int peer) {
    outcomes.remove(peer);
    Set<ObjectId> unsealed = new HashSet<>();
    writers.forEach((id, writer) -> {
      if (writer == peer) {
        unsealed.add(id);
      }
    });
    unsealed.forEach(sizes::remove);
    writers.keySet().removeAll(unsealed);
    Set<ObjectId> letGo = new HashSet<>(kept.keySet());
    letGo.removeIf(id -> kept.getOrDefault(id, NOBODY) != peer);
    kept.keySet().removeAll(letGo);
    letGo.retainAll(deleted);
    letGo.forEach(sizes::remove);
    if (!there) {
      return;
    }
    if (pulling == peer) {
      pulling = NOBODY;
    }
    if (needing == peer) {
      needing = NOBODY;
    }
    boolean fails =
        state.equals("running")
            && (writingBy == peer || (opener != NOBODY ? opener : lastWriter) == peer);
    if (writingBy == peer) {
      writing = ObjectId.INVALID;
      writingBy = NOBODY;
    }
    opener = opener == peer ? NOBODY : opener;
    lastWriter = lastWriter == peer ? NOBODY : lastWriter;
    readOpener = readOpener == peer ? NOBODY : readOpener;
    if (readingBy == peer && !reading.equals(ObjectId.INVALID)) {
      ready.addFirst(reading);
      reading = ObjectId.INVALID;
    }
    if (fails) {
      state = "failed";
      satisfyReader();
      if (needing != NOBODY) {
        outcomes.put(needing, "STREAM_FAILED");
        needing = NOBODY;
      }
    }
    if (reader == peer) {
      reader = NOBODY;
      if (pulled && !state.equals("running") && ready.isEmpty()) {
        drop(NOBODY);
      }
    }
  }
}
