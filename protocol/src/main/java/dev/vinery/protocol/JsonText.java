package dev.vinery.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Reads and prints [Json]. Every text that is read can be printed again as valid UTF-8.
public final class JsonText {
  /// Levels of objects and arrays in one text.
  public static final int MAX_NESTING = 1_000;

  /// Characters of one number.
  private static final int MAX_NUMBER_CHARS = 1_000;

  /// Digits of a whole number that surely fit a signed `long`.
  private static final int LONG_DIGITS = 18;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxNumberLength(MAX_NUMBER_CHARS)
                  .maxStringLength(Frame.MAX_REQUEST_BYTES)
                  .maxNameLength(Frame.MAX_REQUEST_BYTES)
                  .build())
          .build();

  private JsonText() {}

  /// Reads one JSON text.
  ///
  /// @throws ProtocolException if the bytes are not one JSON text in UTF-8, or pass a limit
  public static Json parse(byte[] utf8, int offset, int length) {
    try (JsonParser parser = FACTORY.createParser(utf8, offset, length)) {
      if (parser.nextToken() == null) {
        throw new ProtocolException("the message is empty");
      }
      Json value = value(parser);
      if (parser.nextToken() != null) {
        throw new ProtocolException("the message goes on after its end");
      }
      return value;
    } catch (StreamConstraintsException e) {
      throw new ProtocolException("the message passes a limit: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new ProtocolException("the message is not JSON in UTF-8");
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

  private static Json value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> fields(parser);
      case START_ARRAY -> items(parser);
      case VALUE_STRING -> new Json.Text(wellFormed(parser.getText()));
      case VALUE_NUMBER_INT -> whole(parser);
      case VALUE_NUMBER_FLOAT -> real(parser);
      case VALUE_TRUE -> new Json.Flag(true);
      case VALUE_FALSE -> new Json.Flag(false);
      case VALUE_NULL -> Json.Null.NULL;
      default -> throw new ProtocolException("the message is not JSON");
    };
  }

  private static Json.Fields fields(JsonParser parser) throws IOException {
    var fields = new LinkedHashMap<String, Json>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = wellFormed(parser.currentName());
      parser.nextToken();
      fields.put(name, value(parser));
    }
    return Json.Fields.owning(fields);
  }

  private static Json.Items items(JsonParser parser) throws IOException {
    List<Json> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser));
    }
    return new Json.Items(items);
  }

  private static Json whole(JsonParser parser) throws IOException {
    if (parser.getTextLength() <= LONG_DIGITS) {
      return Json.Whole.signed(parser.getLongValue());
    }
    String digits = parser.getText();
    try {
      return digits.charAt(0) == '-'
          ? Json.Whole.signed(Long.parseLong(digits))
          : Json.Whole.unsigned(Long.parseUnsignedLong(digits));
    } catch (NumberFormatException beyond64Bits) {
      return real(parser);
    }
  }

  private static Json real(JsonParser parser) throws IOException {
    double value = Double.parseDouble(parser.getText());
    if (!Double.isFinite(value)) {
      throw new ProtocolException("the message holds a number beyond 64-bit floating point");
    }
    return new Json.Real(value);
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
