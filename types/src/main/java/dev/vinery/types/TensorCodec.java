package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// [Tensor] as `vineyard::Tensor<…>`: shape and type in the metadata, elements in one blob, always
/// in row-major order.
final class TensorCodec {
  static final String SHAPE = "shape_";
  static final String BUFFER = "buffer_";

  private static final Pattern TYPE_NAME = Pattern.compile("vineyard::Tensor<(.*)>");

  private TensorCodec() {}

  /// Begins a draft with the fields that tensors of numbers and of strings have in common.
  static Draft.Builder draft(
      String typeName, List<Long> shape, String valueType, String valueTypeCode, long sizeBytes) {
    return Draft.object("vineyard::Tensor<" + typeName + ">")
        .put(Metadata.SIZE_BYTES, sizeBytes)
        .putStructured("order_", new Json.Text("C"))
        .putStructured("partition_index_", new Json.Items(List.of()))
        .putStructured(SHAPE, new Json.Items(shape.stream().map(TensorCodec::extent).toList()))
        .put("value_type_", valueType)
        .put("value_type_meta_", valueTypeCode);
  }

  private static Json extent(long extent) {
    return Json.Whole.signed(extent);
  }

  /// Tensors.
  public static final class ToObject implements Builder<Tensor> {
    @Override
    public Class<Tensor> type() {
      return Tensor.class;
    }

    @Override
    public Draft draft(Tensor value, Function<Object, Draft> drafts) {
      ElementType type = value.elementType();
      MemorySegment bytes = value.values();
      return TensorCodec.draft(
              type.typeName(), value.shape(), type.numpyName(), type.numpyCode(), bytes.byteSize())
          .member(BUFFER, Draft.blob(bytes))
          .build();
    }
  }

  /// A [Tensor] of numbers or booleans, or [Strings]; the object itself if its elements are
  /// neither.
  public static final class FromObject implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::Tensor<";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      Matcher name = TYPE_NAME.matcher(object.typeName());
      String element = name.matches() ? name.group(1) : "";
      if (element.equals("std::string")) {
        try (object) {
          return object.member(BUFFER).value(Strings.class);
        }
      }

      if (element.equals("object")) {
        return objects(object);
      }
      Optional<ElementType> type = ElementType.find(element);
      return type.isPresent() ? tensor(object, type.get()) : object;
    }

    /// What pandas makes of strings some of which are missing: a pickled array of Python objects.
    ///
    /// @return [Strings], or the object itself if there is anything but strings and missing values
    private static Object objects(VineryObject object) {
      Optional<Object> pickled = Pickle.read(Layouts.bytes(object, BUFFER));
      if (!(pickled.orElse(object) instanceof List<?> values)) {
        return object;
      }
      List<Optional<String>> strings = new ArrayList<>();
      for (Object value : values) {
        if (value instanceof String text) {
          strings.add(Optional.of(text));
        } else if (value == null || (value instanceof Double real && real.isNaN())) {
          strings.add(Optional.empty());
        } else {
          return object;
        }
      }
      object.close();
      return Strings.ofOptional(strings);
    }

    private static Tensor tensor(VineryObject object, ElementType type) {
      return Layouts.guarded(
          object,
          () -> {
            List<Long> shape = Layouts.extents(object, SHAPE);
            MemorySegment bytes = Layouts.bytes(object, BUFFER);
            long wanted = Math.multiplyExact(Tensor.elementCount(shape), type.sizeBytes());
            if (bytes.byteSize() < wanted) {
              throw Layouts.wrong(
                  object,
                  "shape %s of %s needs %d bytes, the blob has %d"
                      .formatted(shape, type.numpyName(), wanted, bytes.byteSize()));
            }
            return Tensor.over(object, type, shape, bytes);
          });
    }
  }
}
