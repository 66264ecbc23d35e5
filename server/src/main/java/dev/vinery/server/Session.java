package dev.vinery.server;

import dev.vinery.metadata.MetadataKeys;
import dev.vinery.posix.PeerCredentials;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.SessionRequest.StoreType;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A namespace of blobs, objects and names, with a socket of its own. Sessions share the memory
/// pool and nothing else.
///
/// Guarded by the store lock.
final class Session {
  /// The session that a daemon begins with.
  static final long ROOT = 0;

  private final long id;
  private final StoreType type;
  private final Path socket;
  private final BlobTable blobs;
  private final ObjectTable objects;
  private final Replica replica;
  private final Commits commits;
  private final Publisher publisher;
  private final PlasmaHandler plasma;
  private final StreamHandler streams;
  private final @Nullable Freshness freshness;
  private final @Nullable LockHandler locks;
  private final Waits<ObjectId> objectWaits = new Waits<>();
  private final Waits<String> nameWaits = new Waits<>();
  private final Dispatcher dispatcher;
  private final Set<Peer> peers = new HashSet<>();
  private int remoteConnections;
  private boolean ending;

  Session(Store store, long id, StoreType type, Path socket) {
    this.id = id;
    this.type = type;
    this.socket = socket;
    Cluster cluster = id == ROOT ? store.cluster() : null;
    this.blobs = new BlobTable(store.pool(), store.ids(), cluster != null);
    this.objects = new ObjectTable(blobs, store.instanceId());
    this.plasma = new PlasmaHandler(blobs);
    var names = new NameTable(nameWaits, blobs.index());
    MetadataKeys keys = MetadataKeys.of(store.options().metadataPrefix(), id);
    this.replica =
        new Replica(
            keys, objects, blobs, names, objectWaits, cluster == null ? null : cluster.instances());
    this.locks = cluster == null ? null : cluster.locks();
    this.freshness = cluster == null ? null : cluster.freshness();
    this.commits =
        cluster == null ? new LocalCommits(store.metadata(), replica) : cluster.commits();
    this.publisher = new Publisher(commits, replica, objects, keys);
    var objectHandler =
        new ObjectHandler(objects, blobs, store.ids(), store.clock(), publisher, objectWaits);
    this.streams =
        new StreamHandler(
            store.options().streams(),
            blobs,
            objectHandler,
            store.pool(),
            objectWaits,
            store.alarms());
    this.dispatcher =
        new Dispatcher(
            store,
            this,
            new BlobHandler(blobs, store.pool(), objectWaits),
            new RemoteBlobHandler(blobs, store.pool(), objectWaits, store.lock()),
            plasma,
            objectHandler,
            new MigrationHandler(store, cluster, objects, blobs, objectWaits, objectHandler),
            new ObjectReader(
                store.lock(), objects, blobs, objectWaits, ObjectReader.MAX_REPLY_BYTES),
            new NameHandler(objects, names, publisher, nameWaits),
            new DiskHandler(store.lock(), blobs, store.temporaryDirectory()),
            new ExtentHandler(blobs, store.pool(), objectHandler, objectWaits),
            new SlabHandler(store.lock(), blobs, store.options().memoryLimitBytes()),
            new SpillHandler(objects, blobs),
            streams,
            new CatchUp(objects, names));
  }

  long id() {
    return id;
  }

  /// `S` and 16 hexadecimal digits.
  static String text(long id) {
    return "S" + HexFormat.of().toHexDigits(id);
  }

  StoreType type() {
    return type;
  }

  Path socket() {
    return socket;
  }

  BlobTable blobs() {
    return blobs;
  }

  ObjectTable objects() {
    return objects;
  }

  /// What changes the tables as the metadata store has changed.
  Replica replica() {
    return replica;
  }

  Publisher publisher() {
    return publisher;
  }

  /// By which requests wait for what other daemons have stored; null if no other shares the
  /// session.
  @Nullable Freshness freshness() {
    return freshness;
  }

  /// Locks between clients of all daemons; null if no other daemon shares the session.
  @Nullable LockHandler locks() {
    return locks;
  }

  PlasmaHandler plasma() {
    return plasma;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  int localConnections() {
    return peers.size() - remoteConnections;
  }

  int remoteConnections() {
    return remoteConnections;
  }

  int waiting() {
    return objectWaits.count() + nameWaits.count() + streams.waiting() + commits.waiting();
  }

  Peer join(PeerCredentials credentials) {
    Peer peer = Peer.local(credentials, this);
    peers.add(peer);
    return peer;
  }

  /// @param address for people
  Peer joinRemotely(String address) {
    Peer peer = Peer.remote(address, this);
    peers.add(peer);
    remoteConnections++;
    return peer;
  }

  /// Takes over a remote connection that has done nothing in the session where it is.
  void takeOver(Peer peer) {
    Session before = peer.session();
    before.peers.remove(peer);
    before.remoteConnections--;
    peers.add(peer);
    remoteConnections++;
    peer.enter(this);
  }

  /// Makes a blob over the bytes of a blob of another session.
  void borrow(ObjectId id, Blob lender) {
    blobs.borrow(id, lender);
    objectWaits.come(id);
  }

  /// Frees what a connection leaves behind.
  ///
  /// @return what it has shared with the daemon, to be closed without the lock; or null
  @Nullable SharedFile leave(Peer peer) {
    SharedFile pins = blobs.index().leave(peer);
    Collection<Blob> touched = peer.close();
    streams.left(peer);
    if (locks != null) {
      locks.left(peer);
    }
    if (type == StoreType.PLASMA) {
      plasma.left(touched);
    }
    peers.remove(peer);
    if (peer.remote()) {
      remoteConnections--;
    }
    if (ending && peers.isEmpty()) {
      streams.clear();
      blobs.clear();
      blobs.index().close();
    }
    return pins;
  }

  /// Ends the session when its last connection has left.
  void end() {
    ending = true;
  }

  /// Whether nobody may join any more.
  boolean ending() {
    return ending;
  }

  boolean ended() {
    return ending && peers.isEmpty();
  }
}
