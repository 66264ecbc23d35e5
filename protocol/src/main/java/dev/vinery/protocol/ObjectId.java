package dev.vinery.protocol;

import java.util.HexFormat;

/// The name of an object or a blob: 64 bits, of which the highest tells a blob.
///
/// A number in protocol fields, `o` and 16 hexadecimal digits in metadata. Ids order as unsigned
/// numbers, which is also the order of their texts. Immutable.
///
/// @param value all 64 bits
public record ObjectId(long value) implements Comparable<ObjectId> {
  /// The blob of length zero: always there, never stored, never deleted.
  public static final ObjectId EMPTY_BLOB = new ObjectId(Long.MIN_VALUE);

  /// No object. Clients ask for it only to make a daemon catch up with its peers.
  public static final ObjectId INVALID = new ObjectId(-1L);

  private static final long BLOB_BIT = Long.MIN_VALUE;
  private static final HexFormat HEX = HexFormat.of();

  /// Reads the text form as upstream does: the first character is skipped, whatever it is, and the
  /// hexadecimal digits that follow count, up to the first other character. A number beyond 64 bits
  /// is [#INVALID].
  public static ObjectId parse(String text) {
    long value = 0;
    for (int i = 1; i < text.length() && HexFormat.isHexDigit(text.charAt(i)); i++) {
      if (value >>> 60 != 0) {
        return INVALID;
      }
      value = value << 4 | HexFormat.fromHexDigit(text.charAt(i));
    }
    return new ObjectId(value);
  }

  /// Whether `text` is exactly an object id as daemons print it.
  public static boolean isText(String text) {
    return text.length() == 17 && text.charAt(0) == 'o' && parse(text).toString().equals(text);
  }

  public boolean isBlob() {
    return (value & BLOB_BIT) != 0;
  }

  @Override
  public int compareTo(ObjectId other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return "o" + HEX.toHexDigits(value);
  }
}
