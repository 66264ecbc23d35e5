package dev.vinery.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;

/// Prints compact JSON into a byte array that grows. Confined to one thread.
///
/// Written by hand for two things that a general generator does not give: unsigned 64-bit numbers,
/// and metadata that is spliced in as the bytes it is stored in. A comma is due exactly when the
/// last byte is neither an opening bracket nor a colon, so there is no other state.
public final class JsonWriter {
  private static final int INITIAL_BYTES = 512;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final VarHandle LENGTH =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// Digits of the largest `long`.
  private static final int MAX_DIGITS = 19;

  /// `00` to `99`: numbers are most of what messages are made of, and half the divisions do.
  private static final byte[] PAIRS = new byte[200];

  static {
    for (int i = 0; i < 100; i++) {
      PAIRS[2 * i] = (byte) ('0' + i / 10);
      PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
    }
  }

  private byte[] buffer = new byte[INITIAL_BYTES];
  private int count;
  private int start;

  /// Makes an empty text.
  public JsonWriter() {}

  /// Forgets what was printed, and the memory of an unusually large text.
  public void reset(int keepBytes) {
    count = 0;
    start = 0;
    if (buffer.length > keepBytes) {
      buffer = new byte[INITIAL_BYTES];
    }
  }

  /// Begins a frame: leaves room for the length that [#endFrame()] fills in.
  public void beginFrame() {
    count = 0;
    room(Frame.HEADER_BYTES);
    count = Frame.HEADER_BYTES;
    start = Frame.HEADER_BYTES;
  }

  public void endFrame() {
    LENGTH.set(buffer, 0, (long) count - Frame.HEADER_BYTES);
  }

  /// Returns the array that holds the first [#sizeBytes()] bytes; valid until the next write.
  public byte[] array() {
    return buffer;
  }

  public int sizeBytes() {
    return count;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, count);
  }

  @Override
  public String toString() {
    return new String(buffer, 0, count, StandardCharsets.UTF_8);
  }

  public JsonWriter beginObject() {
    comma();
    put('{');
    return this;
  }

  public JsonWriter endObject() {
    put('}');
    return this;
  }

  public JsonWriter beginArray() {
    comma();
    put('[');
    return this;
  }

  public JsonWriter endArray() {
    put(']');
    return this;
  }

  public JsonWriter name(String name) {
    comma();
    quoted(name);
    put(':');
    return this;
  }

  public JsonWriter text(String value) {
    comma();
    quoted(value);
    return this;
  }

  public JsonWriter signed(long value) {
    comma();
    if (value < 0) {
      ascii(Long.toString(value));
    } else {
      digits(value);
    }
    return this;
  }

  public JsonWriter unsigned(long bits) {
    comma();
    if (bits < 0) {
      long quotient = Long.divideUnsigned(bits, 10);
      digits(quotient);
      put((char) ('0' + (bits - quotient * 10)));
    } else {
      digits(bits);
    }
    return this;
  }

  public JsonWriter id(ObjectId id) {
    return unsigned(id.value());
  }

  public JsonWriter real(double value) {
    comma();
    ascii(Double.isFinite(value) ? Double.toString(value) : "null");
    return this;
  }

  public JsonWriter flag(boolean value) {
    comma();
    ascii(value ? "true" : "false");
    return this;
  }

  public JsonWriter nothing() {
    comma();
    ascii("null");
    return this;
  }

  /// Splices bytes that are JSON already.
  public JsonWriter raw(byte[] json) {
    comma();
    room(json.length);
    System.arraycopy(json, 0, buffer, count, json.length);
    count += json.length;
    return this;
  }

  public JsonWriter value(Json value) {
    return switch (value) {
      case Json.Text(var text) -> text(text);
      case Json.Whole(var bits, var unsigned) -> unsigned ? unsigned(bits) : signed(bits);
      case Json.Real(var number) -> real(number);
      case Json.Flag(var flag) -> flag(flag);
      case Json.Null _ -> nothing();
      case Json.Items(var items) -> {
        beginArray();
        items.forEach(this::value);
        yield endArray();
      }
      case Json.Fields fields -> {
        beginObject();
        for (Map.Entry<String, Json> field : fields.values().entrySet()) {
          name(field.getKey()).value(field.getValue());
        }
        yield endObject();
      }
    };
  }

  // One line for each shape of field that messages have.

  public JsonWriter field(String name, String value) {
    return name(name).text(value);
  }

  public JsonWriter field(String name, long bits) {
    return name(name).unsigned(bits);
  }

  public JsonWriter field(String name, boolean value) {
    return name(name).flag(value);
  }

  public JsonWriter field(String name, ObjectId id) {
    return name(name).id(id);
  }

  public JsonWriter ids(String name, Collection<ObjectId> ids) {
    name(name).beginArray();
    ids.forEach(this::id);
    return endArray();
  }

  public JsonWriter numbers(String name, Collection<? extends Number> values) {
    name(name).beginArray();
    for (Number value : values) {
      unsigned(value.longValue());
    }
    return endArray();
  }

  public JsonWriter texts(String name, Collection<String> values) {
    name(name).beginArray();
    values.forEach(this::text);
    return endArray();
  }

  private void comma() {
    if (count > start) {
      byte last = buffer[count - 1];
      if (last != '{' && last != '[' && last != ':') {
        put(',');
      }
    }
  }

  private void quoted(String value) {
    int length = value.length();
    room(length + 2);
    byte[] to = buffer;
    int end = count;
    to[end++] = '"';
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
        count = end;
        quotedSlowly(value, i);
        return;
      }
      to[end++] = (byte) c;
    }
    to[end++] = '"';
    count = end;
  }

  /// Continues [#quoted] at the first character that is not plain ASCII.
  private void quotedSlowly(String value, int from) {
    byte[] utf8 = value.substring(from).getBytes(StandardCharsets.UTF_8);
    room(utf8.length + 1); // and more as characters need escapes
    for (byte b : utf8) {
      if (b == '"' || b == '\\') {
        put('\\');
        put((char) b);
      } else if (b >= 0 && b < ' ') {
        ascii("\\u00");
        put((char) HEX[b >> 4]);
        put((char) HEX[b & 15]);
      } else {
        put((char) (b & 0xff));
      }
    }
    put('"');
  }

  private void digits(long value) {
    int length = 1;
    for (long bound = 10; length < MAX_DIGITS && value >= bound; bound *= 10) {
      length++;
    }
    room(length);
    byte[] to = buffer;
    count += length;
    int i = count;
    long rest = value;
    while (rest >= 10) {
      long next = rest / 100;
      int pair = 2 * (int) (rest - next * 100);
      to[--i] = PAIRS[pair + 1];
      to[--i] = PAIRS[pair];
      rest = next;
    }
    if (i > count - length) {
      to[--i] = (byte) ('0' + rest);
    }
  }

  private void ascii(String value) {
    int length = value.length();
    room(length);
    byte[] to = buffer;
    int end = count;
    for (int i = 0; i < length; i++) {
      to[end++] = (byte) value.charAt(i);
    }
    count = end;
  }

  private void put(char c) {
    room(1);
    buffer[count++] = (byte) c;
  }

  private void room(int bytes) {
    if (buffer.length - count < bytes) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, Math.addExact(count, bytes)));
    }
  }
}
