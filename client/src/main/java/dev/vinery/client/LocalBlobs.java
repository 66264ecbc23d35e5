package dev.vinery.client;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.Extension;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Blobs in memory shared with the daemon: those that one connection holds, and those it writes.
/// Safe for use by several threads.
///
/// The daemon counts a connection at most once for each blob, so the holds on one blob are counted
/// here, and the daemon is told when the last one ends. Holds are counted in the same order in
/// which requests leave, since both happen under the connection's lock; otherwise a blob could be
/// let go just after it was got again. A blob that the [LocalIndex] knows is pinned there, without
/// telling the daemon; it may be in the daemon's books at the same time.
///
/// Holds may outlive the client: then the connection stays until the last of them has ended.
final class LocalBlobs implements Blobs {
  private final Connection connection;

  // Guarded by the connection's lock.
  private final Map<ObjectId, Integer> holds = new HashMap<>();
  private final Set<ObjectId> booked = new HashSet<>();
  private final Set<ObjectId> unsealed = new HashSet<>();
  private final Map<ObjectId, MemorySegment> arrived = new HashMap<>();
  private final Extents extents;
  private boolean leaving;

  private volatile @Nullable LocalIndex index;

  LocalBlobs(Connection connection) {
    this.connection = connection;
    this.extents = new Extents(connection);
  }

  /// A blob under construction.
  ///
  /// @param memory its bytes, writable
  private record Reserved(ObjectId id, MemorySegment memory) {}

  /// Reserves blobs, in the order of their sizes; all of them or none. Whoever asked seals or drops
  /// them.
  ///
  /// @param sizesBytes each at least 1
  private List<Reserved> reserve(List<Long> sizesBytes) {
    if (sizesBytes.isEmpty()) {
      return List.of();
    }
    return connection.exclusively(() -> {
      List<Payload> payloads = create(sizesBytes);
      payloads.forEach(payload -> unsealed.add(payload.id()));
      return payloads.stream()
          .map(payload -> new Reserved(payload.id(), connection.files().writable(payload)))
          .toList();
    });
  }

  private List<Payload> create(List<Long> sizesBytes) {
    if (sizesBytes.size() == 1) {
      var request = new BlobRequest.Create(sizesBytes.getFirst());
      return List.of(connection.call(request, BlobReply.Created.class).payload());
    }
    var request = new BlobRequest.CreateMany(sizesBytes);
    List<Payload> payloads = connection.call(request, BlobReply.CreatedMany.class).payloads();
    if (payloads.size() != sizesBytes.size()) {
      throw new ProtocolException(
          "the daemon made " + payloads.size() + " blobs of " + sizesBytes.size());
    }
    return payloads;
  }

  @Override
  public Batch write(List<Draft.OfBlob> drafts) {
    List<Reserved> reserved = reserve(drafts.stream().map(Draft.OfBlob::sizeBytes).toList());
    boolean written = false;
    try {
      for (int i = 0; i < drafts.size(); i++) {
        drafts.get(i).content().accept(reserved.get(i).memory());
      }
      written = true;
      return new Written(reserved.stream().map(Reserved::id).toList());
    } finally {
      if (!written) {
        connection.defer(() -> reserved.forEach(blob -> drop(blob.id())));
      }
    }
  }

  /// Blobs whose bytes are all there.
  private final class Written implements Batch {
    private final List<ObjectId> ids;

    private Written(List<ObjectId> ids) {
      this.ids = ids;
    }

    @Override
    public List<ObjectId> ids() {
      return ids;
    }

    @Override
    public List<Request> seals() {
      return ids.stream().<Request>map(BlobRequest.Seal::new).toList();
    }

    @Override
    public List<Request> releases() {
      return ids.stream().<Request>map(BlobRequest.Release::new).toList();
    }

    @Override
    public void sent() {
      ids.forEach(unsealed::remove);
    }
  }

  private void drop(ObjectId id) {
    if (unsealed.remove(id)) {
      connection.post(new BlobRequest.Drop(id));
    }
  }

  /// Takes memory to write blobs into that are put by one request. The caller gives it back.
  Optional<Extent> takeExtent(long minBytes, long wantedBytes) {
    return connection.exclusively(() -> extents.take(minBytes, wantedBytes));
  }

