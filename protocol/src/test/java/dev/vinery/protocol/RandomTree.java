package dev.vinery.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;

/// Makes JSON trees that are the same for the same seed, with a liking for edges.
final class RandomTree {
  private static final long[] EDGES = {
    0, 1, -1, 9, 10, 99, 100, Integer.MAX_VALUE, 1L << 53, Long.MAX_VALUE, Long.MIN_VALUE
  };
  private static final String[] PIECES = {
    "a", "Z", " ", "\"", "\\", "/", "\n", "\u0000", "\u001f", "\u007f", "é", "\u2028", "日", "🙂",
    "{", "[", ":", ","
  };

  private final SplittableRandom random;

  RandomTree(long seed) {
    random = new SplittableRandom(seed);
  }

  Json next(int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 7)) {
      case 0 -> Json.Null.NULL;
      case 1 -> new Json.Flag(random.nextBoolean());
      case 2 -> Json.Whole.signed(whole());
      case 3 -> Json.Whole.unsigned(whole());
      case 4 -> new Json.Real(real());
      case 5, 6 -> new Json.Text(text());
      case 7 -> {
        List<Json> items = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
          items.add(next(depth - 1));
        }
        yield new Json.Items(items);
      }
      default -> {
        var fields = new LinkedHashMap<String, Json>();
        for (int i = random.nextInt(6); i > 0; i--) {
          fields.put(text(), next(depth - 1));
        }
        yield Json.Fields.of(fields);
      }
    };
  }

  private long whole() {
    return random.nextBoolean()
        ? EDGES[random.nextInt(EDGES.length)]
        : random.nextLong() >> random.nextInt(64);
  }

  private double real() {
    double value = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(value) ? value : 0.25;
  }

  private String text() {
    var text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }
}
