package dev.vinery.types;

import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// What only Python can name, as `vineyard::PickleBuffer`: read if it is made of plain values.
final class PickleCodec {
  private PickleCodec() {}

  /// Numbers, strings, and lists, sets and maps of them; an empty `Optional` for `None`; the object
  /// itself for anything else.
  public static final class FromObject implements Resolver {
    @Override
    public String typeNamePrefix() {
      return Pickle.TYPE;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      MemorySegment bytes = Layouts.bytes(object, "buffer_");
      long sizeBytes = Layouts.count(object, "size_", bytes.byteSize());
      Optional<Object> value = Pickle.read(bytes.asSlice(0, sizeBytes));
      if (value.isEmpty()) {
        return object;
      }
      object.close();
      return value.get() == Pickle.Nothing.NOTHING ? Optional.empty() : value.get();
    }
  }
}
