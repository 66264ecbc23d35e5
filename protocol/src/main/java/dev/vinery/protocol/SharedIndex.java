package dev.vinery.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;

/// What a daemon tells its clients without being asked: a file of entries, each bytes under a key.
/// One process writes it, any number read it at the same time, and nobody waits for anybody.
///
/// **It is a cache.** The writer enters what was asked for and forgets what is old. That an entry
/// is missing says nothing; that it is there says that it was true at that moment.
///
/// **Layout.** Words are little-endian.
///
/// ```text
///        0  closed: 1 when the writer has ended
///       64  slots: BUCKETS times 8 words, a cache line each
///           a word is 0, or 48 bits of a record's position and 16 bits of its key's hash
/// LOG_OFFSET  the log, a ring to the end of the file; the record at position p starts at p modulo
///           the length of the log
///           record: key (8), length of the content (4), length of the record (4), content
/// ```
///
/// **Reading.** A position is never used twice, so a slot that holds the same word before and after
/// its record was read held it all the time; and a slot is emptied before its record is
/// overwritten. What was read in between is what the writer entered.
///
/// **Writing.** Records are appended. What the next one overwrites is found by its length, from the
/// oldest on, and its slot is emptied if it still points there. A full bucket loses its oldest
/// entry. Cost: the length of the record, and a few cache lines.
public final class SharedIndex {
  /// Length of the file that a daemon makes, in bytes. It is sparse.
  public static final long FILE_BYTES;

  /// Content of an entry; what is longer is not entered.
  public static final int MAX_CONTENT_BYTES = 16 << 10;

  /// What [Reader#find] returns if there is no entry.
  public static final long NONE = 0;

  private static final long CLOSED_OFFSET = 0;
  private static final long SLOTS_OFFSET = 64;
  private static final int BUCKETS = 1 << 15;
  private static final int BUCKET_SLOTS = 8;
  private static final long LOG_OFFSET;

  private static final int LENGTH_OFFSET = 8;
  private static final int RECORD_LENGTH_OFFSET = 12;
  private static final int HEADER_BYTES = 16;
  private static final int ALIGNMENT_BYTES = 16;

  private static final int HASH_BITS = 16;
  private static final long HASH_MASK = (1L << HASH_BITS) - 1;

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt LENGTH =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle WORDS = WORD.varHandle();

  static {
    LOG_OFFSET = SLOTS_OFFSET + (long) BUCKETS * BUCKET_SLOTS * Long.BYTES;
    FILE_BYTES = fileBytes(64L << 20);
  }

  private SharedIndex() {}

  /// Length of a file with a log of so many bytes, a multiple of 16 and longer than a few records.
  public static long fileBytes(long logBytes) {
    return LOG_OFFSET + logBytes;
  }

  /// The key of the entry for a name, different from those of objects and blobs as good as always;
  /// so who finds one compares the name.
  public static long keyOfName(String name) {
    long hash = name.length();
    for (int i = 0; i < name.length(); i++) {
      hash = mix(hash ^ name.charAt(i));
    }
    return hash;
  }

  /// The 64-bit finaliser of MurmurHash3.
  static long mix(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }

  /// What a slot holds for a record.
  private static long word(long position, long hash) {
    return (position << HASH_BITS) | (hash & HASH_MASK);
  }

  private static long bucketOffset(long hash) {
    return SLOTS_OFFSET + ((hash >>> HASH_BITS) & (BUCKETS - 1)) * BUCKET_SLOTS * Long.BYTES;
  }

  private static long recordOffset(long slot, long logBytes) {
    return LOG_OFFSET + (slot >>> HASH_BITS) % logBytes;
  }

  /// Enters and removes. Confined to one thread at a time.
  public static final class Writer {
    private final MemorySegment file;
    private final long logBytes;
    private long oldest = ALIGNMENT_BYTES; // no record has the position 0, which is an empty slot
    private long next = ALIGNMENT_BYTES;

    /// @param file all zero, writable
    public Writer(MemorySegment file) {
      this.file = file;
      this.logBytes = file.byteSize() - LOG_OFFSET;
    }

    /// Enters content in the place of what the key had before; the entry stays if it is the same.
    public void put(long key, byte[] content) {
      if (content.length > MAX_CONTENT_BYTES) {
        remove(key);
        return;
      }
      long former = find(key);
      if (former >= 0 && has(recordOffset(file.get(WORD, former), logBytes), content)) {
        return;
      }
      int length = aligned(HEADER_BYTES + content.length);
      long toEnd = logBytes - next % logBytes;
      if (length > toEnd) {
        append(0, new byte[0], (int) toEnd); // a record does not go around the end
      }
      long position = append(key, content, length);
      enter(key, position);
    }

    private long append(long key, byte[] content, int length) {
      long position = next;
      makeRoom(position + length);
      long at = LOG_OFFSET + position % logBytes;
      file.set(WORD, at, key);
      file.set(LENGTH, at + LENGTH_OFFSET, content.length);
      file.set(LENGTH, at + RECORD_LENGTH_OFFSET, length);
      MemorySegment.copy(
          content, 0, file, ValueLayout.JAVA_BYTE, at + HEADER_BYTES, content.length);
      next = position + length;
      return position;
    }

