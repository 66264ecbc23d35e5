package dev.vinery.cli;

import dev.vinery.types.DataFrame;
import dev.vinery.types.Strings;
import dev.vinery.types.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Means of some columns of a table, for each group of rows with the same text in another column.
/// What is missing is left out: a row whose group is not known, and a value that is not there.
/// Immutable.
///
/// @param columns of numbers
/// @param means for each group one for each column; not-a-number where there was no value
record GroupMeans(List<String> columns, NavigableMap<String, List<Double>> means) {
  GroupMeans {
    columns = List.copyOf(columns);
    means = new TreeMap<>(means);
  }

  /// @throws java.util.NoSuchElementException if a column is not there, or of the wrong kind
  static GroupMeans of(DataFrame frame, String groupColumn, List<String> columns) {
    Strings groups = frame.strings(groupColumn);
    var sums = new TreeMap<String, Sums>();
    for (int i = 0; i < columns.size(); i++) {
      Tensor values = frame.tensor(columns.get(i));
      for (long row = 0; row < frame.rowCount(); row++) {
        if (!groups.isMissing(row)) {
          sums.computeIfAbsent(groups.get(row).orElseThrow(), _ -> new Sums(columns.size()))
              .add(i, values, row);
        }
      }
    }
    var means = new TreeMap<String, List<Double>>();
    sums.forEach((group, sum) -> means.put(group, sum.means()));
    return new GroupMeans(columns, means);
  }

  /// What one group adds up to.
  private static final class Sums {
    private final double[] sum;
    private final long[] count;

    Sums(int columns) {
      sum = new double[columns];
      count = new long[columns];
    }

    void add(int column, Tensor values, long row) {
      if (!values.isMissing(row)) {
        sum[column] += values.getDouble(row);
        count[column]++;
      }
    }

    List<Double> means() {
      List<Double> means = new ArrayList<>();
      for (int i = 0; i < sum.length; i++) {
        means.add(sum[i] / count[i]);
      }
      return means;
    }
  }
}
