package dev.vinery.client;

import dev.vinery.protocol.ClusterReply;
import dev.vinery.protocol.ClusterReply.InstanceStatus;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.NameReply;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SpillReply;
import dev.vinery.protocol.SpillRequest;
import dev.vinery.protocol.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A client of a daemon, through whichever door: they differ in how blobs come and go only.
///
/// Calls that delete, that wait for something to come into being, and those that the official
/// daemon never answers, have a connection of their own. So they neither hold up other calls nor
/// harm them when they are given up.
final class DaemonClient implements Client {
  private static final Pattern SESSION_SOCKET = Pattern.compile(".*\\.S([0-9a-f]{16})");

  private final Line line;
  private final Blobs blobs;
  private final DraftStore drafts;
  private final TypeRegistry types = new TypeRegistry();
  private @Nullable Connection deletions;
  private volatile boolean closed;

  DaemonClient(Address address, ConnectOptions options) {
    this.line = Line.open(address, options);
    this.blobs =
        switch (address) {
          case Address.Local _ -> new LocalBlobs(line.connection());
          case Address.Remote remote -> new RemoteBlobs(line, compression(remote));
        };
    this.drafts = new DraftStore(line, blobs);
  }

  private CompressionChoice compression(Address.Remote remote) {
    return CompressionChoice.of(
        line.options().compression(), Dialer.isHere(remote), line.registered().compression());
  }

  @Override
  public ObjectId put(Object value) {
    return create(types.draft(value));
  }

  @Override
  public ObjectId put(Object value, String name) {
    ObjectId id = put(value);
    persist(id);
    putName(id, name);
    return id;
  }

  @Override
  public List<ObjectId> putAll(Collection<?> values) {
    requireOpen();
    List<Draft> all = new ArrayList<>(values.size());
    values.forEach(value -> all.add(types.draft(value)));
    return drafts.storeAll(all);
  }

  @Override
  public ObjectId create(Draft draft) {
    requireOpen();
    return drafts.store(draft);
  }

  @Override
  public Object get(ObjectId id) {
    return get(id, Object.class);
  }

  @Override
  public <T> T get(ObjectId id, Class<T> type) {
    return types.resolve(getObject(id), type);
  }

  @Override
  public Registration register(Builder<?> builder) {
    return types.register(builder);
  }

  @Override
  public Registration register(Resolver resolver) {
    return types.register(resolver);
  }

  @Override
  public VineryObject getObject(ObjectId id) {
    requireOpen();
    return blobs
        .read(id)
        .map(read -> VineryObject.of(read, types))
        .orElseGet(() -> line.connection().exclusively(() -> askForObject(id)));
  }

  private VineryObject askForObject(ObjectId id) {
    var metadata =
        id.isBlob() ? Metadata.ofBlob(id, 0, instanceId()) : findMetadata(id, blobs.comeAlong());
    return VineryObject.open(metadata, instanceId(), blobs, types);
  }

  @Override
  public Metadata getMetadata(ObjectId id) {
    requireOpen();
    return findMetadata(id, false);
  }

  /// @param withBlobs whether blobs that the index does not know are to come along
  private Metadata findMetadata(ObjectId id, boolean withBlobs) {
    return blobs
        .index()
        .flatMap(index -> index.metadata(id))
        .or(() -> askForMetadata(id, false, withBlobs))
        .or(() -> askForMetadata(id, true, withBlobs))
        .orElseThrow(() -> new ObjectNotFoundException("there is no object " + id));
  }

  private Optional<Metadata> askForMetadata(ObjectId id, boolean synced, boolean withBlobs) {
    var request = new ObjectRequest.Get(List.of(id), synced, false, withBlobs);
    ObjectReply.Found found = call(request, ObjectReply.Found.class);
    if (withBlobs) {
      blobs.arrived(found.payloads());
    }
    return Optional.ofNullable(found.objects().get(id));
  }

  @Override
  public Metadata awaitMetadata(ObjectId id, Duration timeout) {
    var request = new ObjectRequest.Get(List.of(id), true, true);
    Metadata found =
        await(request, ObjectReply.Found.class, timeout, "object " + id).objects().get(id);
    if (found == null) {
      throw new ObjectNotFoundException("there is no object " + id);
    }
    return found;
  }

  @Override
  public ObjectId createMetadata(Metadata metadata) {
    Json content = drafts.complete(metadata.fields().values());
    return call(new ObjectRequest.Create(content), ObjectReply.Created.class).identity().id();
  }

