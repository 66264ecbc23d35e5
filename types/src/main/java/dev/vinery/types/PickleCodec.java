package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import dev.vinery.types.PickleReader.UnreadableException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What only Python can name, as `vineyard::PickleBuffer`: written and read if it is made of plain
/// values.
final class PickleCodec {
  private PickleCodec() {}

  /// Maps of plain values: Python's dictionaries.
  public static final class OfMap implements Builder<Map<?, ?>> {
    @Override
    @SuppressWarnings("unchecked") // a class literal has no type arguments
    public Class<Map<?, ?>> type() {
      return (Class<Map<?, ?>>) (Class<?>) Map.class;
    }

    @Override
    public Draft draft(Map<?, ?> value, Function<Object, Draft> drafts) {
      return Pickle.draft(value);
    }
  }

  /// Sets of plain values.
  public static final class OfSet implements Builder<Set<?>> {
    @Override
    @SuppressWarnings("unchecked") // a class literal has no type arguments
    public Class<Set<?>> type() {
      return (Class<Set<?>>) (Class<?>) Set.class;
    }

    @Override
    public Draft draft(Set<?> value, Function<Object, Draft> drafts) {
      return Pickle.draft(value);
    }
  }

  /// Complex numbers.
  public static final class OfComplex implements Builder<Complex> {
    @Override
    public Class<Complex> type() {
      return Complex.class;
    }

    @Override
    public Draft draft(Complex value, Function<Object, Draft> drafts) {
      return Pickle.draft(value);
    }
  }

  /// What is there, or `None`.
  public static final class OfOptional implements Builder<Optional<?>> {
    @Override
    @SuppressWarnings("unchecked") // a class literal has no type arguments
    public Class<Optional<?>> type() {
      return (Class<Optional<?>>) (Class<?>) Optional.class;
    }

    @Override
    public Draft draft(Optional<?> value, Function<Object, Draft> drafts) {
      return value.<Draft>map(drafts).orElseGet(Pickle::draftOfNothing);
    }
  }

  /// Numbers, strings, arrays, and lists, sets and maps of them; an empty `Optional` for `None`;
  /// the object itself for anything else, if any type will do.
  public static final class FromObject implements Resolver {
    @Override
    public String typeNamePrefix() {
      return Pickle.TYPE;
    }

    /// @throws StoreException if one type is wanted, and the pickle has more than plain values
    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return Layouts.guarded(object, () -> value(object, wanted));
    }

    private static Object value(VineryObject object, Class<?> wanted) {
      try {
        var bytes = Layouts.bytes(object, "buffer_");
        long sizeBytes = Layouts.count(object, "size_", bytes.byteSize());
        Object value = Pickle.read(bytes.asSlice(0, sizeBytes));
        object.close();
        return value == Pickle.Nothing.NOTHING ? Optional.empty() : value;
      } catch (UnreadableException unreadable) {
        if (wanted == Object.class) {
          return object;
        }
        throw new StoreException(
            Status.OBJECT_TYPE_ERROR,
            "object %s is a pickle, and no plain value: it has %s"
                .formatted(object.id(), unreadable.getMessage()));
      }
    }
  }
}
