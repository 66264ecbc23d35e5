package dev.vinery.arrow;

import dev.vinery.client.VineryObject;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BoundsChecking;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/// Makes vectors over stored arrays. Confined to one thread.
final class VectorReader {
  /// Lists in lists, which bounds the recursion.
  private static final int MAX_DEPTH = 64;

  private final Lease lease;

  VectorReader(Lease lease) {
    this.lease = lease;
  }

  /// Whether all arrays in this tree have a layout here.
  static boolean knows(VineryObject array) {
    return knows(array, 0);
  }

  private static boolean knows(VineryObject array, int depth) {
    ArrayKind kind = array.isBlob() ? null : ArrayKind.of(array.typeName()).orElse(null);
    if (kind == null) {
      return false;
    }
    boolean nested = kind instanceof ArrayKind.Lists || kind instanceof ArrayKind.FixedLists;
    return !nested
        || (depth < MAX_DEPTH
            && array
                .findMember(Layout.VALUES)
                .map(values -> knows(values, depth + 1))
                .orElse(true));
  }

  /// Makes a vector of an array that [#knows] accepts.
  ///
  /// @param declared what a schema says of it; null if there is none
  /// @return a vector, which the caller closes
  FieldVector read(VineryObject array, @Nullable Field declared) {
    Field field = field(array, declared, "");
    FieldVector vector = field.createVector(lease.memory());
    boolean filled = false;
    try {
      fill(vector, array);
      filled = true;
      return vector;
    } finally {
      if (!filled) {
        vector.close();
      }
    }
  }

  /// What the vector will be: the type as the array is laid out, all else as declared.
  private static Field field(VineryObject array, @Nullable Field declared, String name) {
    ArrayKind kind =
        ArrayKind.of(array.typeName()).orElseThrow(() -> Layout.wrong(array, "it is no array"));
    List<Field> children =
        switch (kind) {
          case ArrayKind.Lists _, ArrayKind.FixedLists _ -> List.of(child(array, declared));
          default -> List.of();
        };
    ArrowType type = type(array, kind, declared);
    if (declared == null) {
      return new Field(name, FieldType.nullable(type), children);
    }
    boolean asDeclared =
        declared.getDictionary() == null
            && type.equals(declared.getType())
            && children.equals(declared.getChildren());
    return asDeclared
        ? declared
        : new Field(
            declared.getName(),
            new FieldType(declared.isNullable(), type, null, declared.getMetadata()),
            children);
  }

  private static Field child(VineryObject array, @Nullable Field declared) {
    Field child =
        declared != null && declared.getChildren().size() == 1
            ? declared.getChildren().getFirst()
            : null;
    return field(array.member(Layout.VALUES), child, VectorDrafts.ITEM);
  }

  private static ArrowType type(VineryObject array, ArrayKind kind, @Nullable Field declared) {
    ArrowType wanted = declared == null ? null : declared.getType();
    ArrowType stored =
        switch (kind) {
          case ArrayKind.Fixed(var type, var sizeBytes) ->
              wanted != null
                      && ArrayKind.number(wanted).map(n -> n.sizeBytes() == sizeBytes).orElse(false)
                  ? wanted
                  : type;
          case ArrayKind.Bits() -> ArrowType.Bool.INSTANCE;
          case ArrayKind.Nulls() -> ArrowType.Null.INSTANCE;
          case ArrayKind.FixedBinary() ->
              new ArrowType.FixedSizeBinary(
                  (int) Layout.count(array, VectorDrafts.BYTE_WIDTH, Integer.MAX_VALUE));
          case ArrayKind.Variable variable -> variable.type();
          case ArrayKind.Lists lists -> lists.type();
          case ArrayKind.FixedLists() ->
              new ArrowType.FixedSizeList(
                  (int) Layout.count(array, VectorDrafts.LIST_SIZE, Integer.MAX_VALUE));
        };
    if (declared != null && !family(declared.getType()).equals(family(stored))) {
      throw Layout.wrong(
          array,
          "it holds %s where the schema has %s for column '%s'"
              .formatted(stored, declared.getType(), declared.getName()));
    }
    return stored;
  }

  private static final Map<ArrowType.ArrowTypeID, ArrowType.ArrowTypeID> NARROW_TO_LARGE =
      Map.of(
          ArrowType.ArrowTypeID.Utf8, ArrowType.ArrowTypeID.LargeUtf8,
          ArrowType.ArrowTypeID.Binary, ArrowType.ArrowTypeID.LargeBinary,
          ArrowType.ArrowTypeID.List, ArrowType.ArrowTypeID.LargeList);

