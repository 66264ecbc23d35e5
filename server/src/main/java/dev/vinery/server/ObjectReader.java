package dev.vinery.server;

import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Metadata that is read. Answers [ObjectRequest.Get] and [ObjectRequest.Find].
///
/// One request can ask for very much text, so it is printed some at a time, and others come to the
/// store lock in between: a reply is no picture of one moment. Takes the lock itself.
final class ObjectReader {
  /// Bytes of text in one reply, as many as of one object.
  static final long MAX_REPLY_BYTES = ObjectTable.MAX_TEXT_BYTES;

  /// Bytes of text after which others are let to the lock.
  private static final long TURN_BYTES = 128 << 10;

  /// Ids looked up after which others are let to the lock.
  private static final int TURN_IDS = 1000;

  /// About how many bytes of text a blob takes.
  private static final int BLOB_BYTES = 160;

  private final Lock storeLock;
  private final ObjectTable objects;
  private final BlobTable blobs;
  private final Waits<ObjectId> waits;
  private final long maxReplyBytes;

  /// @param maxReplyBytes [#MAX_REPLY_BYTES], or fewer
  ObjectReader(
      Lock storeLock,
      ObjectTable objects,
      BlobTable blobs,
      Waits<ObjectId> waits,
      long maxReplyBytes) {
    this.storeLock = storeLock;
    this.maxReplyBytes = maxReplyBytes;
    this.objects = objects;
    this.blobs = blobs;
    this.waits = waits;
  }

  Answer get(ObjectRequest.Get request, Peer peer) {
    Answer.Later later = request.blocking() ? awaitMissing(request.ids(), peer) : null;
    return later != null ? later : Answer.now(read(request, peer));
  }

  private Reply read(ObjectRequest.Get request, Peer peer) {
    var reading = new Reading(false, peer, request.held() && request.ids().size() == 1);
    reading.read(request.ids());
    if (reading.held.isEmpty()) {
      return new ObjectReply.Found(reading.found);
    }
    return new ObjectReply.Found(
        reading.found,
        reading.held.stream().map(blob -> blob.payload(false)).toList(),
        BlobHandler.introduce(reading.held, false, peer));
  }

  private Answer.@Nullable Later awaitMissing(List<ObjectId> wanted, Peer peer) {
    storeLock.lock();
    try {
      List<ObjectId> missing =
          wanted.stream().filter(id -> !objects.isReadable(id)).distinct().toList();
      if (missing.isEmpty()) {
        return null;
      }
      Answer.Later later = waits.await(missing);
      peer.waitFor(later);
      return later;
    } finally {
      storeLock.unlock();
    }
  }

  /// Lists objects in the order of their ids, then blobs.
  Reply find(ObjectRequest.Find find) {
    TextPattern pattern = TextPattern.of(find.pattern(), find.regex());
    List<String> types = objects.typeNames().stream().filter(pattern::matches).toList();
    var reading = new Reading(true, null, false);
    reading.read(idsOfTypes(types, find.limit()), find.limit());
    // Upstream matches blobs by the pattern as a wildcard, whatever it is.
    if (reading.count() < find.limit() && Wildcard.matches(find.pattern(), Metadata.BLOB_TYPE)) {
      reading.read(sealedBlobs(find.limit() - reading.count()), find.limit());
    }
    return new ObjectReply.Found(reading.found);
  }

  private List<ObjectId> idsOfTypes(List<String> types, long limit) {
    List<ObjectId> ids = new ArrayList<>();
    for (String type : types) {
      storeLock.lock();
      try {
        ids.addAll(objects.idsOfType(type, limit));
      } finally {
        storeLock.unlock();
      }
    }
    ids.sort(null);
    return ids;
  }

  private List<ObjectId> sealedBlobs(long limit) {
    List<ObjectId> ids = new ArrayList<>();
    storeLock.lock();
    try {
      blobs
          .all()
          .walk((_, blob) -> {
            if (blob.sealed()) {
              ids.add(blob.id());
            }
            return ids.size() < limit;
          });
    } finally {
      storeLock.unlock();
    }
    return ids;
  }

  /// Enters an object into the index, and where its blobs lie: who has asked for it is about to ask
  /// for these, and need not then. What global objects have as members may change, so they are not
  /// entered.
  ///
  /// @return whether it is there now
  private boolean publish(LiveObject object, Metadata answered) {
    boolean entered = mayHold(object) && blobs.index().publish(object, answered);
    if (entered) {
      publishBlobs(object);
    }
    return entered;
  }

  private boolean mayHold(LiveObject object) {
    boolean may = blobs.index().mayHold(object);
    for (Member member : object.members()) {
      LiveObject below = objects.find(member.id());
      may &= below == null || mayHold(below);
    }
    return may;
  }