    private static int aligned(int bytes) {
      return (bytes + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
    }

    /// Forgets the oldest records, until the log may end at a position.
    private void makeRoom(long end) {
      while (end - oldest > logBytes) {
        long at = LOG_OFFSET + oldest % logBytes;
        long key = file.get(WORD, at);
        long hash = mix(key);
        long slot = slotOf(hash, word(oldest, hash));
        if (slot >= 0) {
          WORDS.setVolatile(file, slot, NONE);
        }
        oldest += file.get(LENGTH, at + RECORD_LENGTH_OFFSET);
      }
      VarHandle.fullFence(); // slots are empty before anything is overwritten
    }

    /// Where in its bucket a word stands, or -1.
    private long slotOf(long hash, long word) {
      long bucket = bucketOffset(hash);
      for (long at = bucket; at < bucket + BUCKET_SLOTS * Long.BYTES; at += Long.BYTES) {
        if (file.get(WORD, at) == word) {
          return at;
        }
      }
      return -1;
    }

    private void enter(long key, long position) {
      long hash = mix(key);
      long chosen = find(key);
      if (chosen < 0) {
        chosen = lowest(bucketOffset(hash));
      }
      WORDS.setVolatile(file, chosen, word(position, hash));
    }

    /// The slot of a bucket with the lowest word: an empty one, or else the oldest.
    private long lowest(long bucket) {
      long lowest = bucket;
      for (long at = bucket; at < bucket + BUCKET_SLOTS * Long.BYTES; at += Long.BYTES) {
        if (Long.compareUnsigned(file.get(WORD, at), file.get(WORD, lowest)) < 0) {
          lowest = at;
        }
      }
      return lowest;
    }

    private boolean isOf(long word, long key, long hash) {
      return word != NONE
          && (word & HASH_MASK) == (hash & HASH_MASK)
          && file.get(WORD, recordOffset(word, logBytes)) == key;
    }

    /// Removes an entry, if it is there. When this returns, no [Reader] finds it any more.
    public void remove(long key) {
      long slot = find(key);
      if (slot >= 0) {
        WORDS.setVolatile(file, slot, NONE);
      }
    }

    /// Where the slot of a key is, or -1.
    private long find(long key) {
      long hash = mix(key);
      long bucket = bucketOffset(hash);
      for (long at = bucket; at < bucket + BUCKET_SLOTS * Long.BYTES; at += Long.BYTES) {
        if (isOf(file.get(WORD, at), key, hash)) {
          return at;
        }
      }
      return -1;
    }

    private boolean has(long record, byte[] content) {
      return file.get(LENGTH, record + LENGTH_OFFSET) == content.length
          && file.asSlice(record + HEADER_BYTES, content.length)
                  .mismatch(MemorySegment.ofArray(content))
              < 0;
    }

    /// Tells readers that nothing here is true any more.
    public void close() {
      WORDS.setVolatile(file, CLOSED_OFFSET, 1L);
    }
  }

  /// Looks entries up. Safe for use by several threads. Works on memory that it trusts no further
  /// than that it is there: whatever the writer does, lengths are checked.
  public static final class Reader {
    private final MemorySegment file;
    private final long logBytes;

    /// @param file the writer's; may be read-only
    public Reader(MemorySegment file) {
      this.file = file;
      this.logBytes = file.byteSize() - LOG_OFFSET;
    }

    /// Finds the entry of a key.
    ///
    /// @return a stamp of this very entry, for [#read] and [#stands], or [#NONE]
    public long find(long key) {
      if ((long) WORDS.getVolatile(file, CLOSED_OFFSET) != 0) {
        return NONE;
      }
      long hash = mix(key);
      long bucket = bucketOffset(hash);
      for (long at = bucket; at < bucket + BUCKET_SLOTS * Long.BYTES; at += Long.BYTES) {
        long word = (long) WORDS.getVolatile(file, at);
        if (word != NONE
            && (word & HASH_MASK) == (hash & HASH_MASK)
            && file.get(WORD, recordOffset(word, logBytes)) == key
            && holds(at, word)) {
          return word;
        }
      }
      return NONE;
    }

    private boolean holds(long slotOffset, long word) {
      VarHandle.acquireFence(); // what was read before was read before this
      return (long) WORDS.getVolatile(file, slotOffset) == word;
    }

    /// Copies the content of an entry.
    ///
    /// @return empty if the entry has gone since it was found
    public Optional<byte[]> read(long key, long stamp) {
      long at = recordOffset(stamp, logBytes);
      int length = file.get(LENGTH, at + LENGTH_OFFSET);
      if (length < 0
          || length > MAX_CONTENT_BYTES
          || length > file.byteSize() - at - HEADER_BYTES) {
        return Optional.empty();
      }
      byte[] content = new byte[length];
      MemorySegment.copy(file, ValueLayout.JAVA_BYTE, at + HEADER_BYTES, content, 0, length);
      return stands(key, stamp) ? Optional.of(content) : Optional.empty();
    }

    /// Whether an entry that was found is there still. What this thread has written before is seen
    /// by the writer before the entry can go.
    public boolean stands(long key, long stamp) {
      VarHandle.fullFence();
      if ((long) WORDS.getVolatile(file, CLOSED_OFFSET) != 0) {
        return false;
      }
      long bucket = bucketOffset(mix(key));
      for (long at = bucket; at < bucket + BUCKET_SLOTS * Long.BYTES; at += Long.BYTES) {
        if ((long) WORDS.getVolatile(file, at) == stamp) {
          return true;
        }
      }
      return false;
    }
  }
}
