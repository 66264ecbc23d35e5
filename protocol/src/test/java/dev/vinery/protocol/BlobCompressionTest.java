package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// [BlobCompressor] and [BlobDecompressor], together and against bytes of others.
class BlobCompressionTest {
  /// What the official daemon sent for the three bytes `abc`.
  private static final String OFFICIAL_ABC = "0c0000000000000028b52ffd0058180000616263";

  /// Bytes on their way to a receiver.
  private static final class Wire implements BlobDecompressor.Source {
    private final ByteBuffer bytes;

    Wire(byte[] bytes) {
      this.bytes = ByteBuffer.wrap(bytes);
    }

    @Override
    public void read(ByteBuffer into) throws EOFException {
      if (into.remaining() > bytes.remaining()) {
        throw new EOFException();
      }
      byte[] taken = new byte[into.remaining()];
      bytes.get(taken);
      into.put(taken);
    }

    int left() {
      return bytes.remaining();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "3, 1",
    "3, 2",
    "64, 1",
    "131070, 3",
    "131072, 3",
    "131591, 3",
    "262144, 3",
    "1048576, 2",
    "3000000, 3",
    "3000001, 2"
  })
  void blobsComeBackAsTheyWere(int sizeBytes, int count) throws IOException {
    for (Content content : Content.values()) {
      byte[][] blobs = new byte[count][];
      for (int i = 0; i < count; i++) {
        blobs[i] = content.bytes(sizeBytes + i, i);
      }

      byte[] sent = compressed(blobs);

      assertThat(decompressed(sent, sizes(blobs))).as("%s", content).isDeepEqualTo(blobs);
      assertThat(chunkLengths(sent)).allMatch(n -> n >= 1 && n <= BlobCompressor.MAX_CHUNK_BYTES);
    }
  }

  private enum Content {
    ZEROS,
    TEXT,
    RANDOM;

