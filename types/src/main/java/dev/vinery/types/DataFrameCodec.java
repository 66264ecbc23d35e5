package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// [DataFrame] as `vineyard::DataFrame`: names of columns in the metadata, each column a tensor,
/// the index an object of its own.
///
/// Entries are found by their key, because C++ writes them in another order than the names.
final class DataFrameCodec {
  static final String ROW_PARTITION = "partition_index_row_";
  static final String COLUMN_PARTITION = "partition_index_column_";

  private static final String TYPE_NAME = "vineyard::DataFrame";
  private static final String KEY = "__values_-key-";
  private static final String VALUE = "__values_-value-";
  private static final String COUNT = "__values_-size";
  private static final String INDEX = "index_";

  /// Columns of one frame.
  private static final long MAX_COLUMNS = 1 << 20;

  private DataFrameCodec() {}

  /// Data frames.
  public static final class OfFrame implements Builder<DataFrame> {
    @Override
    public Class<DataFrame> type() {
      return DataFrame.class;
    }

    @Override
    public Draft draft(DataFrame value, Function<Object, Draft> drafts) {
      List<Json> names = value.names();
      var draft =
          Draft.object(TYPE_NAME)
              .putStructured("columns_", new Json.Items(names))
              .put(COUNT, names.size())
              .put(Metadata.SIZE_BYTES, 0)
              .put(ROW_PARTITION, -1)
              .put(COLUMN_PARTITION, -1)
              .put("row_batch_index_", 0)
              .member(INDEX, drafts.apply(value.storedIndex()));
      int i = 0;
      for (Column column : value.columns().values()) {
        draft.putStructured(KEY + i, names.get(i));
        draft.member(VALUE + i, column(column, drafts));
        i++;
      }
      return draft.build();
    }

    /// pandas takes times from its own arrays only, and these can only be pickled.
    private static Draft column(Column column, Function<Object, Draft> drafts) {
      boolean times =
          column instanceof ZonedTimes
              || (column instanceof Tensor tensor && tensor.elementType().isTime());
      return times ? Pickle.draft(column) : drafts.apply(column);
    }
  }

  /// A [DataFrame]; the object itself if it has a column of a kind that a frame does not have.
  public static final class FromObject implements Resolver {
    @Override
    public String typeNamePrefix() {
      return TYPE_NAME;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return Layouts.guarded(
          object,
          () -> {
            try (var parts = new Parts()) {
              Optional<DataFrame> frame = frame(object, parts);
              parts.keepIf(frame.isPresent());
              frame.ifPresent(_ -> object.close());
              return frame.<Object>map(each -> each).orElse(object);
            }
          });
    }

    private static Optional<DataFrame> frame(VineryObject object, Parts parts) {
      var columns = new LinkedHashMap<String, Column>();
      List<Json> names = new ArrayList<>();
      long count = Layouts.count(object, COUNT, MAX_COLUMNS);
      for (long i = 0; i < count; i++) {
        Json stored = Layouts.structured(object, KEY + i);
        String name = stored instanceof Json.Text(var text) ? text : JsonText.print(stored);
        if (name.equals(INDEX)) {
          continue; // C++ keeps the index among the columns
        }
        names.add(stored);
        if (!(parts.add(object.member(VALUE + i).value()) instanceof Column column)
            || columns.putIfAbsent(name, column) != null) {
          return Optional.empty();
        }
      }
      Optional<VineryObject> index = object.findMember(INDEX);
      if (index.isEmpty()) {
        return Optional.of(new DataFrame(columns, names, null));
      }
      return parts.add(index.get().value()) instanceof Index labels
          ? Optional.of(new DataFrame(columns, names, labels))
          : Optional.empty();
    }
  }
}
