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
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// [DataFrame] as `vineyard::DataFrame`: names of columns in the metadata, each column a tensor,
/// the index an object of its own.
///
/// Entries are found by their key, because C++ writes them in another order than the names.
final class DataFrameCodec {
  private static final String TYPE_NAME = "vineyard::DataFrame";
  private static final String KEY = "__values_-key-";
  private static final String VALUE = "__values_-value-";
  private static final String COUNT = "__values_-size";
  private static final String INDEX = "index_";

  /// Columns of one frame.
  private static final long MAX_COLUMNS = 1 << 20;

  private DataFrameCodec() {}

  /// Data frames.
  public static final class ToObject implements Builder<DataFrame> {
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
              .put("partition_index_row_", -1)
              .put("partition_index_column_", -1)
              .put("row_batch_index_", 0)
              .member(INDEX, index(value, drafts));
      int i = 0;
      for (Column column : value.columns().values()) {
        draft.putStructured(KEY + i, names.get(i));
        draft.member(VALUE + i, drafts.apply(column));
        i++;
      }
      return draft.build();
    }

    private static Draft index(DataFrame value, Function<Object, Draft> drafts) {
      Column labels =
          value.index().orElseGet(() -> Tensor.of(LongStream.range(0, value.rowCount()).toArray()));
      return Draft.object("vineyard::Index")
          .putStructured("name", Json.Null.NULL)
          .put("value_type_", labels instanceof Strings ? "object" : labels.elementName())
          .put(Metadata.SIZE_BYTES, 0)
          .member("value_", drafts.apply(labels))
          .build();
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
      var columns = new LinkedHashMap<String, Column>();
      List<Json> names = new ArrayList<>();
      @Nullable Column index = null;
      boolean resolved = false;
      try {
        long count = Layouts.count(object, COUNT, MAX_COLUMNS);
        for (long i = 0; i < count; i++) {
          Json stored = object.metadata().structured(KEY + i);
          String name = stored instanceof Json.Text(var text) ? text : JsonText.print(stored);
          if (name.equals(INDEX)) {
            continue; // C++ keeps the index among the columns
          }
          names.add(stored);
          if (!(object.member(VALUE + i).value() instanceof Column column)
              || columns.putIfAbsent(name, column) != null) {
            return object;
          }
        }
        index = labels(object);
        var frame = new DataFrame(columns, names, index);
        object.close();
        resolved = true;
        return frame;
      } catch (IllegalArgumentException e) {
        throw Layouts.wrong(object, String.valueOf(e.getMessage()));
      } finally {
        if (!resolved) {
          columns.values().forEach(Column::close);
          if (index != null) {
            index.close();
          }
        }
      }
    }

    /// @return null for the numbers from 0 up, of a frame with columns
    private static @Nullable Column labels(VineryObject object) {
      return object.findMember(INDEX).map(VineryObject::value).orElse(null) instanceof Column labels
          ? labels
          : null;
    }
  }

  /// The values of a pandas index, as a column.
  public static final class FromIndex implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::Index";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return valueOf(object);
    }
  }

  /// The values of a pandas series, as a column.
  public static final class FromSeries implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::Series";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return valueOf(object);
    }
  }

  private static Object valueOf(VineryObject object) {
    if (object.member("value_").value() instanceof Column column) {
      object.close();
      return column;
    }
    return object;
  }
}
