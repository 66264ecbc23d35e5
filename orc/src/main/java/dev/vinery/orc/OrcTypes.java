package dev.vinery.orc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.orc.TypeDescription;

/// Which types of ORC are which of Arrow.
final class OrcTypes {
  private static final int MAX_PRECISION = 38;
  private static final int DECIMAL_BITS = 128;

  private OrcTypes() {}

  /// @throws IOException if a column is of a type that Arrow has not; the message names it
  static Schema toArrow(TypeDescription struct) throws IOException {
    return new Schema(children(struct));
  }

  private static List<Field> children(TypeDescription struct) throws IOException {
    List<Field> fields = new ArrayList<>();
    List<String> names = struct.getFieldNames();
    for (int i = 0; i < names.size(); i++) {
      fields.add(toArrow(names.get(i), struct.getChildren().get(i), true));
    }
    return fields;
  }

  private static Field toArrow(String name, TypeDescription type, boolean nullable)
      throws IOException {
    List<Field> children =
        switch (type.getCategory()) {
          case LIST -> List.of(toArrow("item", type.getChildren().getFirst(), true));
          case STRUCT -> children(type);
          case MAP ->
              List.of(
                  new Field(
                      "entries",
                      FieldType.notNullable(ArrowType.Struct.INSTANCE),
                      List.of(
                          toArrow("key", type.getChildren().get(0), false),
                          toArrow("value", type.getChildren().get(1), true))));
          default -> List.of();
        };
    return new Field(name, new FieldType(nullable, arrowType(name, type), null), children);
  }

  private static ArrowType arrowType(String name, TypeDescription type) throws IOException {
    return switch (type.getCategory()) {
      case BOOLEAN -> ArrowType.Bool.INSTANCE;
      case BYTE -> new ArrowType.Int(Byte.SIZE, true);
      case SHORT -> new ArrowType.Int(Short.SIZE, true);
      case INT -> new ArrowType.Int(Integer.SIZE, true);
      case LONG -> new ArrowType.Int(Long.SIZE, true);
      case FLOAT -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case STRING, VARCHAR, CHAR -> ArrowType.Utf8.INSTANCE;
      case BINARY -> ArrowType.Binary.INSTANCE;
      case DATE -> new ArrowType.Date(DateUnit.DAY);
      case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.NANOSECOND, null);
      case TIMESTAMP_INSTANT -> new ArrowType.Timestamp(TimeUnit.NANOSECOND, "UTC");
      case DECIMAL -> new ArrowType.Decimal(type.getPrecision(), type.getScale(), DECIMAL_BITS);
      case LIST -> ArrowType.List.INSTANCE;
      case STRUCT -> ArrowType.Struct.INSTANCE;
      case MAP -> new ArrowType.Map(false);
      case UNION, Geometry, Geography ->
          throw new IOException("column '%s' is of type %s".formatted(name, type));
    };
  }

  /// @throws IOException if a column is of a type that ORC has not; the message names it
  static TypeDescription toOrc(Schema schema) throws IOException {
    return struct(schema.getFields());
  }

  private static TypeDescription struct(List<Field> fields) throws IOException {
    TypeDescription struct = TypeDescription.createStruct();
    for (Field field : fields) {
      if (struct.getFieldNames().contains(field.getName())) {
        throw new IOException("two columns are named '%s'".formatted(field.getName()));
      }
      struct.addField(field.getName(), toOrc(field));
    }
    return struct;
  }

  private static TypeDescription toOrc(Field field) throws IOException {
    return switch (field.getType()) {
      case ArrowType.Bool _ -> TypeDescription.createBoolean();
      case ArrowType.Int type -> whole(field, type);
      case ArrowType.FloatingPoint type ->
          type.getPrecision() == FloatingPointPrecision.DOUBLE
              ? TypeDescription.createDouble()
              : TypeDescription.createFloat();
      case ArrowType.Utf8 _, ArrowType.LargeUtf8 _ -> TypeDescription.createString();
      case ArrowType.Binary _, ArrowType.LargeBinary _, ArrowType.FixedSizeBinary _ ->
          TypeDescription.createBinary();
      case ArrowType.Date type when type.getUnit() == DateUnit.DAY -> TypeDescription.createDate();
      case ArrowType.Timestamp type ->
          type.getTimezone() == null
              ? TypeDescription.createTimestamp()
              : TypeDescription.createTimestampInstant();
      case ArrowType.Decimal type when type.getPrecision() <= MAX_PRECISION ->
          TypeDescription.createDecimal()
              .withScale(type.getScale())
              .withPrecision(type.getPrecision());
      case ArrowType.List _, ArrowType.LargeList _, ArrowType.FixedSizeList _ ->
          TypeDescription.createList(toOrc(field.getChildren().getFirst()));
      case ArrowType.Struct _ -> struct(field.getChildren());
      case ArrowType.Map _ -> {
        List<Field> entry = field.getChildren().getFirst().getChildren();
        yield TypeDescription.createMap(toOrc(entry.get(0)), toOrc(entry.get(1)));
      }
      default -> throw refused(field);
    };
  }

  /// Numbers without a sign, which ORC has not, have the next longer type.
  private static TypeDescription whole(Field field, ArrowType.Int type) throws IOException {
    int bits = type.getIsSigned() ? type.getBitWidth() : 2 * type.getBitWidth();
    return switch (bits) {
      case Byte.SIZE -> TypeDescription.createByte();
      case Short.SIZE -> TypeDescription.createShort();
      case Integer.SIZE -> TypeDescription.createInt();
      case Long.SIZE -> TypeDescription.createLong();
      default -> throw refused(field);
    };
  }

  private static IOException refused(Field field) {
    return new IOException(
        "column '%s' is of type %s, which a file of ORC cannot hold"
            .formatted(field.getName(), field.getType()));
  }
}
