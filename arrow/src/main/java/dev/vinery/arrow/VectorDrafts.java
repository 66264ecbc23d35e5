package dev.vinery.arrow;

import dev.vinery.client.Draft;
import dev.vinery.protocol.Metadata;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/// Says how vectors are stored. Safe for use by several threads, as vectors are that nobody
/// changes.
///
/// Offsets of strings, binaries and lists are stored with 64 bits, whatever the vector has, as
/// Python does it. Buffers that lie in blobs already are stored as these blobs.
final class VectorDrafts {
  static final String BYTE_WIDTH = "byte_width_";
  static final String LIST_SIZE = "list_size_";

  /// What Python calls the values of lists.
  static final String ITEM = "item";

  private final StoredBlobs blobs;

  VectorDrafts(StoredBlobs blobs) {
    this.blobs = blobs;
  }

  /// An array to be stored.
  ///
  /// @param sizeBytes of its buffers
  record Array(Draft.OfObject draft, long sizeBytes) {}

  /// One array of the elements of all these vectors, which are of one type.
  ///
  /// @param vectors at least one
  /// @throws IllegalArgumentException if arrays of this type have no layout
  Array array(List<? extends FieldVector> vectors) {
    return arrays(vectors.stream().map(Run::of).toList(), false).getFirst();
  }

  /// An array for each of these vectors, which are of one type. They share their buffers: each is a
  /// part of them, which its offset tells.
  ///
  /// @param vectors at least one
  /// @throws IllegalArgumentException if arrays of this type have no layout
  List<Array> chunks(List<? extends FieldVector> vectors) {
    return arrays(vectors.stream().map(Run::of).toList(), true);
  }

  /// Whether any buffer of a vector lies in a blob already.
  boolean isStored(FieldVector vector) {
    for (ArrowBuf buffer : vector.getBuffers(false)) {
      if (blobs.has(buffer)) {
        return true;
      }
    }
    return false;
  }

  /// @param each whether to make an array for each run, or one of all
  private List<Array> arrays(List<Run> runs, boolean each) {
    Field field = runs.getFirst().vector().getField();
    requireLayout(field);
    return switch (field.getType()) {
      case ArrowType.Null _ -> nulls(runs, each);
      case ArrowType.Bool _ -> booleans(runs, each);
      case ArrowType.FixedSizeBinary binary -> fixedBinary(runs, each, binary.getByteWidth());
      case ArrowType.Utf8 _ -> variable(runs, each, ArrayKind.LARGE_STRING, false);
      case ArrowType.LargeUtf8 _ -> variable(runs, each, ArrayKind.LARGE_STRING, true);
      case ArrowType.Binary _ -> variable(runs, each, ArrayKind.LARGE_BINARY, false);
      case ArrowType.LargeBinary _ -> variable(runs, each, ArrayKind.LARGE_BINARY, true);
      case ArrowType.List _ -> lists(runs, each, false);
      case ArrowType.LargeList _ -> lists(runs, each, true);
      case ArrowType.FixedSizeList list -> fixedLists(runs, each, list.getListSize(), field);
      default -> numbers(runs, each, field.getType());
    };
  }

  /// @throws IllegalArgumentException if arrays of this field have no layout
  static void requireLayout(Field field) {
    requireLayout(field, field.getName());
  }

  /// @param vector name of the outermost one, for messages
  private static void requireLayout(Field field, String vector) {
    if (field.getDictionary() != null) {
      throw new IllegalArgumentException(
          "vector '%s' holds indexes into a dictionary, which have no layout here: decode it first"
              .formatted(vector));
    }
    boolean known =
        switch (field.getType()) {
          case ArrowType.Null _,
              ArrowType.Bool _,
              ArrowType.FixedSizeBinary _,
              ArrowType.Utf8 _,
              ArrowType.LargeUtf8 _,
              ArrowType.Binary _,
              ArrowType.LargeBinary _,
              ArrowType.List _,
              ArrowType.LargeList _,
              ArrowType.FixedSizeList _ ->
              true;
          default -> ArrayKind.number(field.getType()).isPresent();
        };
    if (!known) {
      throw new IllegalArgumentException(
          "vector '%s' holds values of type %s, for which the format has no layout"
              .formatted(vector, field.getType()));
    }
    field.getChildren().forEach(child -> requireLayout(child, vector));
  }

