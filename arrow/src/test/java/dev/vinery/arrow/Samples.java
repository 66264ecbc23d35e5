package dev.vinery.arrow;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/// Vectors of every type that has a layout, with and without missing elements.
public final class Samples {
  static final ArrowType INT64 = new ArrowType.Int(64, true);

  private static final byte[][] TEXTS = {
    bytes(""), bytes("a"), bytes("žluťoučký kůň 🐎"), bytes("x".repeat(300)), bytes("\n\u0000\"")
  };

  private Samples() {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Every type whose elements are neither lists nor nothing.
  public static List<ArrowType> flatTypes() {
    List<ArrowType> types = new ArrayList<>();
    for (int bits : new int[] {8, 16, 32, 64}) {
      types.add(new ArrowType.Int(bits, true));
      types.add(new ArrowType.Int(bits, false));
    }
    for (FloatingPointPrecision precision : FloatingPointPrecision.values()) {
      types.add(new ArrowType.FloatingPoint(precision));
    }
    types.add(new ArrowType.Date(DateUnit.DAY));
    types.add(new ArrowType.Date(DateUnit.MILLISECOND));
    types.add(new ArrowType.Time(TimeUnit.SECOND, 32));
    types.add(new ArrowType.Time(TimeUnit.MILLISECOND, 32));
    types.add(new ArrowType.Time(TimeUnit.MICROSECOND, 64));
    types.add(new ArrowType.Time(TimeUnit.NANOSECOND, 64));
    for (TimeUnit unit : TimeUnit.values()) {
      types.add(new ArrowType.Timestamp(unit, null));
      types.add(new ArrowType.Timestamp(unit, "Asia/Singapore"));
      types.add(new ArrowType.Duration(unit));
    }
    types.add(ArrowType.Bool.INSTANCE);
    types.add(ArrowType.Utf8.INSTANCE);
    types.add(ArrowType.LargeUtf8.INSTANCE);
    types.add(ArrowType.Binary.INSTANCE);
    types.add(ArrowType.LargeBinary.INSTANCE);
    types.add(new ArrowType.FixedSizeBinary(5));
    return types;
  }

  static Field field(String name, ArrowType type) {
    return new Field(name, FieldType.nullable(type), List.of());
  }

  /// A vector of `count` elements of which every third is missing if `missing`.
  static FieldVector flat(ArrowType type, int count, boolean missing, BufferAllocator memory) {
    return flat("", type, count, missing, memory);
  }

  /// A vector with a name, else as [#flat(ArrowType, int, boolean, BufferAllocator)].
  public static FieldVector flat(
      String name, ArrowType type, int count, boolean missing, BufferAllocator memory) {
    FieldVector vector = field(name, type).createVector(memory);
    vector.setInitialCapacity(Math.max(1, count));
    vector.allocateNew();
    for (int i = 0; i < count; i++) {
      if (!missing || i % 3 != 1) {
        set(vector, i);
      }
    }
    vector.setValueCount(count);
    return vector;
  }

  private static void set(FieldVector vector, int index) {
    switch (vector) {
      case BaseVariableWidthVector texts -> texts.setSafe(index, TEXTS[index % TEXTS.length]);
      case BaseLargeVariableWidthVector texts -> texts.setSafe(index, TEXTS[index % TEXTS.length]);
      case BitVector bits -> bits.setSafe(index, index % 2);
      case BaseFixedWidthVector numbers -> {
        int width = numbers.getTypeWidth();
        for (int i = 0; i < width; i++) {
          // Largest, smallest and others.
          numbers.getDataBuffer().setByte((long) index * width + i, index * 51 - 128 + i);
        }
        BitVectorHelper.setBit(numbers.getValidityBuffer(), index);
      }
      default -> throw new IllegalArgumentException(vector.toString());
    }
  }

  static ListVector list(ArrowType type, int count, boolean missing, BufferAllocator memory) {
    var list = ListVector.empty("", memory);
    list.addOrGetVector(FieldType.nullable(type));
    FieldVector values = flat(type, 3 * count, missing, memory);
    values.makeTransferPair(list.getDataVector()).transfer();
    values.close();
    list.setInitialCapacity(count + 1);
    list.allocateNewSafe();
    FieldVector again = flat(type, 3 * count, missing, memory);
    again.makeTransferPair(list.getDataVector()).transfer();
    again.close();
    int end = 0;
    for (int i = 0; i < count; i++) {
      if (missing && i % 3 == 2) {
        list.setNull(i);
      } else {
        list.startNewValue(i);
        list.endValue(i, i % 4 == 3 ? 0 : i % 3);
        end += i % 4 == 3 ? 0 : i % 3;
      }
    }
    list.setLastSet(count - 1);
    list.setValueCount(count);
    list.getDataVector().setValueCount(Math.max(end, 0));
    return list;
  }

  /// All kinds of vectors, by what they are.
  public static SequencedMap<String, FieldVector> all(BufferAllocator memory) {
    var all = new LinkedHashMap<String, FieldVector>();
    for (int count : new int[] {0, 1, 20}) {
      for (boolean missing : new boolean[] {false, true}) {
        String suffix = " of " + count + (missing ? " with missing ones" : "");
        for (ArrowType type : flatTypes()) {
          all.put(type + suffix, flat(type, count, missing, memory));
        }
        all.put("large lists" + suffix, largeList(count, missing, memory));
        all.put("fixed-size lists" + suffix, fixedList(count, memory));
        all.put("lists" + suffix, list(ArrowType.Utf8.INSTANCE, count, missing, memory));
      }
      all.put("nulls of " + count, nulls(count, memory));
    }
    return all;
  }

  static FieldVector nulls(int count, BufferAllocator memory) {
    FieldVector nulls = field("", ArrowType.Null.INSTANCE).createVector(memory);
    nulls.setValueCount(count);
    return nulls;
  }

  static LargeListVector largeList(int count, boolean missing, BufferAllocator memory) {
    var list = LargeListVector.empty("", memory);
    var writer = list.getWriter();
    list.allocateNew();
    for (int i = 0; i < count; i++) {
      writer.setPosition(i);
      if (missing && i % 3 == 2) {
        writer.writeNull();
        continue;
      }
      writer.startList();
      for (int j = 0; j < i % 4; j++) {
        writer.bigInt().writeBigInt(i * 10L + j);
      }
      writer.endList();
    }
    if (count == 0) {
      list.addOrGetVector(FieldType.nullable(new ArrowType.Int(64, true)));
    }
    list.setValueCount(count);
    if (count <= 1) {
      list.addOrGetVector(FieldType.nullable(new ArrowType.Int(64, true)));
    }
    return list;
  }

  static FixedSizeListVector fixedList(int count, BufferAllocator memory) {
    var list = FixedSizeListVector.empty("", 3, memory);
    list.addOrGetVector(
        FieldType.nullable(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)));
    list.setInitialCapacity(Math.max(1, count));
    list.allocateNew();
    FieldVector values =
        flat(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE), 3 * count, true, memory);
    values.makeTransferPair(list.getDataVector()).transfer();
    values.close();
    for (int i = 0; i < count; i++) {
      list.setNotNull(i);
    }
    list.setValueCount(count);
    return list;
  }

  /// What a vector holds.
  static List<Object> contents(FieldVector vector) {
    List<Object> contents = new ArrayList<>();
    for (int i = 0; i < vector.getValueCount(); i++) {
      contents.add(ArrowText.element(vector, i));
    }
    return contents;
  }

  /// A batch with a column of every flat type.
  static VectorSchemaRoot batch(int rows, boolean missing, BufferAllocator memory) {
    List<FieldVector> vectors = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (ArrowType type : flatTypes()) {
      FieldVector vector = flat("column " + vectors.size(), type, rows, missing, memory);
      vectors.add(vector);
      fields.add(vector.getField());
    }
    return new VectorSchemaRoot(new Schema(fields, Map.of("made by", "a test ü")), vectors, rows);
  }
}
