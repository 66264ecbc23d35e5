package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Metadata;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Lists, tuples and pairs: `vineyard::Sequence`; and, as old clients wrote them,
/// `vineyard::Tuple`, `vineyard::Pair` and `vineyard::Array<…>`. Elements are objects of any type.
///
/// Python's `None` has no type of its own: it is a pickle, and `null` in Java. An element whose
/// bytes are on another instance is an empty `Optional`: whoever wants it asks there, or has it
/// migrated.
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

  /// An unmodifiable `List`, a [Pair] or an array if one is wanted.
  public static final class FromObject implements Resolver {
    @Override
    public String typeNamePrefix() {
      return TYPE_NAME;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return value(object, wanted, members(object));
    }
  }

  /// What old clients wrote for tuples.
  public static final class FromTuple implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::Tuple";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return value(object, wanted, members(object));
    }
  }

  /// What old clients wrote for pairs: a [Pair], or a list if one is wanted.
  public static final class FromPair implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::Pair";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      Class<?> type = wanted == Object.class ? Pair.class : wanted;
      return value(object, type, List.of("first_", "second_"));
    }
  }

  /// What C++ clients write for plain arrays: a [Tensor] of one dimension.
  public static final class FromArray implements Resolver {
    private static final Pattern ARRAY = Pattern.compile("vineyard::Array<(.*)>");

    /// Bytes of one array.
    private static final long MAX_ELEMENTS = 1L << 48;

    @Override
    public String typeNamePrefix() {
      return "vineyard::Array<";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return Layouts.guarded(
          object,
          () -> {
            Matcher name = ARRAY.matcher(object.typeName());
            Optional<ElementType> type =
                name.matches() ? ElementType.find(name.group(1)) : Optional.empty();
            if (type.isEmpty()) {
              return object;
            }
            long length = Layouts.count(object, "size_", MAX_ELEMENTS);
            MemorySegment bytes = Layouts.bytes(object, "buffer_");
            return Tensor.over(object, type.get(), List.of(length), bytes);
          });
    }
  }

  /// The names of the members of a sequence, in order.
  private static List<String> members(VineryObject object) {
    return Layouts.guarded(
        object,
        () -> {
          // Each has to be there, so there cannot be more than members.
          long most = Math.min(MAX_ELEMENTS, object.metadata().fields().values().size());
          long count = Layouts.count(object, COUNT, most);
          return LongStream.range(0, count).mapToObj(i -> ELEMENT + i).toList();
        });
  }

  /// An unmodifiable `List`, a `Pair` if there are two elements and one is wanted, or an array.
  private static Object value(VineryObject object, Class<?> wanted, List<String> members) {
    try (var parts = new Parts();
        object) {
      List<@Nullable Object> elements = new ArrayList<>();
      for (String member : members) {
        VineryObject element = object.member(member);
        if (element.isLocal()) {
          elements.add(isNone(element) ? null : parts.add(element.value()));
        } else {
          elements.add(Optional.empty());
        }
      }
      Object value = shaped(elements, wanted);
      parts.keepIf(true);
      return value;
    }
  }

  private static Object shaped(List<@Nullable Object> elements, Class<?> wanted) {
    if (wanted == Pair.class && elements.size() == 2) {
      Object first = elements.getFirst();
      Object second = elements.getLast();
      if (first != null && second != null) {
        return new Pair(first, second);
      }
    }
    if (wanted.isArray() && !wanted.componentType().isPrimitive()) {
      try {
        return elements.toArray((Object[]) Array.newInstance(wanted.componentType(), 0));
      } catch (ArrayStoreException e) {
        return Collections.unmodifiableList(elements);
      }
    }
    return Collections.unmodifiableList(elements);
  }
}
