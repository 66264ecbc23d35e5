package dev.vinery.client;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.RemoteBlobRequest;
import dev.vinery.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Blobs whose bytes travel over TCP. Safe for use by several threads.
///
/// They are written to memory of this process and sent when they are sealed; what is got is copied
/// into memory of this process, which whoever holds it owns. So the daemon keeps nothing for this
/// client, and what was got outlives the connection and the daemon.
final class RemoteBlobs implements Blobs {
  private final Line line;
  private final CompressionChoice compression;

  RemoteBlobs(Line line, CompressionChoice compression) {
    this.line = line;
    this.compression = compression;
  }

  @Override
  public List<BlobWriter> createMany(List<Long> sizesBytes) {
    List<Long> needed = sizesBytes.stream().filter(BlobWriter::needsRoom).toList();
    var memories = allocate(needed).iterator();
    return sizesBytes.stream()
        .map(sizeBytes -> sizeBytes == 0 ? BlobWriter.ofNothing() : writer(memories.next()))
        .toList();
  }

  private BlobWriter writer(OwnMemory memory) {
    var hold = new Hold(memory::letGo);
    return new BlobWriter(hold.view(memory.segment()), hold, new Unsent(memory));
  }

  /// Where the bytes of a writer are: here, until they are sent.
  private final class Unsent implements BlobWriter.Destination {
    private final OwnMemory memory;

    private Unsent(OwnMemory memory) {
      this.memory = memory;
    }

    @Override
    public Optional<ObjectId> id() {
      return Optional.empty();
    }

    @Override
    public void shrink(long sizeBytes) {}

    @Override
    public Blob seal(BlobWriter writer) {
      if (writer.sizeBytes() == 0) {
        writer.close();
        return Blob.empty();
      }
      ObjectId id = upload(List.of(writer.segment())).getFirst();
      return blob(id, memory, writer.finish().asReadOnly());
    }
  }

  /// A blob that takes over the hold of whoever had the memory before.
  private static Blob blob(ObjectId id, OwnMemory memory, MemorySegment part) {
    var hold = new Hold(memory::letGo);
    return new Blob(id, hold.view(part), hold);
  }

  @Override
  public boolean comeAlong() {
    return false;
  }

  @Override
  public void arrived(List<Payload> payloads) {
    throw new AssertionError("blobs do not come along over TCP");
  }

  @Override
  public Batch write(List<Draft.OfBlob> drafts) {
    if (drafts.isEmpty()) {
      return new Sent(List.of());
    }
    List<OwnMemory> memories = allocate(drafts.stream().map(Draft.OfBlob::sizeBytes).toList());
    try {
      for (int i = 0; i < drafts.size(); i++) {
        drafts.get(i).content().accept(memories.get(i).segment());
      }
      return new Sent(upload(memories.stream().map(OwnMemory::segment).toList()));
    } finally {
      memories.forEach(OwnMemory::letGo);
    }
  }

  /// Blobs that the daemon has: over TCP they are born sealed, and nobody holds them.
  private record Sent(List<ObjectId> ids) implements Batch {
    @Override
    public List<Request> seals() {
      return List.of();
    }

    @Override
    public List<Request> releases() {
      return List.of();
    }

    @Override
    public void sent() {}
  }

  /// Sends blobs, all of them or none.
  ///
  /// @param parts each of at least 1 byte
  private List<ObjectId> upload(List<MemorySegment> parts) {
    boolean compressed = compression.ofUpload(parts);
    Connection connection = line.connection();
    Connection.Transfer bytes =
        socket -> BlobStream.send(socket, line.options(), parts, compressed);
    long start = System.nanoTime();
    List<Long> sizes = parts.stream().map(MemorySegment::byteSize).toList();
    List<ObjectId> ids;
    if (parts.size() == 1) {
      var request = new RemoteBlobRequest.Upload(sizes.getFirst(), compressed);
      ids = List.of(connection.upload(request, BlobReply.Created.class, bytes).payload().id());
    } else {
      var request = new RemoteBlobRequest.UploadMany(sizes, compressed);
      ids =
          connection.upload(request, BlobReply.CreatedMany.class, bytes).payloads().stream()
              .map(Payload::id)
              .toList();
    }
    if (ids.size() != parts.size()) {
      throw new ProtocolException("the daemon made " + ids.size() + " blobs of " + parts.size());
    }
    compression.uploaded(sum(sizes), compressed, System.nanoTime() - start);
    return ids;
  }

