package dev.vinery.cli;

import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.types.DataFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What a reader of the demonstration found, so that two readers can be compared. Immutable.
///
/// @param rows how many
/// @param columns names in order
/// @param means of the columns [#MEASURED], by [#GROUP]
record DemoFigures(long rows, List<String> columns, NavigableMap<String, List<Double>> means) {
  static final String GROUP = "species";

  static final List<String> MEASURED =
      List.of("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g");

  /// How far two means may be apart, as a share: the sums are taken in different orders.
  private static final double TOLERANCE = 1e-9;

  DemoFigures {
    columns = List.copyOf(columns);
    means = new TreeMap<>(means);
  }

  static DemoFigures of(DataFrame frame) {
    return new DemoFigures(
        frame.rowCount(), frame.columnNames(), GroupMeans.of(frame, GROUP, MEASURED).means());
  }

  /// Whether another reader found the same.
  boolean agreesWith(DemoFigures other) {
    return rows == other.rows
        && columns.equals(other.columns)
        && means.keySet().equals(other.means.keySet())
        && means.entrySet().stream()
            .allMatch(group ->
                agree(group.getValue(), other.means.getOrDefault(group.getKey(), List.of())));
  }

  private static boolean agree(List<Double> some, List<Double> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      double difference = Math.abs(some.get(i) - others.get(i));
      if (!(difference <= TOLERANCE * Math.abs(some.get(i)))) {
        return false;
      }
    }
    return true;
  }

  void write(Path file) throws IOException {
    var groups = new LinkedHashMap<String, Json>();
    means.forEach((group, values) -> groups.put(group, items(values)));
    var fields = new LinkedHashMap<String, Json>();
    fields.put("rows", Json.Whole.signed(rows));
    fields.put(
        "columns",
        new Json.Items(columns.stream().map(Json.Text::new).map(Json.class::cast).toList()));
    fields.put("means", Json.Fields.of(groups));
    Files.writeString(file, JsonText.print(Json.Fields.of(fields)));
  }

  private static Json items(List<Double> values) {
    return new Json.Items(values.stream().map(Json.Real::new).map(Json.class::cast).toList());
  }

  /// @throws dev.vinery.protocol.ProtocolException if the file holds something else
  static DemoFigures read(Path file) throws IOException {
    var fields = (Json.Fields) JsonText.parse(Files.readString(file));
    var means = new TreeMap<String, List<Double>>();
    for (Map.Entry<String, Json> group : fields.fields("means").values().entrySet()) {
      means.put(group.getKey(), numbers((Json.Items) group.getValue()));
    }
    return new DemoFigures(fields.whole("rows"), fields.texts("columns"), means);
  }

  private static List<Double> numbers(Json.Items items) {
    return items.values().stream()
        .map(item ->
            switch (item) {
              case Json.Real(var value) -> value;
              case Json.Whole(var bits, _) -> (double) bits;
              default -> Double.NaN;
            })
        .toList();
  }
}
