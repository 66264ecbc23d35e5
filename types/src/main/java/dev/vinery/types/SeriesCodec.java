package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// [Index] and [Series] as `vineyard::Index` and `vineyard::Series`: a name in the metadata, and a
/// tensor of values.
final class SeriesCodec {
  private static final String NAME = "name";
  private static final String VALUE = "value_";
  private static final String TYPE = "value_type_";
  private static final String INDEX = "index_";

  private SeriesCodec() {}

  /// Indices.
  public static final class OfIndex implements Builder<Index> {
    @Override
    public Class<Index> type() {
      return Index.class;
    }

    @Override
    public Draft draft(Index value, Function<Object, Draft> drafts) {
      Column labels = value.labels();
      return Draft.object("vineyard::Index")
          .putStructured(NAME, value.storedName())
          .put(TYPE, labels instanceof Strings ? "object" : labels.elementName())
          .put(Metadata.SIZE_BYTES, 0)
          .member(VALUE, drafts.apply(stored(labels)))
          .build();
    }
  }

  /// Series.
  public static final class OfSeries implements Builder<Series> {
    @Override
    public Class<Series> type() {
      return Series.class;
    }

    @Override
    public Draft draft(Series value, Function<Object, Draft> drafts) {
      Index index = value.index().orElseGet(() -> RowLabels.numbered(value.values().rowCount()));
      return Draft.object("vineyard::Series")
          .putStructured(NAME, value.storedName())
          .put(Metadata.SIZE_BYTES, 0)
          .member(INDEX, drafts.apply(index))
          .member(VALUE, drafts.apply(stored(value.values())))
          .build();
    }
  }

  /// Python stores times in a time zone as objects.
  private static Column stored(Column column) {
    return column instanceof ZonedTimes times ? times.toObjects() : column;
  }

  /// An [Index], or its labels if a [Column] is wanted; the object itself if Java has no column for
  /// its labels.
  public static final class FromIndex implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::Index";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return Layouts.guarded(
          object,
          () -> {
            Json name = Layouts.structured(object, NAME);
            Column labels = column(object);
            if (labels == null) {
              return object;
            }
            if (labels instanceof ObjectTensor objects
                && object.metadata().fields().find(TYPE) instanceof Json.Text(var type)) {
              labels = ZonedTimes.ofObjects(objects, type).<Column>map(each -> each).orElse(labels);
            }
            object.close();
            return Column.class.isAssignableFrom(wanted) ? labels : new Index(name, labels);
          });
    }
  }

  /// A [Series], or its values if a [Column] is wanted; the object itself if Java has no column for
  /// its values.
  public static final class FromSeries implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::Series";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return Layouts.guarded(
          object,
          () -> {
            try (var parts = new Parts()) {
              Object value = value(object, wanted, parts);
              parts.keepIf(value != object);
              if (value != object) {
                object.close();
              }
              return value;
            }
          });
    }

    private static Object value(VineryObject object, Class<?> wanted, Parts parts) {
      Column values = column(object);
      if (values == null) {
        return object;
      }
      parts.add(values);
      if (Column.class.isAssignableFrom(wanted)) {
        return values;
      }
      Json name = Layouts.structured(object, NAME);
      Optional<VineryObject> index = object.findMember(INDEX);
      if (index.isEmpty()) {
        return new Series(name, values, null);
      }
      return parts.add(index.get().value()) instanceof Index labels
          ? new Series(name, values, labels)
          : object;
    }
  }

  private static @Nullable Column column(VineryObject object) {
    try (var parts = new Parts()) {
      Object value = parts.add(object.member(VALUE).value());
      parts.keepIf(value instanceof Column);
      return value instanceof Column column ? column : null;
    }
  }
}