  private static List<Array> nulls(List<Run> runs, boolean each) {
    return lengths(runs, each).stream().map(VectorDrafts::nulls).toList();
  }

  private static Array nulls(long length) {
    var draft = Draft.object(ArrayKind.NULL).put(Layout.LENGTH, length);
    return new Array(draft.put(Metadata.SIZE_BYTES, 0).build(), 0);
  }

  /// How many elements each array will have.
  private static List<Long> lengths(List<Run> runs, boolean each) {
    return each ? runs.stream().map(run -> (long) run.count()).toList() : List.of(Run.length(runs));
  }

  private List<Array> booleans(List<Run> runs, boolean each) {
    long bitmapBytes = (Run.length(runs) + 7) / 8;
    return new Building(ArrayKind.BOOLEAN, runs, each)
        .blob(Layout.BUFFER, dataBuffer(runs), bitmapBytes, to -> Run.writeBits(runs, true, to))
        .build();
  }

  private List<Array> numbers(List<Run> runs, boolean each, ArrowType type) {
    String name = ArrayKind.nameOf(type).orElseThrow();
    int width = ArrayKind.number(type).orElseThrow().sizeBytes();
    return new Building(ArrayKind.NUMERIC_PREFIX + name + ">", runs, each).elements(width).build();
  }

  private List<Array> fixedBinary(List<Run> runs, boolean each, int width) {
    return new Building(ArrayKind.FIXED_SIZE_BINARY, runs, each)
        .width(width)
        .elements(width)
        .build();
  }

  private List<Array> variable(List<Run> runs, boolean each, String typeName, boolean large) {
    long dataBytes = runs.stream().mapToLong(run -> run.end(large) - run.start(large)).sum();
    return new Building(typeName, runs, each)
        .offsets(large)
        .blob(Layout.DATA, dataBuffer(runs), dataBytes, to -> Run.writeData(runs, large, to))
        .build();
  }

  private List<Array> lists(List<Run> runs, boolean each, boolean large) {
    List<Run> values = runs.stream().map(run -> run.values(valuesOf(run.vector()), large)).toList();
    return new Building(ArrayKind.LIST, runs, each)
        .offsets(large)
        .values(arrays(values, false).getFirst())
        .build();
  }

  private static FieldVector valuesOf(FieldVector lists) {
    return switch (lists) {
      case LargeListVector large -> large.getDataVector();
      case ListVector narrow -> narrow.getDataVector();
      case FixedSizeListVector fixed -> fixed.getDataVector();
      default ->
          throw new IllegalArgumentException(
              "lists in a " + lists.getClass().getSimpleName() + " cannot be stored");
    };
  }

  private List<Array> fixedLists(List<Run> runs, boolean each, int listSize, Field field) {
    if (runs.stream().anyMatch(run -> run.nullCount() > 0)) {
      throw new IllegalArgumentException(
          "vector '%s' misses lists, for which lists of a fixed size have no layout"
              .formatted(field.getName()));
    }
    List<Run> values =
        runs.stream()
            .map(run ->
                new Run(valuesOf(run.vector()), run.from() * listSize, run.count() * listSize))
            .toList();
    Iterator<Array> stored = arrays(values, each).iterator(); // these have no offset themselves
    return lengths(runs, each).stream()
        .map(length -> fixedLists(length, listSize, stored.next()))
        .toList();
  }

  private static Array fixedLists(long length, int listSize, Array values) {
    var draft =
        Draft.object(ArrayKind.FIXED_SIZE_LIST)
            .put(Layout.LENGTH, length)
            .put(LIST_SIZE, listSize)
            .put(Metadata.SIZE_BYTES, values.sizeBytes)
            .member(Layout.VALUES, values.draft);
    return new Array(draft.build(), values.sizeBytes);
  }

