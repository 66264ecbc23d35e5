package dev.vinery.types;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.vinery.client.Client;
import dev.vinery.client.Draft;
import dev.vinery.protocol.ObjectId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How one value of a family of types is stored, got and read.
interface Family {
  ObjectId store(Client client);

  default Object get(Client client, ObjectId id) {
    return client.get(id);
  }

  /// Reads what is in a value that was got, and keeps nothing of it open.
  ///
  /// @throws IllegalStateException if it is closed
  Object contents(Object got);

  /// What [#contents] returns.
  Object expected();

  /// All families, by name.
  static SequencedMap<String, Family> all() {
    var families = new LinkedHashMap<String, Family>();
    Samples.all().forEach((name, value) -> families.put(name, new Plain(value)));
    families.put("global tensor", new OfGlobalTensor());
    families.put("global frame", new OfGlobalFrame());
    families.put("collection", new OfCollection());
    families.put("old pair", new OfOtherClient(Family::pair, new Pair("left", 2L)));
    families.put("old tuple", new OfOtherClient(Family::tuple, List.of(2L)));
    families.put(
        "array of C++", new OfOtherClient(_ -> array(), Tensor.of(-1, 5).as(ElementType.UINT32)));
    families.put("shared memory", new OfSharedMemory());
    families.put("shareable list", new OfShareableList());
    return families;
  }

  /// Values that are equal if what is in them is.
  record Plain(Object value) implements Family {
    @Override
    public ObjectId store(Client client) {
      return client.put(value);
    }

    @Override
    public Object contents(Object got) {
      switch (got) {
        case Tensor tensor -> tensor.values();
        case Strings strings -> strings.format(0);
        case SparseColumn column -> column.getDouble(0);
        case ZonedTimes times -> times.get(0);
        case ObjectTensor objects -> objects.values();
        case DataFrame frame -> contents(frame.columns().firstEntry().getValue());
        case Series series -> contents(series.values());
        case Index index -> contents(index.labels());
        case SparseMatrix matrix -> contents(matrix.values());
        default -> {}
      }
      return got;
    }

    @Override
    public Object expected() {
      return value;
    }
  }

  static Draft pair(Client client) {
    return Draft.object("vineyard::Pair")
        .member("first_", new Draft.Existing(client.put("left")))
        .member("second_", new Draft.Existing(client.put(2L)))
        .build();
  }

  private static Draft tuple(Client client) {
    return Draft.object("vineyard::Tuple")
        .put("size_", 1)
        .put("__elements_-size", 1)
        .member("__elements_-0", new Draft.Existing(client.put(2L)))
        .build();
  }

  private static Draft array() {
    return Draft.object("vineyard::Array<uint>")
        .put("size_", 2)
        .member("buffer_", Draft.blob(Tensor.of(-1, 5, 9).values()))
        .build();
  }

  /// What other clients write, and Java only reads.
  record OfOtherClient(Function<Client, Draft> draft, Object expected) implements Family {
    @Override
    public ObjectId store(Client client) {
      return client.create(draft.apply(client));
    }

    @Override
    public Object contents(Object got) {
      return new Plain(expected).contents(got);
    }
  }

  record OfGlobalTensor() implements Family {
    @Override
    public ObjectId store(Client client) {
      ObjectId first = client.put(Partitioned.of(Tensor.of(1.5, 2.5), 0));
      ObjectId second = client.put(Partitioned.of(Tensor.of(3.5), 1));
      return client.put(GlobalTensor.of(List.of(3L), List.of(2L), List.of(first, second)));
    }

    @Override
    public Object contents(Object got) {
      return ((GlobalTensor) got).partitions().stream().map(Family::numbers).toList();
    }

    @Override
    public Object expected() {
      return List.of(List.of(1.5, 2.5), List.of(3.5));
    }
  }

  private static List<Double> numbers(Partition part) {
    try (Tensor tensor = part.value(Tensor.class)) {
      return Arrays.stream(tensor.toDoubleArray()).boxed().toList();
    }
  }

  record OfGlobalFrame() implements Family {
    @Override
    public ObjectId store(Client client) {
      ObjectId first = client.put(Partitioned.of(frame(1, 2), 0, 0));
      ObjectId second = client.put(Partitioned.of(frame(3), 1, 0));
      return client.put(GlobalDataFrame.of(List.of(first, second)));
    }

    private static DataFrame frame(double... values) {
      return DataFrame.builder().column("x", values).build();
    }

    @Override
    public Object contents(Object got) {
      return ((GlobalDataFrame) got).partitions().stream().map(OfGlobalFrame::numbers).toList();
    }

    private static List<Double> numbers(Partition part) {
      try (DataFrame frame = part.value(DataFrame.class)) {
        return Arrays.stream(frame.tensor("x").toDoubleArray()).boxed().toList();
      }
    }

    @Override
    public Object expected() {
      return List.of(List.of(1.0, 2.0), List.of(3.0));
    }
  }

  record OfCollection() implements Family {
    @Override
    public ObjectId store(Client client) {
      List<ObjectId> parts = List.of(client.put(Tensor.of(1.0)), client.put(Tensor.of(2.0)));
      return client.put(ObjectCollection.of("vineyard::Tensor<double>", parts));
    }

    @Override
    public Object contents(Object got) {
      return ((ObjectCollection) got).partitions().stream().map(Family::numbers).toList();
    }

    @Override
    public Object expected() {
      return List.of(List.of(1.0), List.of(2.0));
    }
  }

  record OfSharedMemory() implements Family {
    @Override
    public ObjectId store(Client client) {
      try (var memory = SharedMemory.create(client, 4)) {
        memory.memory().set(JAVA_BYTE, 2, (byte) 0x70);
        return ObjectId.parse(memory.name());
      }
    }

    @Override
    public Object get(Client client, ObjectId id) {
      return SharedMemory.open(client, id.toString());
    }

    @Override
    public Object contents(Object got) {
      return HexFormat.of().formatHex(((SharedMemory) got).memory().toArray(JAVA_BYTE));
    }

    @Override
    public Object expected() {
      return "00007000";
    }
  }

  record OfShareableList() implements Family {
    private static final List<@Nullable Object> ELEMENTS = Arrays.asList(1L, "two", null, 4.5);

    @Override
    public ObjectId store(Client client) {
      try (var list = ShareableList.create(client, ELEMENTS)) {
        return ObjectId.parse(list.name());
      }
    }

    @Override
    public Object get(Client client, ObjectId id) {
      return ShareableList.open(client, id.toString());
    }

    @Override
    public Object contents(Object got) {
      return ((ShareableList) got).toList();
    }

    @Override
    public Object expected() {
      return ELEMENTS;
    }
  }
}
