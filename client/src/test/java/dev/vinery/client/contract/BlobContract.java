package dev.vinery.client.contract;

import static dev.vinery.client.contract.Contract.blobOf;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Blob;
import dev.vinery.client.BlobWriter;
import dev.vinery.client.Client;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every client can do with blobs.
interface BlobContract extends Contract {
  /// Bytes that differ from their neighbours, also those a page away.
  private static byte pattern(long index) {
    return (byte) ((index * 31) >> 7);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 8, 65_537, 3 << 20, 20 << 20})
  default void aBlobHasTheBytesThatWereWritten(long sizeBytes) {
    ObjectId id;
    try (BlobWriter writer = client().createBlob(sizeBytes)) {
      assertThat(writer.segment().byteSize()).isEqualTo(sizeBytes);
      assertThat(writer.segment().address() % 64).isZero();
      for (long i = 0; i < sizeBytes; i++) {
        writer.segment().set(JAVA_BYTE, i, pattern(i));
      }
      try (Blob sealed = writer.seal()) {
        id = sealed.id();
        assertThat(sealed.segment().isReadOnly()).isTrue();
        assertThat(sealed.segment().get(JAVA_BYTE, sizeBytes - 1))
            .isEqualTo(pattern(sizeBytes - 1));
        assertThatThrownBy(writer::seal).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(writer::segment).isInstanceOf(IllegalStateException.class);
      }
    }

    try (Client other = daemon().connect();
        Blob got = other.getBlob(id)) {
      assertThat(got.sizeBytes()).isEqualTo(sizeBytes);
      for (long i = 0; i < sizeBytes; i += 997) {
        assertThat(got.segment().get(JAVA_BYTE, i)).isEqualTo(pattern(i));
      }
    }
  }

  @Test
  default void aWriterShrinks() {
    try (BlobWriter writer = client().createBlob(100)) {
      writer.segment().fill((byte) 3);
      writer.shrink(40);
      assertThatThrownBy(() -> writer.shrink(41))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a blob of 40 bytes cannot shrink to 41");

      try (Blob sealed = writer.seal();
          Blob got = client().getBlob(sealed.id())) {
        assertThat(got.sizeBytes()).isEqualTo(40);
        assertThat(got.segment().get(JAVA_BYTE, 39)).isEqualTo((byte) 3);
      }
    }
  }

  @Test
  default void aWriterThatIsClosedLeavesNothing() {
    List<BlobWriter> writers = client().createBlobs(List.of(1L, 0L, 1L << 20));
    writers.forEach(BlobWriter::close);

    assertThatThrownBy(() -> writers.getFirst().seal()).isInstanceOf(IllegalStateException.class);
    awaitMemoryUsage(0);
  }

  @Test
  default void emptyBlobsAreTheEmptyBlob() {
    try (BlobWriter writer = client().createBlob(0);
        Blob sealed = writer.seal();
        Blob got = client().getBlob(ObjectId.EMPTY_BLOB)) {
      assertThat(sealed.id()).isEqualTo(ObjectId.EMPTY_BLOB);
      assertThat(got.sizeBytes()).isZero();
    }
    assertThatThrownBy(() -> client().createBlob(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size of a blob must not be negative: -1");
  }

  @Test
  default void thoseBlobsAreGotThatThereAre() {
    ObjectId one = client().create(blobOf(10, 1));
    ObjectId two = client().create(blobOf(300_000, 2));
    var missing = new ObjectId(Long.MIN_VALUE | 12345);

    var blobs = client().getBlobs(List.of(two, missing, ObjectId.EMPTY_BLOB, one, two));

    assertThat(blobs).containsOnlyKeys(one, two, ObjectId.EMPTY_BLOB);
    Blob small = Objects.requireNonNull(blobs.get(one));
    Blob large = Objects.requireNonNull(blobs.get(two));
    assertThat(small.segment().get(JAVA_BYTE, 9)).isEqualTo((byte) 1);
    assertThat(large.segment().get(JAVA_BYTE, 299_999)).isEqualTo((byte) 2);
    blobs.values().forEach(Blob::close);
    assertThatThrownBy(small::segment).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> client().getBlob(missing)).isInstanceOf(ObjectNotFoundException.class);
  }

  @Test
  default void threadsOfBothKindsShareAClient() throws Exception {
    try (var virtual = Executors.newVirtualThreadPerTaskExecutor();
        var platform = Executors.newFixedThreadPool(4)) {
      for (var executor : List.of(virtual, platform)) {
        var calls =
            IntStream.range(0, 100)
                .mapToObj(i ->
                    executor.submit(() -> {
                      ObjectId id = client().create(blobOf(i * 1000L + 1, i));
                      try (Blob blob = client().getBlob(id)) {
                        return blob.segment().get(JAVA_BYTE, i * 1000L);
                      }
                    }))
                .toList();
        for (int i = 0; i < calls.size(); i++) {
          assertThat(calls.get(i).get()).isEqualTo((byte) i);
        }
      }
    }
  }
}