  /// The buffer behind one whole vector, which may be a blob; an empty one if there are several.
  private static ArrowBuf dataBuffer(List<Run> runs) {
    FieldVector vector = runs.getFirst().vector();
    return isWhole(runs) ? vector.getDataBuffer() : vector.getAllocator().getEmpty();
  }

  private static boolean isWhole(List<Run> runs) {
    Run first = runs.getFirst();
    return runs.size() == 1 && first.from() == 0;
  }

  /// Arrays over the same buffers on their way into drafts.
  private final class Building {
    private final String typeName;
    private final List<Run> runs;
    private final boolean each;
    private final long missing;
    private final SequencedMap<String, Draft> members = new LinkedHashMap<>();
    private OptionalInt width = OptionalInt.empty();
    private long sizeBytes;

    private Building(String typeName, List<Run> runs, boolean each) {
      this.typeName = typeName;
      this.runs = runs;
      this.each = each;
      this.missing = runs.stream().mapToLong(Run::nullCount).sum();
      long bitmapBytes = missing == 0 ? 0 : (Run.length(runs) + 7) / 8;
      ArrowBuf validity = runs.getFirst().vector().getValidityBuffer();
      blob(
          Layout.NULL_BITMAP,
          isWhole(runs) ? validity : runs.getFirst().vector().getAllocator().getEmpty(),
          bitmapBytes,
          to -> Run.writeBits(runs, false, to));
    }

    private Building width(int bytes) {
      width = OptionalInt.of(bytes);
      return this;
    }

    private Building elements(long width) {
      long bytes = Math.multiplyExact(Run.length(runs), width);
      return blob(Layout.BUFFER, dataBuffer(runs), bytes, to -> Run.writeFixed(runs, width, to));
    }

    private Building offsets(boolean large) {
      long bytes = Run.length(runs) == 0 ? 0 : (Run.length(runs) + 1) * Long.BYTES;
      boolean asTheyAre = large && bytes > 0 && isWhole(runs) && runs.getFirst().start(true) == 0;
      FieldVector vector = runs.getFirst().vector();
      return blob(
          Layout.OFFSETS,
          asTheyAre ? vector.getOffsetBuffer() : vector.getAllocator().getEmpty(),
          bytes,
          to -> Run.writeOffsets(runs, large, to));
    }

    private Building values(Array values) {
      members.put(Layout.VALUES, values.draft);
      sizeBytes += values.sizeBytes;
      return this;
    }

    /// Adds a blob: the one that the buffer lies in, or a new one.
    private Building blob(
        String member, ArrowBuf buffer, long bytes, Consumer<MemorySegment> content) {
      members.put(
          member,
          blobs
              .find(buffer, bytes)
              .<Draft>map(Draft.Existing::new)
              .orElseGet(() -> new Draft.OfBlob(bytes, content)));
      sizeBytes += bytes;
      return this;
    }

    private List<Array> build() {
      long length = Run.length(runs);
      if (!each || runs.size() == 1) {
        return List.of(part(0, length, missing, sizeBytes));
      }
      List<Array> parts = new ArrayList<>(runs.size());
      long from = 0;
      for (Run run : runs) {
        long share = length == 0 ? 0 : sizeBytes * run.count() / length; // of at most some MiB
        parts.add(part(from, run.count(), run.nullCount(), share));
        from += run.count();
      }
      return parts;
    }

    private Array part(long from, long length, long missing, long sizeBytes) {
      var draft =
          Draft.object(typeName)
              .put(Layout.LENGTH, length)
              .put(Layout.NULL_COUNT, missing)
              .put(Layout.OFFSET, from)
              .put(Metadata.SIZE_BYTES, sizeBytes);
      width.ifPresent(bytes -> draft.put(BYTE_WIDTH, bytes));
      members.forEach(draft::member);
      return new Array(draft.build(), sizeBytes);
    }
  }
}
