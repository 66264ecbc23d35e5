package dev.vinery.client;

import dev.vinery.protocol.ClusterReply.InstanceStatus;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StoreFullException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// A connection to a daemon, and through it to the objects of its session. Safe for use by several
/// threads; their calls are carried out one after the other.
///
/// Every call waits for the daemon's answer. It throws
///
/// - [StoreException], or the subclass that stands for the status, if the daemon refuses;
/// - [dev.vinery.protocol.ConnectionException] if the daemon does not answer in time, is gone, or
///   the thread is interrupted, which stays so. If that happens in the middle of a call, the
///   connection is over. Within one host every later call fails, too: connect anew. Over TCP the
///   next call connects anew; a call that only reads is repeated by itself if the connection
///   breaks; one that stores or deletes is not, since it may have been carried out;
/// - [IllegalStateException] if the client is closed.
public interface Client extends AutoCloseable {

  // Values.

  /// Stores a value.
  ///
  /// @return the id of the object that the value became
  /// @throws IllegalArgumentException if no builder knows how to store it
  /// @throws StoreFullException if the daemon has no room
  ObjectId put(Object value);

  /// Stores a value, persists it, and gives it a name, which another object may have had.
  ObjectId put(Object value, String name);

  /// Stores values one after the other; if one of them cannot be stored, none is. With a daemon of
  /// ours on this host, many small values take few waits.
  ///
  /// @return their ids, in the same order
  /// @throws IllegalArgumentException if no builder knows how to store one of them
  /// @throws StoreFullException if the daemon has no room
  List<ObjectId> putAll(Collection<?> values);

  /// Stores what a draft describes.
  ObjectId create(Draft draft);

  /// Reads an object as a value. What stands for shared memory keeps that in place until it is
  /// closed or forgotten, even if this client is closed before. Over TCP the bytes are copied, all
  /// at once, and are the value's own.
  ///
  /// @return the value, or a [VineryObject] if no resolver knows the type
  /// @throws ObjectNotFoundException if there is no such object
  Object get(ObjectId id);

  /// Reads an object as a value of a type.
  ///
  /// @throws StoreException if the object has no such value
  <T> T get(ObjectId id, Class<T> type);

  /// Uses a builder on this client, before those on the module path.
  Registration register(Builder<?> builder);

  /// Uses a resolver on this client, before those on the module path.
  Registration register(Resolver resolver);

  // Objects.

  /// Takes hold of an object: its metadata, its members, and the bytes of those of its blobs that
  /// are on the instance this client is connected to. Those on other instances are absent; see
  /// [VineryObject#isLocal].
  ///
  /// @return the object, which the caller closes
  /// @throws ObjectNotFoundException if there is no such object
  VineryObject getObject(ObjectId id);

  /// What describes an object. If the daemon does not know it, it catches up with its peers before
  /// it says so.
  ///
  /// @throws ObjectNotFoundException if there is no such object
  Metadata getMetadata(ObjectId id);

  /// What describes an object, as soon as there is one. Other calls go on meanwhile.
  ///
  /// @throws ObjectNotFoundException if there is none in time
  Metadata awaitMetadata(ObjectId id, Duration timeout);

  /// Makes an object of metadata. What every object must say of itself is added; an id is ignored.
  ObjectId createMetadata(Metadata metadata);

  /// Whether there is an object or a blob with this id, sealed or not.
  boolean exists(ObjectId id);

  /// The metadata of objects whose type name matches a shell wildcard, and behind them of blobs.
  ///
  /// @param limit how many are wanted at most
  List<Metadata> list(String wildcard, long limit);

  /// The metadata of objects whose type name matches a regular expression.
  ///
  /// @param limit how many are wanted at most
  List<Metadata> listByRegex(String regex, long limit);

  /// Publishes an object and its members to all daemons of the cluster. It cannot be undone.
  void persist(ObjectId id);

  boolean isPersistent(ObjectId id);

  /// Adds labels to an object; those it has under other keys stay.
  void label(ObjectId id, Map<String, String> labels);

  /// Makes another object with the same members.
  ///
  /// @param extra fields to add or replace; text, numbers, `true`, `false` and `null` only
  /// @return the id of the copy
  ObjectId shallowCopy(ObjectId id, Map<String, Json> extra);

  /// Makes an equivalent of an object of another instance on this one, with all its bytes. The
  /// object there stays.
  ///
  /// @return its id; that of the object if it is here already
  ObjectId migrate(ObjectId id);

  /// Deletes objects and blobs. They are gone for everybody at once; bytes that somebody holds stay
  /// until he lets go. Ids that are unknown, or that something else refers to, are passed over.
  void delete(Collection<ObjectId> ids, DeleteOption... options);

  /// Deletes every object and blob of the session. Names stay.
  void clear();

  // Names.

  /// Gives a persistent object a name, which another object may have had.
  void putName(ObjectId id, String name);

  /// The object of this name, which may have been deleted since.
  ///
  /// @throws ObjectNotFoundException if there is no such name
  ObjectId getName(String name);

  /// The object of this name, which may have been deleted since.
  Optional<ObjectId> findName(String name);