  /// @param whole whether blobs were made of all that was written
  void giveBack(Extent extent, boolean whole) {
    connection.defer(() -> {
      if (whole) {
        extents.giveBack(extent);
      } else {
        extents.giveUp(extent);
      }
      closeIfUnused();
    });
  }

  @Override
  public List<BlobWriter> createMany(List<Long> sizesBytes) {
    Iterator<Reserved> reserved =
        reserve(sizesBytes.stream().filter(BlobWriter::needsRoom).toList()).iterator();
    return sizesBytes.stream()
        .map(sizeBytes -> sizeBytes == 0 ? BlobWriter.ofNothing() : writer(reserved.next()))
        .toList();
  }

  private BlobWriter writer(Reserved blob) {
    ObjectId id = blob.id();
    var hold = new Hold(() -> connection.defer(() -> drop(id)));
    return new BlobWriter(hold.view(blob.memory()), hold, new Unsealed(id));
  }

  /// Where the bytes of a writer are: in the daemon's memory already.
  private final class Unsealed implements BlobWriter.Destination {
    private final ObjectId id;

    private Unsealed(ObjectId id) {
      this.id = id;
    }

    @Override
    public Optional<ObjectId> id() {
      return Optional.of(id);
    }

    @Override
    public void shrink(long sizeBytes) {
      connection.call(new BlobRequest.Shrink(id, sizeBytes), Reply.Done.class);
    }

    @Override
    public Blob seal(BlobWriter writer) {
      return connection.exclusively(() -> {
        connection.call(new BlobRequest.Seal(id), Reply.Done.class);
        MemorySegment segment = writer.finish();
        unsealed.remove(id);
        booked.add(id);
        return held(id, segment.asReadOnly());
      });
    }
  }

  @Override
  public Optional<LocalIndex> index() {
    LocalIndex open = index;
    if (open == null && connection.registered().extensions().contains(Extension.INDEX)) {
      open = connection.exclusively(this::openIndex);
    }
    return Optional.ofNullable(open);
  }

  private LocalIndex openIndex() {
    LocalIndex open = index;
    if (open == null) {
      open = LocalIndex.open(connection);
      index = open;
    }
    return open;
  }

  /// A blob with a hold of its own. The caller holds the connection's lock.
  private Blob held(ObjectId id, MemorySegment part) {
    Hold hold = hold(List.of(id));
    return new Blob(id, hold.view(part), hold);
  }

  /// Counts a hold on each of these blobs, which are pinned or in the daemon's books.
  ///
  /// @param ids are not changed any more
  private Hold hold(List<ObjectId> ids) {
    for (ObjectId id : ids) {
      holds.merge(id, 1, Integer::sum);
    }
    return new Hold(() -> connection.defer(() -> letGo(ids)));
  }

  private void letGo(Collection<ObjectId> ids) {
    for (ObjectId id : ids) {
      Integer left = holds.computeIfPresent(id, (_, count) -> count == 1 ? null : count - 1);
      if (left == null) {
        end(id);
      }
    }
    closeIfUnused();
  }

  private void closeIfUnused() {
    if (leaving && holds.isEmpty() && !connection.writing()) {
      connection.close();
    }
  }

  /// Nobody here uses a blob any more.
  private void end(ObjectId id) {
    LocalIndex open = index;
    boolean claimed = open != null && open.unpin(id);
    if (booked.remove(id) || claimed) {
      connection.post(new BlobRequest.Release(id));
    }
  }

  @Override
  public SequencedMap<ObjectId, Blob> getAll(Collection<ObjectId> ids) {
    return connection.exclusively(() -> {
      var blobs = new LinkedHashMap<ObjectId, Blob>();
      find(ids).forEach((id, part) -> blobs.put(id, blob(id, part)));
      return blobs;
    });
  }

  private Blob blob(ObjectId id, MemorySegment part) {
    return id.equals(ObjectId.EMPTY_BLOB) ? Blob.empty() : held(id, part);
  }

  @Override
  public boolean comeAlong() {
    return connection.registered().extensions().contains(Extension.CALLS);
  }

  @Override
  public void arrived(List<Payload> payloads) {
    for (Payload payload : payloads) {
      booked.add(payload.id());
      arrived.put(payload.id(), connection.files().readable(payload));
    }
  }

