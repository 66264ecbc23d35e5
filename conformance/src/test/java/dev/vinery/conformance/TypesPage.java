package dev.vinery.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// The table of `docs/types.md`: for each value and each way through each daemon, whether it came
/// back equal. Confined to one thread.
final class TypesPage {
  private static final String BEGIN = "<!-- matrix: written by InteropTest -->\n";
  private static final String END = "<!-- end of the matrix -->\n";

  private final SequencedSet<String> ways = new LinkedHashSet<>();
  private final SequencedMap<String, Map<String, String>> results = new LinkedHashMap<>();

  /// @param way for example `Java to Python, our daemon`
  /// @param result one word, or nothing
  void add(String value, String way, String result) {
    ways.add(way);
    results.computeIfAbsent(value, _ -> new LinkedHashMap<>()).put(way, result);
  }

  String table() {
    var table = new StringBuilder("| value |");
    ways.forEach(way -> table.append(' ').append(way).append(" |"));
    table.append("\n|---|").append("---|".repeat(ways.size())).append('\n');
    results.forEach((value, cells) -> {
      table.append("| ").append(value).append(" |");
      ways.forEach(way -> table.append(' ').append(cells.getOrDefault(way, "")).append(" |"));
      table.append('\n');
    });
    return table.toString();
  }

  /// Replaces the table in a page.
  void writeInto(Path page) throws IOException {
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    if (begin < BEGIN.length() || end < begin) {
      throw new IOException(page + " has no place for the table");
    }
    Files.writeString(page, text.substring(0, begin) + table() + text.substring(end));
  }
}