  /// The object of this name, as soon as there is one. Other calls go on meanwhile.
  ///
  /// @throws ObjectNotFoundException if there is none in time
  ObjectId awaitName(String name, Duration timeout);

  /// Names that match a shell wildcard.
  ///
  /// @param limit how many are wanted at most
  SequencedMap<String, ObjectId> listNames(String wildcard, long limit);

  /// Names that match a regular expression.
  ///
  /// @param limit how many are wanted at most
  SequencedMap<String, ObjectId> listNamesByRegex(String regex, long limit);

  /// Takes a name away; if there is no such name, nothing happens.
  void dropName(String name);

  // Locks.

  /// Takes a lock between the clients of all daemons of the cluster, when nobody else has it. Those
  /// who wait get it in their order. Other calls go on meanwhile.
  ///
  /// An official daemon does not notice that a client no longer waits: it takes the lock when its
  /// turn comes, and keeps it until it ends. With it, wait as long as it takes.
  ///
  /// @param name begins with a slash by convention; official clients exclude each other by the same
  ///   one
  /// @param timeout how long to wait at most
  /// @return the lock, which the caller closes
  /// @throws dev.vinery.protocol.MetadataException if others keep it for so long
  /// @throws dev.vinery.protocol.StoreException if the daemon has no cluster
  HeldLock lock(String name, Duration timeout);

  // Blobs.

  /// Reserves a writable blob in memory shared with the daemon. Nothing is copied. Over TCP it is
  /// written here, and sent when it is sealed; only then can the daemon say that it has no room.
  ///
  /// Other clients see the blob after [BlobWriter#seal()]. Closing the writer unsealed gives the
  /// memory back.
  ///
  /// @param sizeBytes length of the blob in bytes, at least 0
  /// @return a writer, which the caller closes
  /// @throws StoreFullException if no room can be made, even by spilling
  BlobWriter createBlob(long sizeBytes);

  /// Reserves several blobs, or none if there is no room for all of them.
  ///
  /// @param sizesBytes lengths in bytes, each at least 0
  /// @return writers in the same order, which the caller closes
  /// @throws StoreFullException if no room can be made, even by spilling
  List<BlobWriter> createBlobs(List<Long> sizesBytes);

  /// Takes hold of a blob.
  ///
  /// @return the blob, which the caller closes
  /// @throws ObjectNotFoundException if there is no such blob
  /// @throws dev.vinery.protocol.ObjectNotSealedException if it is still being written
  Blob getBlob(ObjectId id);

  /// Takes hold of those of these blobs that there are.
  ///
  /// @return the blobs, each of which the caller closes
  /// @throws dev.vinery.protocol.ObjectNotSealedException if one is still being written
  SequencedMap<ObjectId, Blob> getBlobs(Collection<ObjectId> ids);

  /// Writes the blobs of these objects to disk and frees their memory. The official daemon does,
  /// but never answers: with it the call fails after the time-out of the connection.
  void evict(Collection<ObjectId> ids);

  /// Brings the blobs of these objects back from disk. As to the official daemon, see [#evict].
  ///
  /// @param pin whether to keep them in memory from now on
  void load(Collection<ObjectId> ids, boolean pin);

  /// Undoes one pin of each blob of these objects. As to the official daemon, see [#evict].
  void unpin(Collection<ObjectId> ids);

  boolean isSpilled(ObjectId blob);

  boolean isInUse(ObjectId blob);

  // Streams.

  /// The streams of the session. They hand over chunks in shared memory, or, over TCP, as copies.
  Streams streams();

  // The daemon.

  /// Where the daemon is reached, which says by what door.
  Address address();

  /// Number of the daemon in its cluster.
  long instanceId();

  /// Version of the daemon, `major.minor.patch`.
  String version();

  /// How much the daemon holds, and for how many.
  InstanceStatus status();

  /// What each daemon of the cluster publishes of itself, by its number.
  SequencedMap<Long, Json.Fields> instances();

  /// Connects to a daemon of the cluster: through its socket if it is on this host, else over TCP.
  ///
  /// @param instanceId its number, as [#instances()] has it
  /// @return a client of its root session, which the caller closes
  /// @throws ObjectNotFoundException if the cluster has no such daemon
  Client connectTo(long instanceId);

  /// Connects to the daemon of the cluster that has the most room, which may be this one. What is
  /// put there is seen by others when it is persisted.
  ///
  /// @return a client of its root session, which the caller closes
  Client connectToRoomiest();

  /// Gives unused memory of the daemon back to the operating system.
  ///
  /// @return whether the daemon says that it gave some back
  boolean trimMemory();

  /// Makes a namespace of objects in this daemon, apart from all others.
  ///
  /// @return a client of it, which the caller closes; the session stays until it is deleted
  Client openSession();

  /// Deletes the session of this client, with all its objects, when its last client has left.
  /// Closes this client. The official daemon takes no more connections over TCP once a session was
  /// deleted over TCP: delete its sessions through its socket.
  void deleteSession();

  /// Leaves the daemon. Blobs under construction are given up. Values and blobs that were got stay
  /// valid: the connection ends when the last of them is closed or forgotten. Closing twice is
  /// fine.
  @Override
  void close();
}
