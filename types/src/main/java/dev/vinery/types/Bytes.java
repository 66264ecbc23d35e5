package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.function.Function;

/// Bytes: blobs without an object around them. They have an id, but neither name nor labels.
final class Bytes {
  private Bytes() {}

  /// Byte arrays.
  public static final class OfArray implements Builder<byte[]> {
    @Override
    public Class<byte[]> type() {
      return byte[].class;
    }

    @Override
    public Draft draft(byte[] value, Function<Object, Draft> drafts) {
      return Draft.blob(MemorySegment.ofArray(value));
    }
  }

  /// Memory of any kind.
  public static final class OfSegment implements Builder<MemorySegment> {
    @Override
    public Class<MemorySegment> type() {
      return MemorySegment.class;
    }

    @Override
    public Draft draft(MemorySegment value, Function<Object, Draft> drafts) {
      return Draft.blob(value);
    }
  }

  /// What is left to read in byte buffers.
  public static final class OfBuffer implements Builder<ByteBuffer> {
    @Override
    public Class<ByteBuffer> type() {
      return ByteBuffer.class;
    }

    @Override
    public Draft draft(ByteBuffer value, Function<Object, Draft> drafts) {
      return Draft.blob(MemorySegment.ofBuffer(value));
    }
  }

  /// A read-only `MemorySegment` over the shared bytes, or a copy of them as `byte[]`.
  public static final class FromObject implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::Blob";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      if (wanted != byte[].class) {
        return object.segment();
      }
      try (object) {
        return object.segment().toArray(ValueLayout.JAVA_BYTE);
      }
    }
  }
}