  @Override
  public boolean exists(ObjectId id) {
    requireOpen();
    return blobs.index().filter(index -> index.contains(id)).isPresent()
        || call(new ObjectRequest.Exists(id), ObjectReply.Exists.class).exists();
  }

  @Override
  public List<Metadata> list(String wildcard, long limit) {
    return list(new ObjectRequest.Find(wildcard, false, limit));
  }

  @Override
  public List<Metadata> listByRegex(String regex, long limit) {
    return list(new ObjectRequest.Find(regex, true, limit));
  }

  private List<Metadata> list(ObjectRequest.Find request) {
    return List.copyOf(call(request, ObjectReply.Found.class).objects().values());
  }

  @Override
  public void persist(ObjectId id) {
    call(new ObjectRequest.Persist(id), Reply.Done.class);
  }

  @Override
  public boolean isPersistent(ObjectId id) {
    return call(new ObjectRequest.IsPersistent(id), ObjectReply.IsPersistent.class).persistent();
  }

  @Override
  public void label(ObjectId id, Map<String, String> labels) {
    List<String> keys = List.copyOf(labels.keySet());
    List<String> values = keys.stream().map(labels::get).toList();
    call(new ObjectRequest.Label(id, keys, values), Reply.Done.class);
  }

  @Override
  public ObjectId shallowCopy(ObjectId id, Map<String, Json> extra) {
    return call(new ObjectRequest.Copy(id, Json.Fields.of(extra)), ObjectReply.Copied.class).id();
  }

  @Override
  public ObjectId migrate(ObjectId id) {
    return call(new ObjectRequest.Migrate(id), ObjectReply.Migrated.class).id();
  }

  @Override
  public void delete(Collection<ObjectId> ids, DeleteOption... options) {
    Set<DeleteOption> chosen = Set.of(options);
    var request =
        new ObjectRequest.Delete(
            List.copyOf(ids),
            chosen.contains(DeleteOption.FORCE),
            !chosen.contains(DeleteOption.SHALLOW),
            chosen.contains(DeleteOption.BLOBS_UNCHECKED),
            chosen.contains(DeleteOption.TRIM),
            false);
    deletions().call(request, Reply.Done.class);
  }

  @Override
  public void clear() {
    deletions().call(new ObjectRequest.Clear(), Reply.Done.class);
  }

  /// The connection that deletes. A daemon takes it that who deletes a blob reads it no longer, so
  /// the values of this client outlive their objects only if another connection deletes these.
  private synchronized Connection deletions() {
    requireOpen();
    Connection open = deletions;
    if (open == null || open.ended()) {
      open = line.another();
      deletions = open;
    }
    return open;
  }

  @Override
  public void putName(ObjectId id, String name) {
    call(new NameRequest.Put(name, id), Reply.Done.class);
  }

  @Override
  public ObjectId getName(String name) {
    requireOpen();
    return blobs
        .index()
        .flatMap(index -> index.name(name))
        .orElseGet(() -> call(new NameRequest.Get(name, false), NameReply.Found.class).id());
  }

  @Override
  public Optional<ObjectId> findName(String name) {
    try {
      return Optional.of(getName(name));
    } catch (ObjectNotFoundException unnamed) {
      return Optional.empty();
    }
  }

  @Override
  public ObjectId awaitName(String name, Duration timeout) {
    var request = new NameRequest.Get(name, true);
    return await(request, NameReply.Found.class, timeout, "name '" + name + "'").id();
  }

  @Override
  public SequencedMap<String, ObjectId> listNames(String wildcard, long limit) {
    return call(new NameRequest.Find(wildcard, false, limit), NameReply.Listed.class).names();
  }

  @Override
  public SequencedMap<String, ObjectId> listNamesByRegex(String regex, long limit) {
    return call(new NameRequest.Find(regex, true, limit), NameReply.Listed.class).names();
  }

  @Override
  public void dropName(String name) {
    call(new NameRequest.Drop(name), Reply.Done.class);
  }

