package dev.vinery.server;

import dev.vinery.posix.PosixException;
import dev.vinery.protocol.IndexEntry;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.PinTable;
import dev.vinery.protocol.SharedIndex;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The [SharedIndex] of one session, and the [PinTable]s of those who read in it.
///
/// There is none until a client asks for it. Entered is what such clients ask for: the text of
/// objects, the places of blobs, and names. Whatever changes in a table is removed from the index
/// by whoever changes it, before the lock is given up; so nobody finds there what the daemon would
/// not have answered at some moment since he began to look.
///
/// A blob's bytes are freed in three steps: its entry is removed, pins on it are turned into
/// entries of the books of who has pinned it ([#claim]), and then it is treated as any other blob.
///
/// Where other daemons share the session, only what they cannot change is entered: objects that are
/// transient with all their parts, and blobs, which [CatchUp] lets be read without asking the
/// store.
///
/// Guarded by the store lock.
final class IndexKeeper {
  private final boolean shared;
  private @Nullable SharedFile file;
  private SharedIndex.@Nullable Writer writer;
  private final Map<Peer, Pins> readers = new HashMap<>();

  /// @param shared whether other daemons share the session
  IndexKeeper(boolean shared) {
    this.shared = shared;
  }

  /// The pins of one reader.
  private record Pins(SharedFile file, PinTable table) {}

  /// Makes a file for an index. Without the store lock.
  static SharedFile newIndexFile() throws PosixException {
    return SharedFile.create("vinery-index", SharedIndex.FILE_BYTES);
  }

  /// Makes a file for the pins of one reader. Without the store lock.
  static SharedFile newPinFile() throws PosixException {
    return SharedFile.create("vinery-pins", PinTable.FILE_BYTES);
  }

  boolean isOpen() {
    return writer != null;
  }

  /// Begins an index.
  void open(SharedFile indexFile) {
    file = indexFile;
    writer = new SharedIndex.Writer(indexFile.memory());
  }

  boolean reads(Peer peer) {
    return readers.containsKey(peer);
  }

  /// Lets a connection read in the open index.
  ///
  /// @param pinFile its pins, which go to whoever calls [#leave]
  void join(Peer peer, SharedFile pinFile) {
    readers.put(peer, new Pins(pinFile, new PinTable(pinFile.memory())));
  }

  Region region() {
    if (file == null) {
      throw new AssertionError("the index is not open");
    }
    return file.region();
  }

  /// Forgets the pins of a connection that ends.
  ///
  /// @return the file they were in, to be closed without the lock; or null
  @Nullable SharedFile leave(Peer peer) {
    Pins pins = readers.remove(peer);
    if (pins == null) {
      return null;
    }
    pins.table().makeVoid();
    return pins.file();
  }

  /// Enters a blob that is sealed and lies in the pool under an id that was drawn here.
  void publish(Blob blob) {
    if (writer != null && blob.sealed() && blob.block() != Blob.NO_BLOCK) {
      var place = new IndexEntry.Place(blob.offset(), blob.sizeBytes());
      writer.put(blob.id().value(), place.toBytes());
    }
  }

  /// Whether an object may be entered, as far as that depends on itself.
  boolean mayHold(LiveObject object) {
    return !object.global() && !(shared && object.persistent());
  }

  /// Enters an object that [#mayHold], as all below it.
  ///
  /// @param answered how it is answered to who asks for it
  /// @return whether it is not too long
  boolean publish(LiveObject object, Metadata answered) {
    byte[] content = new IndexEntry.Described(answered).toBytes();
    if (writer == null || content.length > SharedIndex.MAX_CONTENT_BYTES) {
      return false;
    }
    writer.put(object.id().value(), content);
    return true;
  }

  /// Enters a name, unless other daemons may bind it to something else.
  void publish(String name, ObjectId id) {
    if (writer != null && !shared) {
      writer.put(SharedIndex.keyOfName(name), new IndexEntry.Named(name, id).toBytes());
    }
  }

  /// A name is bound to something else, or to nothing.
  void changed(String name) {
    if (writer != null) {
      writer.remove(SharedIndex.keyOfName(name));
    }
  }

  /// An object is changed or gone, and with it the text of all that it is a part of.
  void changed(LiveObject object) {
    if (writer == null) {
      return;
    }
    Set<LiveObject> seen = new HashSet<>();
    var queue = new ArrayDeque<LiveObject>();
    queue.add(object);
    while (!queue.isEmpty()) {
      LiveObject next = queue.poll();
      if (seen.add(next)) {
        writer.remove(next.id().value());
        queue.addAll(next.owners().list());
      }
    }
  }

  /// A blob is changed or gone, and with it the text of all that it is a part of.
  void changed(Blob blob) {
    if (writer != null) {
      writer.remove(blob.id().value());
      blob.owners().list().forEach(this::changed);
    }
  }

  /// Enters into the books whoever has pinned a blob that was removed from the index.
  void claim(Blob blob, BlobTable table) {
    readers.forEach((peer, pins) -> {
      if (pins.table().claim(blob.id())) {
        peer.read(blob, table);
      }
    });
  }

  boolean isPinned(Blob blob) {
    return readers.values().stream().anyMatch(pins -> pins.table().isPinned(blob.id()));
  }

  /// Ends the index, as the session or the daemon ends.
  void close() {
    if (writer != null) {
      writer.close();
      writer = null;
    }
    if (file != null) {
      file.close();
      file = null;
    }
  }

  /// Where a client finds a memory file as a whole.
  static Payload whole(Region region, boolean writable) {
    return new Payload(
        ObjectId.INVALID,
        region.key(writable),
        0,
        region.sizeBytes(),
        region.mapSizeBytes(),
        0,
        true,
        true);
  }
}