  private void publishBlobs(LiveObject object) {
    for (Member member : object.members()) {
      Blob blob = objects.blobBelow(member);
      LiveObject below = objects.find(member.id());
      if (blob != null) {
        blobs.index().publish(blob);
      } else if (below != null) {
        publishBlobs(below);
      }
    }
  }

  /// The blobs of this instance below an object.
  private void collectBlobs(LiveObject object, Set<Blob> into) {
    for (Member member : object.members()) {
      Blob blob = objects.blobBelow(member);
      LiveObject below = member.id().isBlob() ? null : objects.below(object, member);
      if (blob != null) {
        into.add(blob);
      } else if (below != null) {
        collectBlobs(below, into);
      }
    }
  }

  /// What one reply will hold. Confined to one thread.
  private final class Reading {
    private final boolean skipping;
    private final @Nullable Peer reader;
    private final SequencedMap<ObjectId, Metadata> found = new LinkedHashMap<>();
    private long foundBytes;
    private @Nullable ObjectText unfinished;
    private @Nullable ObjectText finished;
    private final boolean holding;
    private List<Blob> held = List.of();

    /// @param skipping whether an object that is too large is as good as none
    /// @param reader who may want to find it in the index next time
    /// @param holding whether he becomes a reader of the blobs below the only object
    Reading(boolean skipping, @Nullable Peer reader, boolean holding) {
      this.skipping = skipping;
      this.reader = reader;
      this.holding = holding;
    }

    int count() {
      return found.size();
    }

    SequencedMap<ObjectId, Metadata> read(Collection<ObjectId> wanted) {
      read(wanted, Long.MAX_VALUE);
      return found;
    }

    /// Reads on, leaving out what is not there, until there are `limit`.
    void read(Collection<ObjectId> wanted, long limit) {
      Iterator<ObjectId> left = wanted.iterator();
      while (unfinished != null || (left.hasNext() && count() < limit)) {
        storeLock.lock();
        try {
          takeTurn(left, limit);
        } finally {
          storeLock.unlock();
        }
        ObjectText text = finished;
        if (text != null) {
          finished = null;
          add(text.top().id(), text.metadata(), text.sizeBytes());
        }
      }
    }

    private void takeTurn(Iterator<ObjectId> left, long limit) {
      long endBytes = foundBytes + TURN_BYTES;
      ObjectText text = unfinished;
      if (text != null) {
        printOn(text);
      }
      for (int i = 0; i < TURN_IDS && foundBytes < endBytes; i++) {
        if (unfinished != null || finished != null || !left.hasNext() || count() >= limit) {
          return;
        }
        begin(left.next());
      }
    }

    private void begin(ObjectId id) {
      if (found.containsKey(id)) {
        return;
      }
      if (id.isBlob()) {
        Metadata blob = objects.readBlob(id);
        if (blob != null) {
          add(id, blob, BLOB_BYTES);
        }
      } else {
        LiveObject object = objects.find(id);
        if (object != null) {
          printOn(new ObjectText(objects, object, maxReplyBytes));
        }
      }
    }

    private void printOn(ObjectText text) {
      unfinished = null;
      ObjectId id = text.top().id();
      if (objects.find(id) != text.top()) {
        return; // gone since the last turn
      }
      try {
        if (!text.print(TURN_BYTES)) {
          unfinished = text;
        } else if (text.isBroken()) {
          return; // as upstream: it is left out
        } else if (text.isLong()) {
          hold(text.top());
          finished = text; // to be put together without the lock
        } else {
          Metadata metadata = text.metadata();
          add(id, metadata, text.sizeBytes());
          boolean entered =
              reader != null && blobs.index().reads(reader) && publish(text.top(), metadata);
          if (!entered) {
            hold(text.top());
          }
        }
      } catch (ProtocolException tooLarge) {
        if (!skipping) {
          throw tooLarge;
        }
      }
    }

    /// Makes who asked for it a reader of the blobs below an object, in the same moment in which
    /// the object is read; so it cannot lose them in between.
    private void hold(LiveObject top) {
      if (!holding || reader == null) {
        return;
      }
      Set<Blob> below = new LinkedHashSet<>();
      collectBlobs(top, below);
      held = below.stream().filter(Blob::sealed).toList();
      held.forEach(blob -> reader.read(blob, blobs));
    }

    private void add(ObjectId id, Metadata metadata, long textBytes) {
      foundBytes += textBytes;
      if (foundBytes > maxReplyBytes) {
        throw new ProtocolException(
            "the reply would have more than %d bytes: ask for fewer objects"
                .formatted(maxReplyBytes));
      }
      found.put(id, metadata);
    }
  }
}
