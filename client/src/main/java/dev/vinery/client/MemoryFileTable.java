package dev.vinery.client;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.PosixException;
import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.ExtentReply;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.SessionReply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StreamReply;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The memory files that a daemon has sent over one connection, by their keys. Guarded by the lock
/// of that [Connection].
final class MemoryFileTable {
  private final Map<Integer, MemoryFile> byKey = new HashMap<>();

  /// Takes over a descriptor that came behind a reply, and closes it if the file is known.
  ///
  /// @param storeFd the key of the file
  /// @throws ProtocolException if no blob in the reply lies in the file, or the file is shorter
  ///   than announced
  void add(int storeFd, int fd, Reply reply) throws PosixException {
    boolean added = false;
    try {
      var file = MemoryFile.of(fd, firstIn(storeFd, reply));
      added = byKey.putIfAbsent(storeFd, file) == null;
    } finally {
      if (!added) {
        Descriptor.close(fd);
      }
    }
  }

  private static Payload firstIn(int storeFd, Reply reply) {
    List<Payload> payloads =
        switch (reply) {
          case BlobReply.Created(var payload, _) -> List.of(payload);
          case BlobReply.CreatedOnDisk(var payload, _) -> List.of(payload);
          case BlobReply.CreatedMany(var many, _) -> many;
          case BlobReply.Found(var many, _, _) -> many;
          case ExtentReply.Leased(_, var memory, _) -> List.of(memory);
          case ObjectReply.Found(_, var held, _) -> held;
          case StreamReply.Reserved(var payload, _) -> List.of(payload);
          case SessionReply.Index(var index, var pins, var pool, _) -> List.of(index, pins, pool);
          default -> List.of();
        };
    for (Payload payload : payloads) {
      if (payload.storeFd() == storeFd) {
        return payload;
      }
    }
    throw new ProtocolException("the daemon sent memory file " + storeFd + " without a blob in it");
  }

  /// The bytes of a blob, which cannot be written through.
  ///
  /// @throws ConnectionException if there is no address space left for its file
  MemorySegment readable(Payload payload) {
    return bytes(payload, false);
  }

  /// The bytes of a blob that this client has made.
  ///
  /// @throws ConnectionException if there is no address space left for its file
  MemorySegment writable(Payload payload) {
    return bytes(payload, true);
  }

  private MemorySegment bytes(Payload payload, boolean writable) {
    if (payload.sizeBytes() == 0) {
      return MemorySegment.NULL;
    }
    MemoryFile file = byKey.get(payload.storeFd());
    if (file == null) {
      throw new ProtocolException(
          "the daemon placed blob "
              + payload.id()
              + " in memory file "
              + payload.storeFd()
              + ", which it has not sent");
    }
    try {
      return writable ? file.writable(payload) : file.readable(payload);
    } catch (PosixException e) {
      throw new ConnectionException(
          Status.CONNECTION_ERROR, "cannot map the daemon's memory: " + e.getMessage(), e);
    }
  }

  /// Closes the descriptors. Mappings stay.
  void close() {
    byKey.values().forEach(MemoryFile::close);
    byKey.clear();
  }
}
