package dev.vinery.arrow;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/// Tables and elements as people read them.
public final class ArrowText {
  static final long DEFAULT_ROWS = 20;

  /// Characters of one cell; what is longer is cut.
  private static final int MAX_CELL_CHARS = 40;

  private static final String CUT = "…";

  private ArrowText() {}

  /// An element as text on one line; `null` if it is missing.
  public static String element(FieldVector vector, int index) {
    return text(ArrowValues.value(vector, index));
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case byte[] bytes -> HexFormat.of().formatHex(bytes);
      case List<?> list -> list.stream().map(ArrowText::text).toList().toString();
      default -> value.toString();
    };
  }

  /// The type of a field in Python's words, for example `large_list<int64>`.
  public static String type(Field field) {
    return switch (field.getType()) {
      case ArrowType.Null _ -> "null";
      case ArrowType.Bool _ -> "bool";
      case ArrowType.Utf8 _ -> "string";
      case ArrowType.LargeUtf8 _ -> "large_string";
      case ArrowType.Binary _ -> "binary";
      case ArrowType.LargeBinary _ -> "large_binary";
      case ArrowType.FixedSizeBinary binary -> "binary[" + binary.getByteWidth() + "]";
      case ArrowType.List _ -> "list<" + values(field) + ">";
      case ArrowType.LargeList _ -> "large_list<" + values(field) + ">";
      case ArrowType.FixedSizeList list ->
          "list<" + values(field) + ">[" + list.getListSize() + "]";
      case ArrowType.FloatingPoint real ->
          switch (real.getPrecision()) {
            case HALF -> "halffloat";
            case SINGLE -> "float";
            case DOUBLE -> "double";
          };
      case ArrowType.Date _ ->
          ArrayKind.nameOf(field.getType()).orElse("").replace("datetime64[D]", "date32[day]");
      case ArrowType other ->
          ArrayKind.nameOf(other)
              .map(name ->
                  name.replace("datetime64", "timestamp").replace("timedelta64", "duration"))
              .orElse(other.toString());
    };
  }

  private static String values(Field list) {
    return list.getChildren().stream().map(ArrowText::type).findFirst().orElse("");
  }

  static String print(ArrowTable table, long maxRows) {
    List<Field> fields = table.schema().getFields();
    List<List<String>> lines = new ArrayList<>();
    lines.add(fields.stream().map(field -> cut(field.getName())).toList());
    lines.add(fields.stream().map(ArrowText::type).toList());
    for (VectorSchemaRoot batch : table.batches()) {
      for (int row = 0; row < batch.getRowCount() && lines.size() - 2 < maxRows; row++) {
        List<String> line = new ArrayList<>();
        for (FieldVector column : batch.getFieldVectors()) {
          line.add(cut(element(column, row)));
        }
        lines.add(line);
      }
    }
    int shown = lines.size() - 2;
    var out = new StringBuilder();
    for (List<String> line : lines) {
      out.append(pad(line, lines).stripTrailing()).append('\n');
    }
    out.append("[%d rows x %d columns".formatted(table.rowCount(), fields.size()));
    return out.append(shown < table.rowCount() ? ", the first " + shown + " shown]" : "]")
        .toString();
  }

  private static String pad(List<String> line, List<List<String>> lines) {
    var text = new StringBuilder();
    for (int i = 0; i < line.size(); i++) {
      int column = i;
      int width = lines.stream().mapToInt(each -> width(each.get(column))).max().orElse(0);
      text.append(line.get(i)).append(" ".repeat(width - width(line.get(i)) + 2));
    }
    return text.toString();
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  /// Keeps one cell on one line.
  private static String cut(String text) {
    String line = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    return width(line) <= MAX_CELL_CHARS
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MAX_CELL_CHARS - 1)) + CUT;
  }
}
