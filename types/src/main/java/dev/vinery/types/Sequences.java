package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Metadata;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lists, tuples and pairs: `vineyard::Sequence`. Elements are objects of any type.
///
/// Python's `None` has no type of its own: it is a pickle, and `null` in Java.
final class Sequences {
  private static final String TYPE_NAME = "vineyard::Sequence";
  private static final String ELEMENT = "__elements_-";
  private static final String COUNT = "__elements_-size";

  /// Elements of one sequence.
  private static final long MAX_ELEMENTS = 16 << 20;

  private Sequences() {}

  private static Draft draft(
      Collection<? extends @Nullable Object> elements, Function<Object, Draft> drafts) {
    var draft =
        Draft.object(TYPE_NAME)
            .put("size_", elements.size())
            .put(COUNT, elements.size())
            .put(Metadata.SIZE_BYTES, 0);
    int i = 0;
    for (Object element : elements) {
      draft.member(
          ELEMENT + i++, element == null ? Pickle.draftOfNothing() : drafts.apply(element));
    }
    return draft.build();
  }

  private static boolean isNone(VineryObject object) {
    return object.typeName().equals(Pickle.TYPE)
        && Pickle.isNothing(Layouts.bytes(object, "buffer_"));
  }

  /// Lists and other collections with an order.
  public static final class OfList implements Builder<Collection<?>> {
    @Override
    @SuppressWarnings("unchecked") // a class literal has no type arguments
    public Class<Collection<?>> type() {
      return (Class<Collection<?>>) (Class<?>) Collection.class;
    }

    @Override
    public Draft draft(Collection<?> value, Function<Object, Draft> drafts) {
      return Sequences.draft(value, drafts);
    }
  }

  /// Pairs.
  public static final class OfPair implements Builder<Pair> {
    @Override
    public Class<Pair> type() {
      return Pair.class;
    }

    @Override
    public Draft draft(Pair value, Function<Object, Draft> drafts) {
      return Sequences.draft(List.of(value.first(), value.second()), drafts);
    }
  }

  /// Arrays: of numbers and booleans as tensors of one dimension, of strings as string tensors, of
  /// anything else as sequences.
  public static final class OfArray implements Builder<Object> {
    @Override
    public Class<Object> type() {
      return Object.class;
    }

    /// @throws IllegalArgumentException if the value is no array
    @Override
    public Draft draft(Object value, Function<Object, Draft> drafts) {
      return switch (value) {
        case double[] array -> drafts.apply(Tensor.of(array));
        case float[] array -> drafts.apply(Tensor.of(array));
        case long[] array -> drafts.apply(Tensor.of(array));
        case int[] array -> drafts.apply(Tensor.of(array));
        case short[] array -> drafts.apply(Tensor.of(array));
        case boolean[] array -> drafts.apply(Tensor.of(array));
        case String[] array -> drafts.apply(Strings.of(array));
        case Object[] array -> Sequences.draft(Arrays.asList(array), drafts);
        default ->
            throw new IllegalArgumentException(
                "no builder knows how to store a value of type " + value.getClass().getTypeName());
      };
    }
  }

  /// An unmodifiable `List`, a `Pair` if there are two elements and one is wanted, or an array.
  public static final class FromObject implements Resolver {
    @Override
    public String typeNamePrefix() {
      return TYPE_NAME;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      try (object) {
        List<@Nullable Object> elements = elements(object);
        if (wanted == Pair.class && elements.size() == 2) {
          Object first = elements.getFirst();
          Object second = elements.getLast();
          if (first != null && second != null) {
            return new Pair(first, second);
          }
        }
        if (wanted.isArray() && !wanted.componentType().isPrimitive()) {
          return elements.toArray((Object[]) Array.newInstance(wanted.componentType(), 0));
        }
        return Collections.unmodifiableList(elements);
      }
    }

    private static List<@Nullable Object> elements(VineryObject object) {
      long count = Layouts.count(object, COUNT, MAX_ELEMENTS);
      List<@Nullable Object> elements = new ArrayList<>();
      for (long i = 0; i < count; i++) {
        VineryObject element = object.member(ELEMENT + i);
        elements.add(isNone(element) ? null : element.value());
      }
      return elements;
    }
  }
}