  @Override
  public Optional<Read> read(ObjectId object) {
    LocalIndex open = index().orElse(null);
    return open == null
        ? Optional.empty()
        : connection.exclusively(() -> Optional.ofNullable(read(object, open)));
  }

  private @Nullable Read read(ObjectId object, LocalIndex open) {
    LocalIndex.Known known = open.findLocated(object);
    if (known == null || known.places() == null) {
      return null;
    }
    if (!open.pin(known.places())) {
      open.forget(object);
      known.places().forEach(place -> endUnlessHeld(place.blob()));
      return null;
    }
    return new Read(known.metadata(), held(known.places(), open));
  }

  private Held held(List<LocalIndex.Place> places, LocalIndex open) {
    SequencedMap<ObjectId, MemorySegment> parts = LinkedHashMap.newLinkedHashMap(places.size());
    for (LocalIndex.Place place : places) {
      parts.put(place.blob(), open.part(place));
    }
    return held(parts);
  }

  @Override
  public Held hold(Set<ObjectId> ids) {
    return connection.exclusively(() -> {
      Held held = held(find(ids));
      arrived.keySet().forEach(this::endUnlessHeld);
      arrived.clear();
      return held;
    });
  }

  private Held held(SequencedMap<ObjectId, MemorySegment> parts) {
    List<ObjectId> stored = new ArrayList<>(parts.size());
    for (ObjectId id : parts.keySet()) {
      if (isStored(id)) {
        stored.add(id);
      }
    }
    Hold hold = hold(stored);
    SequencedMap<ObjectId, MemorySegment> views = LinkedHashMap.newLinkedHashMap(parts.size());
    parts.forEach((id, part) -> views.put(id, isStored(id) ? hold.view(part) : part));
    return new Held(views, hold, ids -> connection.exclusively(() -> held(some(views, ids))));
  }

  private static SequencedMap<ObjectId, MemorySegment> some(
      Map<ObjectId, MemorySegment> views, Set<ObjectId> ids) {
    var some = new LinkedHashMap<ObjectId, MemorySegment>();
    ids.forEach(id -> some.put(id, Objects.requireNonNull(views.get(id), "a blob that is held")));
    return some;
  }

  private static boolean isStored(ObjectId id) {
    return !id.equals(ObjectId.EMPTY_BLOB);
  }

  /// Looks blobs up, and pins them or has the daemon count this connection as their reader. The
  /// caller holds the connection's lock.
  private SequencedMap<ObjectId, MemorySegment> find(Collection<ObjectId> ids) {
    var parts = new LinkedHashMap<ObjectId, MemorySegment>();
    List<ObjectId> stored = new LinkedHashSet<>(ids).stream().filter(LocalBlobs::isStored).toList();
    if (stored.size() < ids.size() && ids.contains(ObjectId.EMPTY_BLOB)) {
      parts.put(ObjectId.EMPTY_BLOB, MemorySegment.NULL);
    }
    if (arrived.keySet().containsAll(stored)) {
      stored.forEach(id -> parts.put(id, Objects.requireNonNull(arrived.get(id))));
    } else if (!pin(stored, parts)) {
      var request = new BlobRequest.Get(stored, false);
      for (Payload payload : connection.call(request, BlobReply.Found.class).payloads()) {
        parts.put(payload.id(), connection.files().readable(payload));
        booked.add(payload.id());
      }
    }
    return parts;
  }

  /// Pins all of these blobs, or none.
  private boolean pin(List<ObjectId> ids, Map<ObjectId, MemorySegment> into) {
    LocalIndex open = index;
    if (open == null) {
      return false;
    }
    List<LocalIndex.Place> places = new ArrayList<>(ids.size());
    for (ObjectId id : ids) {
      LocalIndex.Place place = open.locate(id);
      if (place == null) {
        return false;
      }
      places.add(place);
    }
    boolean pinned = open.pin(places);
    for (LocalIndex.Place place : places) {
      if (pinned) {
        into.put(place.blob(), open.part(place));
      } else {
        endUnlessHeld(place.blob());
      }
    }
    return pinned;
  }

  private void endUnlessHeld(ObjectId id) {
    if (!holds.containsKey(id)) {
      end(id);
    }
  }

  @Override
  public void leave() {
    connection.defer(() -> {
      List.copyOf(unsealed).forEach(this::drop);
      leaving = true;
      closeIfUnused();
    });
  }
}
