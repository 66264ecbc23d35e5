package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.types.PickleReader.UnreadableException;
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
  static final String PARTITION = "partition_index_";

  private static final String VALUE_TYPE_CODE = "value_type_meta_";

  private static final Pattern TYPE_NAME = Pattern.compile("vineyard::Tensor<(.*)>");

  private static final Pattern TEXT_CODE = Pattern.compile("<U([0-9]{1,9})");

  private TensorCodec() {}

  /// Begins a draft with the fields that tensors of numbers and of strings have in common.
  static Draft.Builder draft(
      String typeName, List<Long> shape, String valueType, String valueTypeCode, long sizeBytes) {
    return Draft.object("vineyard::Tensor<" + typeName + ">")
        .put(Metadata.SIZE_BYTES, sizeBytes)
        .putStructured("order_", new Json.Text("C"))
        .putStructured(PARTITION, new Json.Items(List.of()))
        .putStructured(SHAPE, new Json.Items(shape.stream().map(TensorCodec::extent).toList()))
        .put("value_type_", valueType)
        .put(VALUE_TYPE_CODE, valueTypeCode);
  }

  private static Json extent(long extent) {
    return Json.Whole.signed(extent);
  }

  /// Tensors.
  public static final class OfTensor implements Builder<Tensor> {
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

  /// Views, which are stored in row-major order.
  public static final class OfView implements Builder<TensorView> {
    @Override
    public Class<TensorView> type() {
      return TensorView.class;
    }

    @Override
    public Draft draft(TensorView value, Function<Object, Draft> drafts) {
      ElementType type = value.elementType();
      return TensorCodec.draft(
              type.typeName(), value.shape(), type.numpyName(), type.numpyCode(), value.sizeBytes())
          .putStructured("order_", new Json.Text(value.isColumnMajor() ? "F" : "C"))
          .member(BUFFER, new Draft.OfBlob(value.sizeBytes(), value::copyTo))
          .build();
    }
  }

  /// Arrays of objects, as pickles.
  public static final class OfObjects implements Builder<ObjectTensor> {
    @Override
    public Class<ObjectTensor> type() {
      return ObjectTensor.class;
    }

    /// @throws IllegalArgumentException if an element is no plain value
    @Override
    public Draft draft(ObjectTensor value, Function<Object, Draft> drafts) {
      MemorySegment pickle = MemorySegment.ofArray(Pickle.bytes(value));
      return TensorCodec.draft("object", value.shape(), "object", "|O", 8 * value.length())
          .member(BUFFER, Draft.blob(pickle))
          .build();
    }
  }

  /// A [Tensor] of numbers, booleans or times, [Strings], or an [ObjectTensor]; the object itself
  /// if its elements are none of these.
  public static final class FromObject implements Resolver {
    @Override
    public String typeNamePrefix() {
      return "vineyard::Tensor<";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      Matcher name = TYPE_NAME.matcher(object.typeName());
      String element = name.matches() ? name.group(1) : "";
      return Layouts.guarded(
          object,
          () ->
              switch (element) {
                case "std::string" -> strings(object);
                case "object" -> objects(object);
                case String fixed when fixed.startsWith("str") -> texts(object);
                default -> {
                  Optional<ElementType> type = ElementType.find(element);
                  yield type.isPresent() ? tensor(object, type.get()) : object;
                }
              });
    }

    private static Strings strings(VineryObject object) {
      Strings strings = Layouts.member(object, BUFFER, Strings.class);
      object.close();
      return strings;
    }

    /// An array of objects: as [Strings] if there is one dimension, and nothing but strings and
    /// what pandas puts where one is missing; the object itself if Python alone can make its
    /// elements.
    private static Object objects(VineryObject object) {
      try {
        Object value = Pickle.read(Layouts.bytes(object, BUFFER));
        if (!(value instanceof ObjectTensor array)) {
          return object;
        }
        object.close();
        return strings(array).<Object>map(each -> each).orElse(array);
      } catch (UnreadableException foreign) {
        return object;
      }
    }

    private static Optional<Strings> strings(ObjectTensor array) {
      List<Optional<String>> strings = new ArrayList<>();
      boolean some = array.length() == 0;
      for (long i = 0; i < array.length(); i++) {
        if (array.isMissing(i)) {
          strings.add(Optional.empty());
        } else if (array.get(i).orElseThrow() instanceof String text) {
          strings.add(Optional.of(text));
          some = true;
        } else {
          return Optional.empty();
        }
      }
      return some && array.shape().size() == 1
          ? Optional.of(Strings.ofOptional(strings))
          : Optional.empty();
    }

    /// Strings of a fixed length, which Python keeps so in several dimensions only.
    private static ObjectTensor texts(VineryObject object) {
      String code = Layouts.text(object, VALUE_TYPE_CODE);
      Matcher length = TEXT_CODE.matcher(code);
      if (!length.matches()) {
        throw Layouts.wrong(object, "field 'value_type_meta_' is " + code);
      }
      List<Long> shape = Layouts.extents(object, SHAPE);
      MemorySegment bytes = Layouts.bytes(object, BUFFER);
      var texts = FixedTexts.read(shape, Integer.parseInt(length.group(1)), bytes);
      object.close();
      return texts;
    }

    private static Tensor tensor(VineryObject object, ElementType type) {
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
    }
  }
}
