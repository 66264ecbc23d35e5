package dev.vinery.client;

import dev.vinery.posix.Descriptor;
import dev.vinery.posix.HugePages;
import dev.vinery.posix.PosixException;
import dev.vinery.posix.SharedMemory;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.ProtocolException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A memory file of the daemon as this process sees it. Guarded by the lock of its [Connection].
///
/// It is mapped once for reading and once for writing, each when first needed. A mapping ends when
/// nothing refers to its memory any more, which may be long after the connection.
final class MemoryFile {
  private final int fd;
  private final long sizeBytes;
  private @Nullable MemorySegment readable;
  private @Nullable MemorySegment writable;

  private MemoryFile(int fd, long sizeBytes) {
    this.fd = fd;
    this.sizeBytes = sizeBytes;
  }

  /// Takes over a descriptor.
  ///
  /// @param payload the blob with which the file was met; a file that holds one blob only may be
  ///   announced eight bytes too short
  /// @throws ProtocolException if the file is shorter than announced, so that using it would crash
  static MemoryFile of(int fd, Payload payload) throws PosixException {
    long announced = payload.mapSizeBytes() - Payload.MAP_SIZE_EXCESS_BYTES;
    long sizeBytes = Math.max(announced, payload.offset() + payload.sizeBytes());
    long fileBytes = SharedMemory.sizeBytes(fd);
    if (fileBytes < sizeBytes) {
      throw new ProtocolException(
          "memory file "
              + payload.storeFd()
              + " has "
              + fileBytes
              + " bytes where the daemon announced "
              + sizeBytes);
    }
    return new MemoryFile(fd, sizeBytes);
  }

  /// The bytes of a blob, which cannot be written through.
  MemorySegment readable(Payload payload) throws PosixException {
    MemorySegment mapping = readable;
    if (mapping == null) {
      mapping = map(false);
      readable = mapping;
    }
    return part(mapping, payload);
  }

  /// The bytes of a blob that this client has made.
  MemorySegment writable(Payload payload) throws PosixException {
    MemorySegment mapping = writable;
    if (mapping == null) {
      mapping = map(true);
      writable = mapping;
    }
    return part(mapping, payload);
  }

  private MemorySegment map(boolean writable) throws PosixException {
    return SharedMemory.mapAligned(fd, sizeBytes, HugePages.SIZE_BYTES, writable, Arena.ofAuto());
  }

  private MemorySegment part(MemorySegment mapping, Payload payload) {
    boolean inside =
        payload.offset() >= 0
            && payload.sizeBytes() >= 0
            && payload.sizeBytes() <= sizeBytes - payload.offset();
    if (!inside) {
      throw new ProtocolException(
          "blob " + payload.id() + " lies outside its memory file of " + sizeBytes + " bytes");
    }
    return mapping.asSlice(payload.offset(), payload.sizeBytes());
  }

  /// Closes the descriptor. Mappings stay.
  void close() {
    Descriptor.close(fd);
  }
}
