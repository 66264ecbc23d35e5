package dev.vinery.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// The JSON text of a reply, of which a load needs a number or two. They are looked for and not
/// parsed: the client under a load should cost little and allocate nothing. Confined to one thread.
final class ReplyText {
  private static final int INITIAL_BYTES = 4 << 10;

  private byte[] text = new byte[INITIAL_BYTES];
  private int length;

  /// Takes a copy of the first bytes of a buffer.
  void set(MemorySegment buffer, int length) {
    if (length > text.length) {
      text = new byte[2 * length];
    }
    MemorySegment.copy(buffer, JAVA_BYTE, 0, text, 0, length);
    this.length = length;
  }

  /// Fails unless the reply is what was asked for.
  ReplyText expect(String typeField) {
    if (indexOf(typeField, 0) < 0) {
      throw new IllegalStateException("wanted " + typeField + " and got " + this);
    }
    return this;
  }

  boolean contains(String part) {
    return indexOf(part, 0) >= 0;
  }

  /// The number behind the first occurrence of a key.
  ///
  /// @param key with quotes and colon, such as `"id":`
  long number(String key) {
    return number(after(key, 0));
  }

  /// The number behind the first occurrence of a key that stands behind a mark.
  long number(String mark, String key) {
    return number(after(key, after(mark, 0)));
  }

  /// The id that is printed as text behind the first occurrence of a key behind a mark.
  ///
  /// @param key with the quotes and the `o` in which the id is wrapped, such as `"id":"o`
  long id(String mark, String key) {
    int start = after(key, after(mark, 0));
    long id = 0;
    for (int i = start; i < length && Character.digit(text[i], 16) >= 0; i++) {
      id = id << 4 | Character.digit(text[i], 16);
    }
    return id;
  }

  /// How often a part occurs.
  int count(String part) {
    int count = 0;
    for (int at = indexOf(part, 0); at >= 0; at = indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  private long number(int start) {
    int at = start;
    boolean negative = at < length && text[at] == '-';
    if (negative) {
      at++;
    }
    long value = 0;
    while (at < length && text[at] >= '0' && text[at] <= '9') {
      value = value * 10 + (text[at] - '0');
      at++;
    }
    return negative ? -value : value;
  }

  private int after(String part, int from) {
    int at = indexOf(part, from);
    if (at < 0) {
      throw new IllegalStateException("no " + part + " in " + this);
    }
    return at + part.length();
  }

  private int indexOf(String part, int from) {
    char first = part.charAt(0);
    for (int at = from; at <= length - part.length(); at++) {
      if (text[at] == first && startsWith(part, at)) {
        return at;
      }
    }
    return -1;
  }

  private boolean startsWith(String part, int at) {
    for (int i = 1; i < part.length(); i++) {
      if (text[at + i] != part.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }
}