    byte[] bytes(int count, int seed) {
      byte[] bytes = new byte[count];
      Random random = new Random(seed);
      switch (this) {
        case ZEROS -> {}
        case TEXT -> {
          for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i % 7 == 0 ? random.nextInt(8) : i % 13);
          }
        }
        case RANDOM -> random.nextBytes(bytes);
      }
      return bytes;
    }
  }

  @Test
  void emptyBlobsMakeAndTakeNoChunk() throws IOException {
    byte[][] blobs = {{}, {1, 2, 3}, {}, {}, {4}, {}};

    byte[] sent = compressed(blobs);

    assertThat(chunkLengths(sent)).hasSize(2);
    assertThat(decompressed(sent, sizes(blobs))).isDeepEqualTo(blobs);
    assertThat(compressed(new byte[][] {{}, {}})).isEmpty();
  }

  @Test
  void aRequestIsOneFrameWithoutSizeAndChecksumThatIsNeverEnded() throws IOException {
    byte[] sent = compressed(new byte[][] {{1}, {2}});

    ByteBuffer bytes = ByteBuffer.wrap(sent).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.getInt(Long.BYTES)).as("magic number").isEqualTo(0xFD2FB528);
    assertThat(bytes.get(Long.BYTES + Integer.BYTES)).as("frame header").isZero();
    int second = (int) (Long.BYTES + bytes.getLong(0) + Long.BYTES);
    assertThat(bytes.getInt(second)).as("second chunk").isNotEqualTo(0xFD2FB528);
    byte[] whole = {bytes.get(second), bytes.get(second + 1), bytes.get(second + 2)};
    assertThat(whole[0] & 1).as("last block").isZero();
  }

  @Test
  void whatTheOfficialDaemonSendsIsUnderstood() throws IOException {
    assertThat(decompressed(HexFormat.of().parseHex(OFFICIAL_ABC), 3))
        .isDeepEqualTo(new byte[][] {{'a', 'b', 'c'}});
  }

  @Test
  void aSenderMayEndAFrameWithEachBlob() throws IOException {
    byte[] one = chunk(Zstd.compress(new byte[] {1, 2, 3}));
    byte[] two = chunk(Zstd.compress(new byte[] {4, 5}));

    assertThat(decompressed(concatenated(one, two), 3, 2))
        .isDeepEqualTo(new byte[][] {{1, 2, 3}, {4, 5}});
  }

  @Test
  void aChunkMayHoldPartOfABlockOnly() throws IOException {
    byte[] stream = Arrays.copyOfRange(HexFormat.of().parseHex(OFFICIAL_ABC), 8, 20);
    byte[] sent = {};
    for (byte each : stream) {
      sent = concatenated(sent, chunk(each));
    }

    assertThat(decompressed(sent, 3)).isDeepEqualTo(new byte[][] {{'a', 'b', 'c'}});
  }

  @Test
  void whatFollowsTheLastChunkOfABlobIsNotTouched() throws IOException {
    Wire wire = new Wire(concatenated(compressed(new byte[][] {{1, 2}}), new byte[] {9, 9, 9}));

    try (var arena = Arena.ofConfined();
        var decompressor = new BlobDecompressor()) {
      decompressor.decompress(wire, arena.allocate(2));
    }

    assertThat(wire.left()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 131_592, 1L << 32})
  void aChunkOfAWrongLengthIsRefusedBeforeItIsRead(long length) {
    byte[] header = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();

    assertThatThrownBy(() -> decompressed(concatenated(header, new byte[200_000]), 3))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage(
            "a compressed chunk must have from 1 to 131591 bytes, not "
                + Long.toUnsignedString(length));
  }

  @Test
  void bytesThatAreNotCompressedAreRefused() {
    byte[] noise = new byte[1000];
    new Random(1).nextBytes(noise);

    assertThatThrownBy(() -> decompressed(chunk(noise), 3))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessageStartingWith("a compressed chunk is damaged");
  }

  @Test
  void moreBytesThanTheBlobHasAreRefused() throws IOException {
    byte[] sent = compressed(new byte[][] {new byte[1000]});

    assertThatThrownBy(() -> decompressed(sent, 999))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage("a compressed chunk holds more bytes than are left of its blob");
  }

  @Test
  void fewerBytesThanTheBlobHasAreWaitedForInVain() throws IOException {
    byte[] sent = compressed(new byte[][] {new byte[1000]});

    assertThatThrownBy(() -> decompressed(sent, 1001)).isInstanceOf(EOFException.class);
  }

  @Test
  void aSenderThatRefersTooFarBackIsRefused() {
    byte[] frameOf128MiB = {
      0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) ((27 - 10) << 3), 1, 0, 0
    };

    assertThatThrownBy(() -> decompressed(chunk(frameOf128MiB), 3))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessageStartingWith("a compressed chunk is damaged");
  }

  @Test
  void damagedStreamsAreRefusedOrDecodedButNeverOverrun() throws IOException {
    byte[] blob = Content.TEXT.bytes(20_000, 5);
    byte[] sent = compressed(new byte[][] {blob});
    Random random = new Random(77);
    int refused = 0;
    for (int run = 0; run < 2_000; run++) {
      byte[] damaged = sent.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      try (var arena = Arena.ofConfined();
          var decompressor = new BlobDecompressor()) {
        MemorySegment fenced = arena.allocate(blob.length + 64);
        fenced.fill((byte) 0x5A);
        try {
          decompressor.decompress(new Wire(damaged), fenced.asSlice(32, blob.length));
        } catch (ProtocolException | EOFException e) {
          refused++;
        }
        assertThat(fenced.asSlice(0, 32).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0x5A);
        assertThat(fenced.asSlice(32 + blob.length).toArray(ValueLayout.JAVA_BYTE))
            .containsOnly(0x5A);
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void aSinkThatFailsEndsTheCompression() {
    try (var arena = Arena.ofConfined();
        var compressor = new BlobCompressor()) {
      assertThatThrownBy(() ->
              compressor.compress(
                  arena.allocate(10),
                  _ -> {
                    throw new IOException("gone");
                  }))
          .isInstanceOf(IOException.class)
          .hasMessage("gone");
    }
  }

  private static byte[] compressed(byte[][] blobs) throws IOException {
    var sent = new ByteArrayOutputStream();
    try (var arena = Arena.ofConfined();
        var compressor = new BlobCompressor()) {
      for (byte[] blob : blobs) {
        MemorySegment bytes = arena.allocate(blob.length);
        bytes.copyFrom(MemorySegment.ofArray(blob));
        compressor.compress(
            bytes,
            chunk -> {
              byte[] taken = new byte[chunk.remaining()];
              chunk.get(taken);
              sent.write(taken);
            });
      }
    }
    return sent.toByteArray();
  }

  private static byte[][] decompressed(byte[] sent, int... sizesBytes) throws IOException {
    Wire wire = new Wire(sent);
    byte[][] blobs = new byte[sizesBytes.length][];
    try (var arena = Arena.ofConfined();
        var decompressor = new BlobDecompressor()) {
      for (int i = 0; i < blobs.length; i++) {
        MemorySegment blob = arena.allocate(sizesBytes[i]);
        decompressor.decompress(wire, blob);
        blobs[i] = blob.toArray(ValueLayout.JAVA_BYTE);
      }
    }
    assertThat(wire.left()).as("bytes that were not taken").isZero();
    return blobs;
  }

  private static int[] sizes(byte[][] blobs) {
    return Arrays.stream(blobs).mapToInt(blob -> blob.length).toArray();
  }

  private static List<Long> chunkLengths(byte[] sent) {
    var lengths = new ArrayList<Long>();
    ByteBuffer bytes = ByteBuffer.wrap(sent).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      long length = bytes.getLong();
      lengths.add(length);
      bytes.position(bytes.position() + (int) length);
    }
    return lengths;
  }

  private static byte[] chunk(byte... bytes) {
    return ByteBuffer.allocate(Long.BYTES + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.length)
        .put(bytes)
        .array();
  }

  private static byte[] concatenated(byte[] one, byte[] two) {
    return ByteBuffer.allocate(one.length + two.length).put(one).put(two).array();
  }
}
