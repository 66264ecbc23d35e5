package dev.vinery.benchmarks;

import dev.vinery.arrow.ArrowFiles;
import dev.vinery.arrow.ArrowMemory;
import dev.vinery.arrow.ArrowTable;
import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.posix.PosixException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.types.ElementType;
import dev.vinery.types.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;

/// T1: tables and tensors as values of our Java client, on our daemon alone: large ones beside
/// small ones, a table of very many chunks, and a column's sum beside the same in a mapped file.
/// And what Python's get makes of where a frame came from.
final class TableLoads implements Suite {
  private static final long SMALL_BYTES = 64;
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;
  private static final int COLUMNS = 8;
  private static final int SUMMED_COLUMN = 3;

  /// As many as in the table that upstream's users gave up on.
  private static final int CHUNKS = 21_000;

  private static final Path TMPFS = Path.of("/dev/shm");

  @Override
  public String id() {
    return "T1";
  }

  @Override
  public String title() {
    return "Tables and tensors, through our Java client on our daemon";
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws IOException, PosixException {
    long large = daemons.options().quick() ? 64 * MIB : GIB;
    Path socket = daemons.daemon(Side.OURS).socket();
    try (Client client = Vinery.connect(socket)) {
      ObjectId table = putTable(client, large);
      report.add(gets(daemons, client, table, large));
      report.add(sums(daemons, client, table, large));
      client.clear();
      report.add(chunks(daemons, client));
      client.clear();
      report.add(new PythonFrames(daemons.options().official()).compare(client, socket));
    }
  }

  /// Makes a table in shared memory.
  ///
  /// @param sizeBytes of all columns
  private static ObjectId putTable(Client client, long sizeBytes) {
    int rows = Math.toIntExact(sizeBytes / COLUMNS / Double.BYTES);
    try (BufferAllocator shared = ArrowMemory.allocator(client)) {
      List<FieldVector> columns = new ArrayList<>();
      for (int i = 0; i < COLUMNS; i++) {
        columns.add(numbers("c" + i, rows, shared));
      }
      try (var table = ArrowTable.of(new VectorSchemaRoot(columns))) {
        return client.put(table);
      }
    }
  }

  private static Float8Vector numbers(String name, int count, BufferAllocator memory) {
    var numbers = new Float8Vector(name, memory);
    numbers.allocateNew(count);
    for (int i = 0; i < count; i++) {
      numbers.set(i, i);
    }
    numbers.setValueCount(count);
    return numbers;
  }

  private static ObjectId putTensor(Client client, long sizeBytes) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment values = arena.allocate(sizeBytes, Double.BYTES);
      return client.put(Tensor.of(ElementType.FLOAT64, List.of(sizeBytes / Double.BYTES), values));
    }
  }

  private static MarkdownTable gets(
      SideBySide daemons, Client client, ObjectId largeTable, long large) throws PosixException {
    Path socket = daemons.daemon(Side.OURS).socket();
    ObjectId smallTable = putTable(client, SMALL_BYTES);
    ObjectId smallTensor = putTensor(client, SMALL_BYTES);
    ObjectId largeTensor = putTensor(client, large);
    SequencedMap<String, Comparison.Opening> openings = new LinkedHashMap<>();
    openings.put("table of 64 B", _ -> new Getting(socket, smallTable));
    openings.put("table of " + Figures.size(large), _ -> new Getting(socket, largeTable));
    openings.put("tensor of 64 B", _ -> new Getting(socket, smallTensor));
    openings.put("tensor of " + Figures.size(large), _ -> new Getting(socket, largeTensor));
    Outcome<String> outcome = daemons.run(Load.of("get", 0), openings);
    var table = new MarkdownTable("get" + mark(outcome), "p50 µs", "p99 µs", "time / that of 64 B");
    List<String> names = List.copyOf(openings.keySet());
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String small = names.get(i / 2 * 2);
      table.row(
          name,
          Figures.micros(outcome.p50Nanos(name).median()),
          Figures.micros(outcome.p99Nanos(name).median()),
          Figures.ratio(outcome.p50Ratio(name, small)));
    }
    return table;
  }

  private static String mark(Outcome<?> outcome) {
    return outcome.disturbed() > 0 ? " *" : "";
  }

  /// Gets a value, looks at its first element and its last one, and closes it.
  private record Getting(Client client, ObjectId id) implements Worker {
    Getting(Path socket, ObjectId id) {
      this(Vinery.connect(socket), id);
    }

    @Override
    public void step(int index) {
      switch (client.get(id)) {
        case ArrowTable table -> {
          var column = (Float8Vector) table.batches().getLast().getVector(COLUMNS - 1);
          int last = column.getValueCount() - 1;
          expect(column.get(0), 0);
          expect(column.get(last), last);
          table.close();
        }
        case Tensor tensor -> {
          expect(tensor.getDouble(0), 0);
          expect(tensor.getDouble(tensor.length() - 1), 0);
          tensor.close();
        }
        case Object other -> throw new IllegalStateException("got " + other);
      }
    }

    private static void expect(double found, double wanted) {
      if (found != wanted) {
        throw new IllegalStateException("found %s where %s was put".formatted(found, wanted));
      }
    }

    @Override
    public void close() {
      client.close();
    }
  }

  private static MarkdownTable sums(SideBySide daemons, Client client, ObjectId id, long sizeBytes)
      throws IOException, PosixException {
    Path file = Files.createTempFile(TMPFS, "vinery-benchmarks-", ".arrow");
    try (BufferAllocator memory = new RootAllocator();
        ArrowTable table = client.get(id, ArrowTable.class)) {
      ArrowFiles.write(table, file);
      var held = (Float8Vector) table.batches().getFirst().getVector(SUMMED_COLUMN);
      try (var mapped = MappedColumn.open(file, table, SUMMED_COLUMN, memory)) {
        return sums(daemons, held, mapped.vector(), sizeBytes);
      }
    } finally {
      Files.delete(file);
    }
  }

  private static MarkdownTable sums(
      SideBySide daemons, Float8Vector held, Float8Vector mapped, long sizeBytes)
      throws PosixException {
    SequencedMap<String, Comparison.Opening> openings = new LinkedHashMap<>();
    openings.put("mapped Arrow file in tmpfs", _ -> new Summing(mapped));
    openings.put("held by Vinery", _ -> new Summing(held));
    long moved = (long) held.getValueCount() * Double.BYTES;
    Outcome<String> outcome =
        daemons.run(Load.of("sum", 0).moving(moved).withSteps(3, 50), openings);
    var table =
        new MarkdownTable(
            "sum of one column of " + Figures.size(sizeBytes) + mark(outcome),
            "p50 µs",
            "speed",
            "speed / that of the file");
    for (String name : openings.keySet()) {
      table.row(
          name,
          Figures.micros(outcome.p50Nanos(name).median()),
          Figures.gigabytes(outcome.perSecond(name).median() * moved),
          Figures.ratio(outcome.p50Ratio(openings.firstEntry().getKey(), name)));
    }
    return table;
  }

  /// Adds up a column of 0, 1, 2, …
  private record Summing(Float8Vector column) implements Worker {
    @Override
    public void step(int index) {
      int count = column.getValueCount();
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += column.get(i);
      }
      if (sum != (double) count * (count - 1) / 2) { // exact: all partial sums are below 2^53
        throw new IllegalStateException("the sum is " + sum);
      }
    }

    @Override
    public void close() {
      // The column belongs to whoever made this.
    }
  }

  private static MarkdownTable chunks(SideBySide daemons, Client client) throws PosixException {
    try (BufferAllocator memory = new RootAllocator();
        ArrowTable chunked = chunked(memory)) {
      var load = Load.of("chunks", 0).withSteps(2, 5);
      SequencedMap<String, Comparison.Opening> putting = new LinkedHashMap<>();
      putting.put("put", _ -> new Putting(client, chunked));
      Outcome<String> puts = daemons.run(load.undoing(), putting);
      ObjectId id = client.put(chunked);
      SequencedMap<String, Comparison.Opening> getting = new LinkedHashMap<>();
      getting.put("get", _ -> new GettingChunks(client, id));
      Outcome<String> gets = daemons.run(load, getting);
      var table =
          new MarkdownTable("table of " + Figures.count(CHUNKS) + " chunks", "p50 ms", "range");
      row(table, "put", puts);
      row(table, "get", gets);
      return table;
    }
  }

  private static void row(MarkdownTable table, String name, Outcome<String> outcome) {
    Spread nanos = outcome.p50Nanos(name);
    table.row(
        name + mark(outcome),
        Figures.number(nanos.median() / 1e6),
        Figures.number(nanos.min() / 1e6) + "–" + Figures.number(nanos.max() / 1e6));
  }

  private static ArrowTable chunked(BufferAllocator memory) {
    List<VectorSchemaRoot> batches = new ArrayList<>();
    for (int i = 0; i < CHUNKS; i++) {
      batches.add(VectorSchemaRoot.of(numbers("n", 1, memory)));
    }
    return ArrowTable.of(batches.getFirst().getSchema(), batches);
  }

  /// Puts a table and deletes it before the next time.
  private static final class Putting implements Worker {
    private final Client client;
    private final ArrowTable table;
    private ObjectId made = ObjectId.EMPTY_BLOB;

    Putting(Client client, ArrowTable table) {
      this.client = client;
      this.table = table;
    }

    @Override
    public void step(int index) {
      made = client.put(table);
    }

    @Override
    public void undo(int index) {
      client.delete(List.of(made));
    }

    @Override
    public void close() {
      // The client and the table belong to whoever made this.
    }
  }

  /// Gets a table of many chunks.
  private record GettingChunks(Client client, ObjectId id) implements Worker {
    @Override
    public void step(int index) {
      try (ArrowTable table = client.get(id, ArrowTable.class)) {
        if (table.rowCount() != CHUNKS) {
          throw new IllegalStateException("got " + table.rowCount() + " rows");
        }
      }
    }

    @Override
    public void close() {
      // The client belongs to whoever made this.
    }
  }
}
