package dev.vinery.server;

import dev.vinery.posix.PeerCredentials;
import dev.vinery.protocol.ObjectId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the daemon keeps for one connection, so that nothing is left of it when it ends.
///
/// Guarded by the store lock.
final class Peer {
  private final String name;
  private final @Nullable PeerCredentials credentials;
  private Session session;
  private final LongMap<Entry> books = new LongMap<>();
  private final Map<Blob, BlobTable> written = new HashMap<>();
  private final Map<Integer, Region> slabs = new HashMap<>();
  private final Map<Integer, Extent> extents = new HashMap<>();
  private int lastExtent;
  private final Set<Integer> deliveredKeys = new HashSet<>();
  private final List<Integer> descriptorsToSend = new ArrayList<>();
  private Answer.@Nullable Later waiting;
  private boolean registered;
  private boolean leaving;

  /// A line of the books.
  ///
  /// @param older another blob that had the same id before: a client chose it for a moved blob
  private record Entry(Blob blob, BlobTable table, boolean reader, @Nullable Entry older) {
    void release() {
      blob.removeReference();
      if (reader) {
        blob.removeReader();
        table.freeIfUnneeded(blob);
      }
    }
  }

  private Peer(String name, @Nullable PeerCredentials credentials, Session session) {
    this.name = name;
    this.credentials = credentials;
    this.session = session;
  }

  /// A process of this host.
  static Peer local(PeerCredentials credentials, Session session) {
    return new Peer(Integer.toString(credentials.pid()), credentials, session);
  }

  /// Somebody at the other end of a TCP connection.
  static Peer remote(String address, Session session) {
    return new Peer(address, null, session);
  }

  /// For people: the number of a process, or an address.
  String name() {
    return name;
  }

  boolean remote() {
    return credentials == null;
  }

  /// Whose process a local peer is.
  PeerCredentials credentials() {
    if (credentials == null) {
      throw new AssertionError("a remote peer is nobody's process");
    }
    return credentials;
  }

  /// The session that the connection belongs to. Only the connection itself changes it, so that
  /// asking needs no lock.
  Session session() {
    return session;
  }

  void enter(Session session) {
    this.session = session;
  }

  boolean registered() {
    return registered;
  }

  void register() {
    registered = true;
  }

  /// Whether the connection is to be closed once the reply is sent.
  boolean leaving() {
    return leaving;
  }

  void leave() {
    leaving = true;
  }

  /// Enters a blob into the books without a claim on its bytes.
  void note(Blob blob, BlobTable table) {
    Entry entry = books.get(blob.id().value());
    if (entry == null || entry.blob != blob) {
      blob.addReference();
      books.put(blob.id().value(), new Entry(blob, table, false, entry));
    }
  }

  /// Claims a blob's bytes until it is released.
  void read(Blob blob, BlobTable table) {
    note(blob, table);
    Entry entry = books.get(blob.id().value());
    if (entry != null && !entry.reader) {
      blob.addReader();
      books.put(blob.id().value(), new Entry(blob, table, true, entry.older));
    }
  }

  boolean booksEmpty() {
    return books.size() == 0;
  }

  /// Strikes an id from the books.
  ///
  /// @return whether it was there
  boolean release(ObjectId id) {
    Entry newest = books.remove(id.value());
    for (Entry entry = newest; entry != null; entry = entry.older) {
      entry.release();
    }
    return newest != null;
  }

  void writes(Blob blob, BlobTable table) {
    written.put(blob, table);
  }

  void wrote(Blob blob) {
    written.remove(blob);
  }

  /// Gives up a blob altogether, as who deletes it does.
  void forget(Blob blob) {
    BlobTable table = written.remove(blob);
    if (table != null) {
      blob.abandon();
      table.freeIfUnneeded(blob);
    }
    Entry entry = books.get(blob.id().value());
    if (entry != null && entry.blob == blob) {
      strike(entry);
    }
  }

  private void strike(Entry newest) {
    long id = newest.blob.id().value();
    if (newest.older == null) {
      books.remove(id);
    } else {
      books.put(id, newest.older);
    }
    newest.release();
  }

  void lend(Region slab) {
    slabs.put(slab.key(true), slab);
  }

  @Nullable Region slab(int key) {
    return slabs.get(key);
  }

  int slabCount() {
    return slabs.size();
  }

  void takeBack(int key) {
    slabs.remove(key);
  }

  /// @return the extent's number on this connection
  int lend(Extent extent) {
    extents.put(++lastExtent, extent);
    return lastExtent;
  }

  @Nullable Extent extent(int number) {
    return extents.get(number);
  }

  int extentCount() {
    return extents.size();
  }

  void takeBackExtent(int number) {
    extents.remove(number);
  }

  /// Notes that a reply tells of a memory file. To be called when nothing can be refused any more.
  ///
  /// @return whether the connection sees this key for the first time, so that a descriptor follows
  boolean introduce(Region region, boolean writable) {
    if (!deliveredKeys.add(region.key(writable))) {
      return false;
    }
    descriptorsToSend.add(region.descriptor(writable));
    return true;
  }

  /// Returns the descriptors that follow the reply, in order, and forgets them. Only the connection
  /// itself introduces and takes, so this needs no lock.
  List<Integer> takeDescriptors() {
    if (descriptorsToSend.isEmpty()) {
      return List.of();
    }
    List<Integer> taken = List.copyOf(descriptorsToSend);
    descriptorsToSend.clear();
    return taken;
  }

  void waitFor(Answer.@Nullable Later later) {
    waiting = later;
  }

  /// Frees everything, as the connection has ended.
  ///
  /// @return the blobs it had to do with
  Collection<Blob> close() {
    Set<Blob> touched = new HashSet<>(written.keySet());
    if (waiting != null) {
      waiting.cancel();
    }
    written.forEach((blob, table) -> {
      table.delete(blob); // frees nothing yet, because it has a writer
      blob.abandon();
      table.freeIfUnneeded(blob);
    });
    written.clear();
    for (Entry newest : books.values()) {
      for (Entry entry = newest; entry != null; entry = entry.older) {
        touched.add(entry.blob);
        entry.release();
      }
    }
    books.clear();
    slabs.values().forEach(Region::release);
    slabs.clear();
    extents.values().forEach(Extent::end);
    extents.clear();
    return touched;
  }
}
