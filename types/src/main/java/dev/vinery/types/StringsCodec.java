package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Metadata;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;

/// [Strings] as Python lays out arrays of strings: an Arrow array of large strings inside a
/// `vineyard::Tensor<std::string>`.
final class StringsCodec {
  private static final String TYPE_NAME = "vineyard::BaseBinaryArray<arrow::LargeStringArray>";

  /// Strings of one array.
  private static final long MAX_STRINGS = 1L << 40;

  private StringsCodec() {}

  /// Strings.
  public static final class OfStrings implements Builder<Strings> {
    @Override
    public Class<Strings> type() {
      return Strings.class;
    }

    @Override
    public Draft draft(Strings value, Function<Object, Draft> drafts) {
      return TensorCodec.draft(
              "std::string", List.of(value.length()), "string", "str", 8 * value.length())
          .member(TensorCodec.BUFFER, array(value))
          .build();
    }

    private static Draft array(Strings value) {
      MemorySegment data = value.dataBytes();
      long offsetsBytes = 8 * (value.length() + 1);
      long validityBytes = value.missingCount() == 0 ? 0 : (value.length() + 7) / 8;
      return Draft.object(TYPE_NAME)
          .put("length_", value.length())
          .put("null_count_", value.missingCount())
          .put("offset_", 0)
          .put(Metadata.SIZE_BYTES, data.byteSize() + offsetsBytes + validityBytes)
          .member("buffer_data_", Draft.blob(data))
          .member("buffer_offsets_", new Draft.OfBlob(offsetsBytes, value::writeOffsets))
          .member("null_bitmap_", new Draft.OfBlob(validityBytes, value::writeValidity))
          .build();
    }
  }

  /// [Strings].
  public static final class FromObject implements Resolver {
    @Override
    public String typeNamePrefix() {
      return TYPE_NAME;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return Layouts.guarded(object, () -> strings(object));
    }

    private static Strings strings(VineryObject object) {
      long length = Layouts.count(object, "length_", MAX_STRINGS);
      long first = Layouts.count(object, "offset_", MAX_STRINGS);
      long missing = Layouts.count(object, "null_count_", length);
      MemorySegment data = Layouts.bytes(object, "buffer_data_");
      MemorySegment offsets = Layouts.bytes(object, "buffer_offsets_");
      MemorySegment validity =
          missing == 0 ? MemorySegment.ofArray(new byte[0]) : Layouts.bytes(object, "null_bitmap_");
      if (length > 0 && offsets.byteSize() < 8 * (first + length + 1)) {
        throw Layouts.wrong(
            object,
            "%d strings need more than %d bytes of offsets".formatted(length, offsets.byteSize()));
      }
      if (missing > 0 && validity.byteSize() < (first + length + 7) / 8) {
        throw Layouts.wrong(
            object,
            "%d strings need more than %d bytes of bits".formatted(length, validity.byteSize()));
      }
      return Strings.over(object, first, length, missing, data, offsets, validity);
    }
  }
}
