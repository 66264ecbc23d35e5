package dev.vinery.types;

import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What resolvers share: metadata that is read with distrust.
final class Layouts {
  private Layouts() {}

  static StoreException wrong(VineryObject object, String detail) {
    return new StoreException(
        Status.META_TREE_INVALID, object.typeName() + " " + object.id() + ": " + detail);
  }

  /// Reads a field that counts things.
  ///
  /// @param limit the largest number that makes sense
  static long count(VineryObject object, String field, long limit) {
    long count = object.metadata().whole(field);
    if (count < 0 || count > limit) {
      throw wrong(object, "field '" + field + "' is " + count);
    }
    return count;
  }

  /// Reads a list of extents that stands as JSON text in a field.
  static List<Long> extents(VineryObject object, String field) {
    List<Long> extents = new ArrayList<>();
    if (object.metadata().structured(field) instanceof Json.Items(var items)) {
      for (Json item : items) {
        if (!(item instanceof Json.Whole(var extent, _)) || extent < 0) {
          throw wrong(object, "field '" + field + "' is no shape");
        }
        extents.add(extent);
      }
      return extents;
    }
    throw wrong(object, "field '" + field + "' is no list");
  }

  /// The bytes of a blob member; none if there is no such member.
  static MemorySegment bytes(VineryObject object, String member) {
    return object
        .findMember(member)
        .map(VineryObject::segment)
        .orElse(MemorySegment.ofArray(new byte[0]));
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
    } finally {
      if (!made) {
        object.close();
      }
    }
  }
}
