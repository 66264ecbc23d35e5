package dev.vinery.arrow;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/// Schemas that were decoded before, by the text that they were decoded from. Decoding one takes
/// longer than all else in a get of a small table, and the same text is always the same schema,
/// whichever objects have it, now or after these are deleted. Safe for use by several threads.
final class KnownSchemas {
  /// Schemas that are kept; when there are more, all are forgotten.
  private static final int MAX_SCHEMAS = 256;

  /// Characters of a text that is kept.
  private static final int MAX_TEXT_CHARS = 64 << 10;

  private final Map<String, Schema> byText = new ConcurrentHashMap<>();

  @Nullable Schema find(String text) {
    return byText.get(text);
  }

  void remember(String text, Schema schema) {
    if (text.length() > MAX_TEXT_CHARS) {
      return;
    }
    if (byText.size() >= MAX_SCHEMAS) {
      byText.clear();
    }
    byText.put(text, schema);
  }
}
