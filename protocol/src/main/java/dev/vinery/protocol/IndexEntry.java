package dev.vinery.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a [SharedIndex] tells of one object, blob or name. The first byte says which: an object's
/// text is JSON and begins with a brace.
public sealed interface IndexEntry {
  /// The metadata of an object with all its members, under the object's id.
  record Described(Metadata metadata) implements IndexEntry {
    @Override
    public byte[] toBytes() {
      return metadata.json();
    }
  }

  /// Where a sealed blob lies in the pool, under the blob's id: `B`, offset (8), length (8).
  ///
  /// @param offset bytes from the start of the pool's file
  record Place(long offset, long sizeBytes) implements IndexEntry {
    @Override
    public byte[] toBytes() {
      return allocate(1 + 2 * Long.BYTES).put(PLACE).putLong(offset).putLong(sizeBytes).array();
    }
  }

  /// What a name is bound to, under [SharedIndex#keyOfName]: `N`, id (8), the name in UTF-8.
  record Named(String name, ObjectId id) implements IndexEntry {
    @Override
    public byte[] toBytes() {
      byte[] text = name.getBytes(StandardCharsets.UTF_8);
      return allocate(1 + Long.BYTES + text.length)
          .put(NAMED)
          .putLong(id.value())
          .put(text)
          .array();
    }
  }

  byte DESCRIBED = '{';
  byte PLACE = 'B';
  byte NAMED = 'N';

  /// The content of the entry.
  byte[] toBytes();

  /// Reads what [#toBytes] has made.
  ///
  /// @param content not changed any more
  /// @return empty if it is nothing of the kind
  static Optional<IndexEntry> read(byte[] content) {
    ByteBuffer rest = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    return switch (content.length == 0 ? 0 : rest.get()) {
      case DESCRIBED -> Optional.of(new Described(Metadata.ofJson(content)));
      case PLACE ->
          rest.remaining() == 2 * Long.BYTES
              ? Optional.of(new Place(rest.getLong(), rest.getLong()))
              : Optional.empty();
      case NAMED ->
          rest.remaining() < Long.BYTES
              ? Optional.empty()
              : Optional.of(named(new ObjectId(rest.getLong()), rest));
      default -> Optional.empty();
    };
  }

  private static Named named(ObjectId id, ByteBuffer text) {
    return new Named(StandardCharsets.UTF_8.decode(text).toString(), id);
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
