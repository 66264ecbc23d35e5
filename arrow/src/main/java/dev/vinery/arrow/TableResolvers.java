package dev.vinery.arrow;

import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/// Resolvers of schemas, record batches and tables. What has a column of a kind that has no layout
/// here, for example one that Python pickled, stays an object.
final class TableResolvers {
  static final String SCHEMA = "schema_";
  static final String COLUMN = "__columns_-";
  static final String COLUMNS = "__columns_-size";
  static final String ROWS = "row_num_";
  static final String PARTITION = "partitions_-";
  static final String PARTITIONS = "partitions_-size";
  static final String FROM_POLARS = "from_polars";

  /// Columns of a table, and batches of one.
  private static final long MAX_PARTS = 1 << 24;

  private TableResolvers() {}

  static Stream<Resolver> all(Supplier<BufferAllocator> memory) {
    return Stream.of(new OfBatch(memory), new OfTable(memory));
  }

  /// Makes a value over an object, which it takes over even if that fails.
  static <T> T guarded(
      VineryObject object, Supplier<BufferAllocator> memory, Function<Lease, T> make) {
    boolean leased = false;
    try (var lease = new Lease(object, memory.get())) {
      leased = true;
      return make.apply(lease);
    } catch (ArithmeticException e) {
      throw Layout.wrong(object, "a size passes 64 bits");
    } catch (IllegalArgumentException e) {
      throw Layout.wrong(object, String.valueOf(e.getMessage()));
    } finally {
      if (!leased) {
        object.close();
      }
    }
  }

  /// [Schema]s.
  public static final class OfSchema implements Resolver {
    @Override
    public String typeNamePrefix() {
      return SchemaCodec.TYPE_NAME;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      Schema schema = SchemaCodec.read(object);
      object.close();
      return schema;
    }
  }

  /// Record batches, as [VectorSchemaRoot] or as [ArrowTable].
  public record OfBatch(Supplier<BufferAllocator> memory) implements Resolver {
    /// For the service loader.
    public OfBatch() {
      this(ArrowMemory::views);
    }

    @Override
    public String typeNamePrefix() {
      return "vineyard::RecordBatch";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      if (!object.typeName().equals(typeNamePrefix()) || !columnsAreKnown(object)) {
        return object;
      }
      return guarded(
          object,
          memory,
          lease -> {
            VectorSchemaRoot root = batch(object, SchemaCodec.read(schemaOf(object)), lease);
            return wanted == ArrowTable.class
                ? new ArrowTable(root.getSchema(), List.of(root), false)
                : root;
          });
    }
  }

  /// Tables, as [ArrowTable] or, if it is wanted and there is one batch, as [VectorSchemaRoot].
  public record OfTable(Supplier<BufferAllocator> memory) implements Resolver {
    /// For the service loader.
    public OfTable() {
      this(ArrowMemory::views);
    }

    @Override
    public String typeNamePrefix() {
      return "vineyard::Table";
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      if (!object.typeName().equals(typeNamePrefix())) {
        return object;
      }
      List<VineryObject> batches = batches(object);
      if (!batches.stream().allMatch(TableResolvers::columnsAreKnown)) {
        return object;
      }
      return guarded(
          object,
          memory,
          lease -> {
            ArrowTable table = table(object, batches, lease);
            return wanted == VectorSchemaRoot.class && batches.size() == 1
                ? table.batches().getFirst()
                : table;
          });
    }
  }

  private static VineryObject schemaOf(VineryObject object) {
    VineryObject schema = object.member(SCHEMA);
    if (!schema.typeName().startsWith(SchemaCodec.TYPE_NAME)) {
      throw Layout.wrong(object, "member '" + SCHEMA + "' is a " + schema.typeName());
    }
    return schema;
  }

  private static List<VineryObject> batches(VineryObject table) {
    long count = Layout.count(table, PARTITIONS, MAX_PARTS);
    List<VineryObject> batches = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      VineryObject batch = table.member(PARTITION + i);
      if (!batch.typeName().equals("vineyard::RecordBatch")) {
        throw Layout.wrong(table, "member '" + PARTITION + i + "' is a " + batch.typeName());
      }
      batches.add(batch);
    }
    return batches;
  }

  private static boolean columnsAreKnown(VineryObject batch) {
    long count = Layout.count(batch, COLUMNS, MAX_PARTS);
    for (long i = 0; i < count; i++) {
      if (!VectorReader.knows(batch.member(COLUMN + i))) {
        return false;
      }
    }
    return true;
  }

  private static ArrowTable table(VineryObject object, List<VineryObject> batches, Lease lease) {
    Schema schema = SchemaCodec.read(schemaOf(object));
    List<VectorSchemaRoot> roots = new ArrayList<>(batches.size());
    boolean made = false;
    try {
      for (VineryObject batch : batches) {
        roots.add(batch(batch, schema, lease));
      }
      boolean polars = object.metadata().fields().flag(FROM_POLARS, false);
      // What the vectors are may differ from the schema in the width of offsets.
      Schema actual = roots.isEmpty() ? schema : roots.getFirst().getSchema();
      var table = new ArrowTable(actual, roots, polars);
      requireRows(object, table.rowCount());
      made = true;
      return table;
    } finally {
      if (!made) {
        roots.forEach(VectorSchemaRoot::close);
      }
    }
  }

  private static void requireRows(VineryObject table, long rows) {
    long said = table.metadata().whole("num_rows_");
    if (said >= 0 && said != rows) { // Java's upstream client says -1
      throw Layout.wrong(table, "field 'num_rows_' is " + said + " where batches have " + rows);
    }
  }

  private static VectorSchemaRoot batch(VineryObject object, Schema schema, Lease lease) {
    int rows = (int) Layout.count(object, ROWS, Integer.MAX_VALUE);
    long count = Layout.count(object, COLUMNS, MAX_PARTS);
    List<Field> declared = schema.getFields();
    if (count != declared.size()) {
      throw Layout.wrong(
          object, "there are " + count + " columns where the schema has " + declared.size());
    }
    var reader = new VectorReader(lease);
    List<FieldVector> vectors = new ArrayList<>();
    boolean made = false;
    try {
      for (Field field : declared) {
        String member = COLUMN + vectors.size();
        FieldVector vector = reader.read(object.member(member), field);
        vectors.add(vector);
        if (vector.getValueCount() != rows) {
          throw Layout.wrong(
              object,
              "member '%s' has %d elements where 'row_num_' is %d"
                  .formatted(member, vector.getValueCount(), rows));
        }
      }
      var root = new VectorSchemaRoot(actual(schema, vectors), vectors, rows);
      made = true;
      return root;
    } finally {
      if (!made) {
        vectors.forEach(FieldVector::close);
      }
    }
  }

  /// The schema as it is if the vectors are what it says, or else with what they are.
  private static Schema actual(Schema schema, List<FieldVector> vectors) {
    List<Field> fields = vectors.stream().map(FieldVector::getField).toList();
    return fields.equals(schema.getFields())
        ? schema
        : new Schema(fields, schema.getCustomMetadata());
  }
}
