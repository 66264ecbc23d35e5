package dev.vinery.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Short cuts between messages and texts, and the closed sets that messages belong to.
final class Messages {
  private Messages() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Request request(String text) {
    byte[] body = bytes(text);
    return Codec.readRequest(body, 0, body.length);
  }

  static Request request(Json tree) {
    return request(JsonText.print(tree));
  }

  static Reply reply(String text) {
    byte[] body = bytes(text);
    return Codec.readReply(body, 0, body.length);
  }

  static Reply reply(Json tree) {
    return reply(JsonText.print(tree));
  }

  static String text(Request request) {
    var out = new JsonWriter();
    Codec.write(request, out);
    return out.toString();
  }

  static String text(Reply reply) {
    var out = new JsonWriter();
    Codec.write(reply, out);
    return out.toString();
  }

  static Json.Fields tree(Request request) {
    return (Json.Fields) JsonText.parse(text(request));
  }

  static Json.Fields tree(Reply reply) {
    return (Json.Fields) JsonText.parse(text(reply));
  }

  /// Every record and enum under a sealed interface.
  static List<Class<?>> kindsOf(Class<?> sealed) {
    List<Class<?>> kinds = new ArrayList<>();
    for (Class<?> permitted : sealed.getPermittedSubclasses()) {
      if (permitted.isInterface()) {
        kinds.addAll(kindsOf(permitted));
      } else {
        kinds.add(permitted);
      }
    }
    return kinds;
  }
}
