package dev.vinery.client;

import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The builders and resolvers that a client uses: those on the module path, and those registered on
/// it, which come first. Safe for use by several threads.
final class TypeRegistry {
  /// What is on the module path, found once.
  private static final class Services {
    private static final List<Builder<?>> BUILDERS =
        ServiceLoader.load(Builder.class).stream()
            .<Builder<?>>map(ServiceLoader.Provider::get)
            .toList();
    private static final List<Resolver> RESOLVERS =
        ServiceLoader.load(Resolver.class).stream().map(ServiceLoader.Provider::get).toList();
  }

  private final List<Builder<?>> builders = new CopyOnWriteArrayList<>(Services.BUILDERS);
  private final List<Resolver> resolvers = new CopyOnWriteArrayList<>(Services.RESOLVERS);

  Registration register(Builder<?> builder) {
    return register(builder, builders);
  }

  Registration register(Resolver resolver) {
    return register(resolver, resolvers);
  }

  private static <T> Registration register(T item, List<T> items) {
    items.addFirst(item);
    return () -> items.remove(item);
  }

  /// @throws IllegalArgumentException if no builder knows the type of the value
  Draft draft(Object value) {
    return switch (value) {
      case Draft draft -> draft;
      case VineryObject object -> new Draft.Existing(object.id());
      default -> draft(builderFor(value), value);
    };
  }

  private <T> Draft draft(Builder<T> builder, Object value) {
    return builder.draft(builder.type().cast(value), this::draft);
  }

  private Builder<?> builderFor(Object value) {
    Builder<?> best = null;
    for (Builder<?> builder : builders) {
      boolean fits = builder.type().isInstance(value);
      if (fits && (best == null || isNarrower(builder, best))) {
        best = builder;
      }
    }
    if (best == null) {
      throw new IllegalArgumentException(
          "no builder knows how to store a value of type " + value.getClass().getTypeName());
    }
    return best;
  }

  private static boolean isNarrower(Builder<?> builder, Builder<?> other) {
    return builder.type() != other.type() && other.type().isAssignableFrom(builder.type());
  }

  /// Makes a value of an object, or returns the object if no resolver knows its type. Takes over
  /// the object.
  ///
  /// @throws StoreException if the metadata is wrong, or the value is not of the type wanted
  <T> T resolve(VineryObject object, Class<T> wanted) {
    if (wanted == VineryObject.class) {
      return wanted.cast(object);
    }
    boolean resolved = false;
    try {
      Object value = resolveAs(object, wanted);
      if (!wanted.isInstance(value)) {
        close(value);
        throw new StoreException(Status.OBJECT_TYPE_ERROR, mismatch(object, value, wanted));
      }
      resolved = true;
      return wanted.cast(value);
    } catch (ProtocolException wrong) {
      throw new StoreException(
          Status.META_TREE_INVALID,
          "object %s of type %s cannot be read: %s"
              .formatted(object.id(), object.typeName(), wrong.getMessage()));
    } finally {
      if (!resolved) {
        object.close();
      }
    }
  }

  private Object resolveAs(VineryObject object, Class<?> wanted) {
    Resolver resolver = resolverFor(object.typeName(), wanted);
    return resolver == null ? object : resolver.resolve(object, wanted);
  }

  private @Nullable Resolver resolverFor(String typeName, Class<?> wanted) {
    Resolver best = null;
    for (Resolver resolver : resolvers) {
      if (typeName.startsWith(resolver.typeNamePrefix())
          && (best == null || isBetter(resolver, best, wanted))) {
        best = resolver;
      }
    }
    return best;
  }

  private static boolean isBetter(Resolver resolver, Resolver other, Class<?> wanted) {
    int difference = resolver.typeNamePrefix().length() - other.typeNamePrefix().length();
    if (difference != 0) {
      return difference > 0;
    }
    Class<?> type = resolver.valueType();
    Class<?> otherType = other.valueType();
    if (canBe(type, wanted) != canBe(otherType, wanted)) {
      return canBe(type, wanted);
    }
    return type != otherType && otherType.isAssignableFrom(type);
  }

  private static boolean canBe(Class<?> type, Class<?> wanted) {
    return wanted.isAssignableFrom(type) || type.isAssignableFrom(wanted);
  }

  private static String mismatch(VineryObject object, Object value, Class<?> wanted) {
    String is = "object " + object.id() + " is a " + object.typeName();
    return value == object
        ? is + ", which nothing here reads as " + wanted.getSimpleName()
        : is
            + ", which reads as "
            + value.getClass().getSimpleName()
            + " and not as "
            + wanted.getSimpleName();
  }

  private static void close(Object value) {
    if (value instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException(
            "closing a " + value.getClass().getTypeName() + " failed", e);
      }
    }
  }
}
