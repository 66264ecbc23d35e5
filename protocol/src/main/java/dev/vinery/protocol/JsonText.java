package dev.vinery.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Reads and prints [Json]. Every text that is read can be printed again as valid UTF-8.
public final class JsonText {
  /// Levels of objects and arrays in one text.
  public static final int MAX_NESTING = 1_000;

  /// Values in one request, arrays and objects among them. Some 100 bytes of memory each.
  public static final int MAX_REQUEST_VALUES = 16 << 20;

  /// Characters of one number.
  public static final int MAX_NUMBER_CHARS = 1_000;

  /// Digits of a whole number that surely fit a signed `long`.
  private static final int LONG_DIGITS = 18;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names are the peer's, without number
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  // What is longer or deeper than we allow is refused below, in our own words;
                  // the length of strings is bounded by that of frames.
                  .maxNestingDepth(MAX_NESTING + 1)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// The highest bit of each of eight bytes, which ASCII leaves clear.
  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  private JsonText() {}

  /// Reads one JSON text.
  ///
  /// @throws ProtocolException if the bytes are not one JSON text in UTF-8, or pass a limit
  public static Json parse(byte[] utf8, int offset, int length) {
    return parse(utf8, offset, length, Integer.MAX_VALUE);
  }

  /// Reads one JSON text of at most so many values.
  static Json parse(byte[] utf8, int offset, int length, int maxValues) {
    requireUtf8(utf8, offset, length);
    try (JsonParser parser = FACTORY.createParser(utf8, offset, length)) {
      return new Reading(parser, maxValues).text();
    } catch (StreamConstraintsException e) {
      throw new ProtocolException("the message passes a limit of the JSON reader");
    } catch (JsonProcessingException e) {
      throw new ProtocolException("the message is not JSON" + place(e));
    } catch (IOException e) {
      throw new ProtocolException("the message is not JSON");
    }
  }

  public static Json parse(byte[] utf8) {
    return parse(utf8, 0, utf8.length);
  }

  /// Reads JSON that stands as text in a metadata field.
  public static Json parse(String text) {
    return parse(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Prints compactly, fields in their order.
  public static String print(Json value) {
    var out = new JsonWriter();
    out.value(value);
    return out.toString();
  }

  /// Refuses what the parser would let pass: characters in more bytes than they need, and others
  /// that have no place in UTF-8.
  private static void requireUtf8(byte[] text, int offset, int length) {
    int ascii = asciiPrefix(text, offset, length);
    if (ascii == length) {
      return;
    }
    ByteBuffer rest = ByteBuffer.wrap(text, offset + ascii, length - ascii);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer scratch = CharBuffer.allocate(Math.min(rest.remaining(), 4096));
    CoderResult result;
    do {
      result = decoder.decode(rest, scratch.clear(), true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw new ProtocolException(
          "the message is not UTF-8 from byte " + (rest.position() - offset) + " on");
    }
  }

  private static int asciiPrefix(byte[] text, int offset, int length) {
    int count = 0;
    while (count + Long.BYTES <= length
        && ((long) EIGHT_BYTES.get(text, offset + count) & NOT_ASCII) == 0) {
      count += Long.BYTES;
    }
    while (count < length && text[offset + count] >= 0) {
      count++;
    }
    return count;
  }

  private static String place(JsonProcessingException e) {
    var location = e.getLocation();
    return location == null ? "" : " from byte " + location.getByteOffset() + " on";
  }

  /// One pass over one text. Confined to one thread.
  private static final class Reading {
    private final JsonParser parser;
    private final int maxValues;
    private int values;

    Reading(JsonParser parser, int maxValues) {
      this.parser = parser;
      this.maxValues = maxValues;
    }

    Json text() throws IOException {
      if (parser.nextToken() == null) {
        throw new ProtocolException("the message is empty");
      }
      Json value = value(0);
      if (parser.nextToken() != null) {
        throw new ProtocolException("the message goes on after its end");
      }
      return value;
    }

    private Json value(int level) throws IOException {
      if (++values > maxValues) {
        throw new ProtocolException("the message holds more than " + maxValues + " values");
      }
      return switch (parser.currentToken()) {
        case START_OBJECT -> fields(deeper(level));
        case START_ARRAY -> items(deeper(level));
        case VALUE_STRING -> new Json.Text(wellFormed(parser.getText()));
        case VALUE_NUMBER_INT -> whole();
        case VALUE_NUMBER_FLOAT -> real();
        case VALUE_TRUE -> new Json.Flag(true);
        case VALUE_FALSE -> new Json.Flag(false);
        case VALUE_NULL -> Json.Null.NULL;
        default -> throw new ProtocolException("the message is not JSON");
      };
    }

    private static int deeper(int level) {
      if (level == MAX_NESTING) {
        throw new ProtocolException("the message is nested more than " + MAX_NESTING + " deep");
      }
      return level + 1;
    }

    private Json.Fields fields(int level) throws IOException {
      var fields = new LinkedHashMap<String, Json>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = wellFormed(parser.currentName());
        parser.nextToken();
        fields.put(name, value(level));
      }
      return Json.Fields.owning(fields);
    }

    private Json.Items items(int level) throws IOException {
      List<Json> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(value(level));
      }
      return new Json.Items(items);
    }

    private Json whole() throws IOException {
      if (parser.getTextLength() <= LONG_DIGITS) {
        return Json.Whole.signed(parser.getLongValue());
      }
      String digits = number();
      try {
        return digits.charAt(0) == '-'
            ? Json.Whole.signed(Long.parseLong(digits))
            : Json.Whole.unsigned(Long.parseUnsignedLong(digits));
      } catch (NumberFormatException beyond64Bits) {
        return real();
      }
    }

    private Json real() throws IOException {
      double value = Double.parseDouble(number());
      if (!Double.isFinite(value)) {
        throw new ProtocolException("the message holds a number beyond 64-bit floating point");
      }
      return new Json.Real(value);
    }

    private String number() throws IOException {
      if (parser.getTextLength() > MAX_NUMBER_CHARS) {
        throw new ProtocolException(
            "the message holds a number of more than " + MAX_NUMBER_CHARS + " characters");
      }
      return parser.getText();
    }

    /// Refuses half of a surrogate pair, which has no UTF-8 form and would spoil a later reply.
    private static String wellFormed(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (Character.isSurrogate(c)) {
          if (Character.isLowSurrogate(c)
              || i + 1 == text.length()
              || !Character.isLowSurrogate(text.charAt(i + 1))) {
            throw new ProtocolException("the message holds half of a surrogate pair");
          }
          i++;
        }
      }
      return text;
    }
  }
}