  @Override
  public SequencedMap<ObjectId, Blob> getAll(Collection<ObjectId> ids) {
    var blobs = new LinkedHashMap<ObjectId, Blob>();
    if (ids.contains(ObjectId.EMPTY_BLOB)) {
      blobs.put(ObjectId.EMPTY_BLOB, Blob.empty());
    }
    download(ids)
        .forEach((id, memory) -> blobs.put(id, blob(id, memory, memory.segment().asReadOnly())));
    return blobs;
  }

  @Override
  public Optional<Read> read(ObjectId object) {
    return Optional.empty();
  }

  @Override
  public Held hold(Set<ObjectId> ids) {
    SequencedMap<ObjectId, OwnMemory> memories = download(ids);
    if (ids.contains(ObjectId.EMPTY_BLOB)) {
      memories.put(ObjectId.EMPTY_BLOB, OwnMemory.allocate(0));
    }
    return held(memories);
  }

  /// Takes over a hold on each memory.
  private static Held held(Map<ObjectId, OwnMemory> memories) {
    var hold = new Hold(() -> memories.values().forEach(OwnMemory::letGo));
    var segments = new LinkedHashMap<ObjectId, MemorySegment>();
    memories.forEach((id, memory) -> segments.put(id, hold.view(memory.segment().asReadOnly())));
    return new Held(segments, hold, ids -> again(memories, ids));
  }

  private static Held again(Map<ObjectId, OwnMemory> memories, Set<ObjectId> ids) {
    var some = new LinkedHashMap<ObjectId, OwnMemory>();
    for (ObjectId id : ids) {
      OwnMemory memory = Objects.requireNonNull(memories.get(id), "a blob that is held");
      memory.hold();
      some.put(id, memory);
    }
    return held(some);
  }

  /// Copies of those of these blobs that exist, all in one request, without the empty blob. Each is
  /// held once.
  private SequencedMap<ObjectId, OwnMemory> download(Collection<ObjectId> ids) {
    List<ObjectId> wanted =
        new LinkedHashSet<>(ids).stream().filter(id -> !id.equals(ObjectId.EMPTY_BLOB)).toList();
    return wanted.isEmpty()
        ? new LinkedHashMap<>()
        : line.reading(connection -> download(connection, wanted));
  }

  private SequencedMap<ObjectId, OwnMemory> download(Connection connection, List<ObjectId> ids) {
    boolean compressed = compression.ofDownload();
    var memories = new ArrayList<OwnMemory>();
    boolean whole = false;
    long start = System.nanoTime();
    try {
      var request = new RemoteBlobRequest.Download(ids, false, compressed);
      BlobReply.Found found =
          connection.download(
              request,
              BlobReply.Found.class,
              reply -> {
                memories.addAll(
                    allocate(reply.payloads().stream().map(Payload::sizeBytes).toList()));
                List<MemorySegment> blobs = memories.stream().map(OwnMemory::segment).toList();
                return socket -> BlobStream.receive(socket, line.options(), blobs, compressed);
              });
      var byId = new LinkedHashMap<ObjectId, OwnMemory>();
      for (int i = 0; i < memories.size(); i++) {
        byId.put(found.payloads().get(i).id(), memories.get(i));
      }
      whole = true;
      long sizeBytes = memories.stream().mapToLong(each -> each.segment().byteSize()).sum();
      compression.downloaded(sizeBytes, compressed, System.nanoTime() - start);
      return byId;
    } finally {
      if (!whole) {
        memories.forEach(OwnMemory::letGo);
      }
    }
  }

  /// Memory for each of these sizes, or for none.
  private static List<OwnMemory> allocate(List<Long> sizesBytes) {
    var memories = new ArrayList<OwnMemory>();
    boolean enough = false;
    try {
      sizesBytes.forEach(sizeBytes -> memories.add(OwnMemory.allocate(sizeBytes)));
      enough = true;
      return memories;
    } finally {
      if (!enough) {
        memories.forEach(OwnMemory::letGo);
      }
    }
  }

  private static long sum(List<Long> sizes) {
    return sizes.stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public Optional<LocalIndex> index() {
    return Optional.empty();
  }

  @Override
  public void leave() {
    line.close();
  }
}
