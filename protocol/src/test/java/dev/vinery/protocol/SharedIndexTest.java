package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SharedIndexTest {
  private static final int HUGE_BYTES = SharedIndex.MAX_CONTENT_BYTES;
  private static final long LOG_BYTES = 1 << 20;

  private final MemorySegment file = Arena.ofAuto().allocate(SharedIndex.fileBytes(LOG_BYTES), 64);
  private final SharedIndex.Writer writer = new SharedIndex.Writer(file);
  private final SharedIndex.Reader reader = new SharedIndex.Reader(file.asReadOnly());

  @Test
  void whatIsEnteredIsFound() {
    writer.put(7, new byte[] {1, 2, 3});
    writer.put(8, new byte[0]);

    assertThat(read(7)).containsExactly(1, 2, 3);
    assertThat(read(8)).isEmpty();
    assertThat(reader.find(9)).isEqualTo(SharedIndex.NONE);
  }

  @Test
  void aReplacedEntryStandsNoLonger() {
    writer.put(7, new byte[] {1});
    long stamp = reader.find(7);
    assertThat(reader.stands(7, stamp)).isTrue();

    writer.put(7, new byte[] {2});

    assertThat(reader.stands(7, stamp)).isFalse();
    assertThat(reader.read(7, stamp)).isEmpty();
    assertThat(read(7)).containsExactly(2);
  }

  @Test
  void anEntryThatIsPutAgainAsItIsStands() {
    writer.put(7, new byte[] {1, 2});
    long stamp = reader.find(7);

    writer.put(7, new byte[] {1, 2});

    assertThat(reader.stands(7, stamp)).isTrue();
  }

  @Test
  void aRemovedEntryIsNotFound() {
    writer.put(7, new byte[] {1});
    long stamp = reader.find(7);

    writer.remove(7);
    writer.remove(8);

    assertThat(reader.find(7)).isEqualTo(SharedIndex.NONE);
    assertThat(reader.read(7, stamp)).isEmpty();
  }

  @Test
  void anEntryThatIsTooLongIsNotEnteredAndNeitherIsTheOneBefore() {
    writer.put(7, new byte[HUGE_BYTES]);
    assertThat(read(7)).hasSize(HUGE_BYTES);

    writer.put(7, new byte[HUGE_BYTES + 1]);

    assertThat(reader.find(7)).isEqualTo(SharedIndex.NONE);
  }

  @Test
  void theOldestEntriesMakeRoomAndTheRestStays() {
    int count = (int) (2 * LOG_BYTES / HUGE_BYTES);
    writer.put(1, new byte[] {1});
    long first = reader.find(1);
    for (int i = 2; i < count; i++) {
      writer.put(i, filled((byte) i));
    }

    assertThat(reader.find(1)).isEqualTo(SharedIndex.NONE);
    assertThat(reader.read(1, first)).isEmpty();
    int found = 0;
    for (int i = 2; i < count; i++) {
      if (reader.find(i) != SharedIndex.NONE) {
        found++;
        assertThat(read(i)).isEqualTo(filled((byte) i));
      }
    }
    assertThat(found).isBetween((int) (0.9 * count / 2), count / 2);
  }

  private static byte[] filled(byte value) {
    byte[] content = new byte[HUGE_BYTES];
    Arrays.fill(content, value);
    return content;
  }

  @Test
  void whenTheWriterHasEndedNothingIsFound() {
    writer.put(7, new byte[] {1});
    long stamp = reader.find(7);

    writer.close();

    assertThat(reader.find(7)).isEqualTo(SharedIndex.NONE);
    assertThat(reader.stands(7, stamp)).isFalse();
  }

  @Test
  void aFileOfGarbageIsReadWithoutHarm() {
    for (long at = 64; at < file.byteSize(); at += Long.BYTES) {
      file.set(ValueLayout.JAVA_LONG, at, (SharedIndex.mix(at) << 20) | (at & 0xffff));
    }

    for (int key = 0; key < 10_000; key++) {
      long stamp = reader.find(key);
      if (stamp != SharedIndex.NONE) {
        assertThat(reader.read(key, stamp).orElse(new byte[0]))
            .hasSizeLessThanOrEqualTo(SharedIndex.MAX_CONTENT_BYTES);
      }
    }
    assertThat(reader.read(1, -1L << 20)).isEmpty();
  }

  @Test
  void whileThereIsRoomEverythingStays() {
    for (int key = 1; key <= 10_000; key++) {
      writer.put(key, new byte[] {(byte) key});
    }

    for (int key = 1; key <= 10_000; key++) {
      assertThat(read(key)).containsExactly((byte) key);
    }
  }

  private byte @Nullable [] read(long key) {
    long stamp = reader.find(key);
    return stamp == SharedIndex.NONE ? null : reader.read(key, stamp).orElse(null);
  }
}