  @Override
  public HeldLock lock(String name, Duration timeout) {
    requireOpen();
    Connection own = line.another();
    boolean held = false;
    try {
      var request = new ClusterRequest.AcquireLock(name);
      var answer = own.call(request, ClusterReply.LockAcquired.class, timeout);
      if (!answer.acquired()) {
        throw new MetadataException(
            Status.ETCD_ERROR, "the daemon could not get the lock '%s'".formatted(name));
      }
      held = true;
      return new HeldLock(own, answer.key());
    } catch (ConnectionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new MetadataException(
            Status.ETCD_ERROR,
            "others kept the lock '%s' for %d ms".formatted(name, timeout.toMillis()));
      }
      throw e;
    } finally {
      if (!held) {
        own.close();
      }
    }
  }

  @Override
  public BlobWriter createBlob(long sizeBytes) {
    return createBlobs(List.of(sizeBytes)).getFirst();
  }

  @Override
  public List<BlobWriter> createBlobs(List<Long> sizesBytes) {
    requireOpen();
    return blobs.createMany(sizesBytes);
  }

  @Override
  public Blob getBlob(ObjectId id) {
    requireOpen();
    return blobs.get(id);
  }

  @Override
  public SequencedMap<ObjectId, Blob> getBlobs(Collection<ObjectId> ids) {
    requireOpen();
    return blobs.getAll(ids);
  }

  @Override
  public void evict(Collection<ObjectId> ids) {
    callAside(new SpillRequest.Evict(List.copyOf(ids)));
  }

  @Override
  public void load(Collection<ObjectId> ids, boolean pin) {
    callAside(new SpillRequest.Load(List.copyOf(ids), pin));
  }

  @Override
  public void unpin(Collection<ObjectId> ids) {
    callAside(new SpillRequest.Unpin(List.copyOf(ids)));
  }

  @Override
  public boolean isSpilled(ObjectId blob) {
    return call(new SpillRequest.IsSpilled(blob), SpillReply.IsSpilled.class).spilled();
  }

  @Override
  public boolean isInUse(ObjectId blob) {
    return call(new SpillRequest.IsInUse(blob), SpillReply.IsInUse.class).inUse();
  }

  @Override
  public Address address() {
    return line.address();
  }

  @Override
  public Streams streams() {
    requireOpen();
    return new Streams(this, line);
  }

  @Override
  public long instanceId() {
    return line.registered().instanceId();
  }

  @Override
  public String version() {
    return line.registered().version();
  }

  @Override
  public InstanceStatus status() {
    return call(new ClusterRequest.InstanceStatus(), InstanceStatus.class);
  }

  @Override
  public SequencedMap<Long, Json.Fields> instances() {
    var instances = new LinkedHashMap<Long, Json.Fields>();
    call(new ClusterRequest.Instances(), ClusterReply.Instances.class)
        .instances()
        .forEach((key, fields) -> instances.put(Long.parseUnsignedLong(key.substring(1)), fields));
    return instances;
  }

  @Override
  public Client connectTo(long instanceId) {
    return Neighbour.of(this, instanceId).connect(line.options());
  }

  @Override
  public Client connectToRoomiest() {
    return Neighbour.connectToRoomiest(this, line.options());
  }

  @Override
  public boolean trimMemory() {
    return call(new SpillRequest.Trim(), SpillReply.Trimmed.class).trimmed();
  }

  @Override
  public Client openSession() {
    var request = new SessionRequest.Open(SessionRequest.StoreType.NORMAL);
    Path socket = call(request, SessionReply.Opened.class).socket();
    return switch (line.address()) {
      case Address.Local _ -> Vinery.connect(socket, line.options());
      case Address.Remote remote ->
          Vinery.connect(remote, line.options().withSession(sessionAt(socket)));
    };
  }

  /// The number of a session, which is the last part of its socket's name.
  private static long sessionAt(Path socket) {
    Matcher name = SESSION_SOCKET.matcher(socket.toString());
    if (!name.matches()) {
      throw new ProtocolException("the daemon opened a session without a number, at " + socket);
    }
    return Long.parseUnsignedLong(name.group(1), 16);
  }

  @Override
  public void deleteSession() {
    call(new SessionRequest.Delete(), Reply.Done.class);
    close();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      blobs.leave();
      if (deletions != null) {
        deletions.close();
      }
    }
  }

  private <R extends Reply> R call(Request request, Class<R> replyType) {
    requireOpen();
    return line.call(request, replyType);
  }

  /// Asks on a connection of its own.
  private void callAside(Request request) {
    requireOpen();
    var aside = line.another();
    try {
      aside.call(request, Reply.Done.class);
    } finally {
      aside.close();
    }
  }

  /// Asks on a connection of its own for what may not be there yet.
  ///
  /// @param wanted what it is, for people
  private <R extends Reply> R await(
      Request request, Class<R> replyType, Duration timeout, String wanted) {
    requireOpen();
    var aside = line.another();
    try {
      return aside.call(request, replyType, timeout);
    } catch (ConnectionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new ObjectNotFoundException("no " + wanted + " within " + timeout);
      }
      throw e;
    } finally {
      aside.close();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the client is closed");
    }
  }

  @Override
  public String toString() {
    return "Client[" + line.address() + "]";
  }
}
