package dev.vinery.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/// What the codec promises of any bytes: a message or a [ProtocolException], nothing else; and that
/// a message can be printed as JSON in UTF-8 and be read from that again.
final class AnyBytes {
  private static final int MAX_REFUSAL_BYTES = 1_000;

  private AnyBytes() {}

  /// Returns whether the bytes are a request.
  static boolean readAsRequest(byte[] body) {
    Request request;
    try {
      request = Codec.readRequest(body, 0, body.length);
    } catch (ProtocolException refused) {
      checkRefusal(refused);
      return false;
    }
    byte[] printed = print(request);
    check(Codec.readRequest(printed, 0, printed.length).equals(request), printed);
    return true;
  }

  /// Returns whether the bytes are a reply.
  static boolean readAsReply(byte[] body) {
    Reply reply;
    try {
      reply = Codec.readReply(body, 0, body.length);
    } catch (ProtocolException refused) {
      checkRefusal(refused);
      return false;
    }
    byte[] printed = print(reply);
    Reply again = Codec.readReply(printed, 0, printed.length);
    // Printing sorts the keys of descriptors, so only what was printed once is read back equal.
    byte[] printedAgain = print(again);
    check(Codec.readReply(printedAgain, 0, printedAgain.length).equals(again), printed);
    return true;
  }

  /// Returns whether the bytes are a JSON text.
  static boolean readAsText(byte[] text) {
    Json tree;
    try {
      tree = JsonText.parse(text);
    } catch (ProtocolException refused) {
      checkRefusal(refused);
      return false;
    }
    byte[] printed = new JsonWriter().value(tree).toByteArray();
    checkUtf8(printed);
    check(JsonText.parse(printed).equals(tree), printed);
    return true;
  }

  private static byte[] print(Request request) {
    var out = new JsonWriter();
    Codec.write(request, out);
    return checkUtf8(out.toByteArray());
  }

  private static byte[] print(Reply reply) {
    var out = new JsonWriter();
    Codec.write(reply, out);
    return checkUtf8(out.toByteArray());
  }

  /// A refusal goes back to the peer, so it must be printable, too, and not large.
  private static void checkRefusal(ProtocolException refused) {
    byte[] printed = print(new Reply.Failed(refused.status(), refused.detail()));
    check(printed.length < MAX_REFUSAL_BYTES, printed);
  }

  /// Without AssertJ, which takes longer than what is tested.
  private static void check(boolean holds, byte[] printed) {
    if (!holds) {
      throw new AssertionError("broken by what prints as " + new String(printed, UTF_8));
    }
  }

  private static byte[] checkUtf8(byte[] printed) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(printed));
      return printed;
    } catch (CharacterCodingException e) {
      throw new AssertionError("printed what is not UTF-8", e);
    }
  }
}
