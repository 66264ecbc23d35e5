package dev.vinery.server;

import dev.vinery.posix.FileAccess;
import dev.vinery.posix.PosixException;
import dev.vinery.protocol.BlobCompressor;
import dev.vinery.protocol.BlobDecompressor;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/// The bytes of some blobs, to be moved between memory and a socket, in pieces and in order.
///
/// Nothing is copied on the way: the system reads and writes the daemon's mapping. The bytes of
/// blobs in files of their own go through a buffer, because the daemon does not map what others may
/// cut short. Confined to one connection, and used without the store lock: whoever makes it sees to
/// it that the blobs stay.
final class BlobBytes {
  /// Bytes that are handed to the system, or to the compressor, at once.
  static final int PIECE_BYTES = 1 << 20;

  private final List<Place> places;

  /// Where one blob lies.
  ///
  /// @param mapped its bytes, if the daemon has mapped them; else they are read from the file
  /// @param descriptor the file, open for as long as the blob stays
  record Place(
      MemorySegment mapped, boolean isMapped, int descriptor, long offset, long sizeBytes) {
    static Place of(Blob blob, MemoryPool pool) {
      boolean isMapped = blob.region() == pool.region();
      return new Place(
          isMapped ? pool.bytes(blob.offset(), blob.sizeBytes()) : MemorySegment.NULL,
          isMapped,
          blob.region().descriptor(false),
          blob.offset(),
          blob.sizeBytes());
    }
  }

  BlobBytes(List<Place> places) {
    this.places = List.copyOf(places);
  }

  /// Fills the blobs, which all lie in the pool.
  ///
  /// @param source fills a direct buffer to its limit
  /// @throws dev.vinery.protocol.ProtocolException if compressed bytes are damaged
  void receive(BlobDecompressor.Source source, boolean compressed) throws IOException {
    if (compressed) {
      try (var decompressor = new BlobDecompressor()) {
        for (Place place : places) {
          decompressor.decompress(source, place.mapped());
        }
      }
    } else {
      for (Place place : places) {
        for (long from = 0; from < place.sizeBytes(); from += PIECE_BYTES) {
          source.read(piece(place, from));
        }
      }
    }
  }

  void send(Channel channel, boolean compressed) throws IOException {
    try (var arena = Arena.ofConfined()) {
      MemorySegment buffer =
          places.stream().allMatch(Place::isMapped)
              ? MemorySegment.NULL
              : arena.allocate(PIECE_BYTES);
      if (compressed) {
        try (var compressor = new BlobCompressor()) {
          for (Place place : places) {
            for (long from = 0; from < place.sizeBytes(); from += PIECE_BYTES) {
              boolean last = from + PIECE_BYTES >= place.sizeBytes();
              compressor.compress(filled(place, from, buffer), last, channel::send);
            }
          }
        }
      } else {
        for (Place place : places) {
          for (long from = 0; from < place.sizeBytes(); from += PIECE_BYTES) {
            channel.send(filled(place, from, buffer));
          }
        }
      }
    }
  }

  private static ByteBuffer filled(Place place, long from, MemorySegment buffer)
      throws IOException {
    return place.isMapped() ? piece(place, from) : read(place, from, buffer);
  }

  private static ByteBuffer piece(Place place, long from) {
    long count = Math.min(PIECE_BYTES, place.sizeBytes() - from);
    return place.mapped().asSlice(from, count).asByteBuffer();
  }

  private static ByteBuffer read(Place place, long from, MemorySegment buffer) throws IOException {
    int wanted = (int) Math.min(PIECE_BYTES, place.sizeBytes() - from);
    try {
      for (int count = 0; count < wanted; ) {
        int some =
            FileAccess.read(
                place.descriptor(), place.offset() + from + count, buffer, count, wanted - count);
        if (some == 0) {
          throw new EOFException("the file of a blob is shorter than the blob");
        }
        count += some;
      }
    } catch (PosixException e) {
      throw new IOException("cannot read the file of a blob: " + e.getMessage(), e);
    }
    return buffer.asSlice(0, wanted).asByteBuffer();
  }
}
