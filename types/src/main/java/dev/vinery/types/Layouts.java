package dev.vinery.types;

import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What resolvers share: metadata that is read with distrust.
final class Layouts {
  /// Dimensions of an array. NumPy has 64 at most.
  private static final int MAX_DIMENSIONS = 64;

  private Layouts() {}

  static StoreException wrong(VineryObject object, @Nullable String detail) {
    return new StoreException(
        Status.META_TREE_INVALID, object.typeName() + " " + object.id() + ": " + detail);
  }

  /// Reads a field that counts things.
  ///
  /// @param limit the largest number that makes sense
  static long count(VineryObject object, String field, long limit) {
    long count = whole(object, field);
    if (count < 0 || count > limit) {
      throw wrong(object, "field '" + field + "' is " + count);
    }
    return count;
  }

  /// Reads JSON that stands as text in a field.
  static Json structured(VineryObject object, String field) {
    try {
      return object.metadata().structured(field);
    } catch (ProtocolException e) {
      throw wrong(object, "field '" + field + "': " + e.getMessage());
    }
  }

  /// Reads a field that is a number.
  static long whole(VineryObject object, String field) {
    try {
      return object.metadata().whole(field);
    } catch (ProtocolException e) {
      throw wrong(object, e.getMessage());
    }
  }

  /// Reads a field that is text.
  static String text(VineryObject object, String field) {
    try {
      return object.metadata().text(field);
    } catch (ProtocolException e) {
      throw wrong(object, e.getMessage());
    }
  }

  /// Reads a list of numbers that stands as JSON text in a field.
  static List<Long> wholes(VineryObject object, String field) {
    List<Long> wholes = new ArrayList<>();
    if (structured(object, field) instanceof Json.Items(var items)) {
      for (Json item : items) {
        if (!(item instanceof Json.Whole(var whole, _))) {
          throw wrong(object, "field '" + field + "' is no list of numbers");
        }
        wholes.add(whole);
      }
      return wholes;
    }
    throw wrong(object, "field '" + field + "' is no list");
  }

  /// Reads a list of extents that stands as JSON text in a field.
  static List<Long> extents(VineryObject object, String field) {
    List<Long> extents = wholes(object, field);
    if (extents.size() > MAX_DIMENSIONS || extents.stream().anyMatch(extent -> extent < 0)) {
      throw wrong(object, "field '" + field + "' is no shape: " + extents);
    }
    return extents;
  }

  /// The bytes of a blob member; none if there is no such member.
  static MemorySegment bytes(VineryObject object, String member) {
    return object
        .findMember(member)
        .map(blob -> bytes(object, member, blob))
        .orElse(MemorySegment.ofArray(new byte[0]));
  }

  private static MemorySegment bytes(VineryObject object, String member, VineryObject blob) {
    if (!blob.isBlob()) {
      throw wrong(object, "member '%s' is a %s and no blob".formatted(member, blob.typeName()));
    }
    return blob.segment();
  }

  /// Reads a member as a value of a type, with a hold of its own.
  static <T> T member(VineryObject object, String member, Class<T> type) {
    try {
      return object.member(member).value(type);
    } catch (StoreException e) {
      throw wrong(object, "member '%s': %s".formatted(member, e.getMessage()));
    }
  }

  /// Runs `make`, and closes the object if that fails.
  static <T> T guarded(VineryObject object, Supplier<T> make) {
    boolean made = false;
    try {
      T value = make.get();
      made = true;
      return value;
    } catch (ArithmeticException e) {
      throw wrong(object, "a size passes 64 bits");
    } catch (IllegalArgumentException e) {
      throw wrong(object, String.valueOf(e.getMessage()));
    } catch (ProtocolException e) {
      throw wrong(object, String.valueOf(e.getMessage()));
    } finally {
      if (!made) {
        object.close();
      }
    }
  }
}