  /// What types have in common that differ in the width of their offsets only. Python's schema of a
  /// table may say one and its arrays the other.
  private static Object family(ArrowType type) {
    return ArrayKind.number(type).isPresent()
        ? type
        : NARROW_TO_LARGE.getOrDefault(type.getTypeID(), type.getTypeID());
  }

  private void fill(FieldVector vector, VineryObject array) {
    switch (ArrayKind.of(array.typeName()).orElseThrow()) {
      case ArrayKind.Nulls() -> {
        int length = (int) Layout.count(array, Layout.LENGTH, Integer.MAX_VALUE);
        vector.loadFieldBuffers(new ArrowFieldNode(length, length), List.of());
      }
      case ArrayKind.Bits() -> {
        var layout = Layout.of(array);
        load(vector, layout, layout.bits(Layout.BUFFER));
      }
      case ArrayKind.Fixed(_, var sizeBytes) -> {
        var layout = Layout.of(array);
        load(vector, layout, layout.elements(sizeBytes));
      }
      case ArrayKind.FixedBinary() -> {
        var layout = Layout.of(array);
        long width = Layout.count(array, VectorDrafts.BYTE_WIDTH, Integer.MAX_VALUE);
        load(vector, layout, layout.elements(width));
      }
      case ArrayKind.Variable(_, var large) -> fillVariable(vector, Layout.of(array), large);
      case ArrayKind.Lists(var large) -> fillLists(vector, Layout.of(array), large);
      case ArrayKind.FixedLists() -> fillFixedLists((FixedSizeListVector) vector, array);
    }
  }

  private void fillVariable(FieldVector vector, Layout layout, boolean large) {
    MemorySegment offsets = layout.offsets(large);
    // Java's upstream client has another name for it.
    String member =
        layout.array().findMember(Layout.DATA).isPresent() ? Layout.DATA : Layout.BUFFER;
    MemorySegment data = layout.length() == 0 ? MemorySegment.NULL : layout.blob(member);
    long end =
        layout.checkOffsets(
            offsets, large, data.byteSize(), !BoundsChecking.BOUNDS_CHECKING_ENABLED);
    load(vector, layout, offsets, data.asSlice(0, end));
  }

  private void fillLists(FieldVector vector, Layout layout, boolean large) {
    FieldVector values =
        vector instanceof LargeListVector lists
            ? lists.getDataVector()
            : ((ListVector) vector).getDataVector();
    fill(values, layout.array().member(Layout.VALUES));
    MemorySegment offsets = layout.offsets(large);
    layout.checkOffsets(
        offsets, large, values.getValueCount(), !BoundsChecking.BOUNDS_CHECKING_ENABLED);
    load(vector, layout, offsets);
  }

  private void fillFixedLists(FixedSizeListVector vector, VineryObject array) {
    int length = (int) Layout.count(array, Layout.LENGTH, Integer.MAX_VALUE);
    FieldVector values = vector.getDataVector();
    fill(values, array.member(Layout.VALUES));
    if ((long) length * vector.getListSize() > values.getValueCount()) {
      throw Layout.wrong(
          array,
          "%d lists of %d need more than %d values"
              .formatted(length, vector.getListSize(), values.getValueCount()));
    }
    load(vector, length, 0, lease.allValid((length + 7L) / 8));
  }

  private void load(FieldVector vector, Layout layout, MemorySegment... behindValidity) {
    ArrowBuf validity =
        layout.nullCount() == 0
            ? lease.allValid(layout.validityBytes())
            : lease.buffer(layout.validity());
    load(vector, layout.length(), layout.nullCount(), validity, behindValidity);
  }

  /// @param validity is released here
  private void load(
      FieldVector vector,
      int length,
      int nullCount,
      ArrowBuf validity,
      MemorySegment... behindValidity) {
    List<ArrowBuf> buffers = new ArrayList<>(1 + behindValidity.length);
    try {
      buffers.add(validity);
      for (MemorySegment part : behindValidity) {
        buffers.add(lease.buffer(part));
      }
      vector.loadFieldBuffers(new ArrowFieldNode(length, nullCount), buffers);
    } finally {
      buffers.forEach(ArrowBuf::close); // the vector has counted its own
    }
  }
}
