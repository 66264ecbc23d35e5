package dev.vinery.conformance;

import dev.vinery.client.Client;
import dev.vinery.protocol.ObjectId;
import dev.vinery.types.DataFrame;
import dev.vinery.types.GlobalDataFrame;
import dev.vinery.types.GlobalTensor;
import dev.vinery.types.Partition;
import dev.vinery.types.Partitioned;
import dev.vinery.types.ShareableList;
import dev.vinery.types.SharedMemory;
import dev.vinery.types.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values that are made of several objects, and memory that is shared by name.
final class SpreadValues {
  private SpreadValues() {}

  static void addTo(Map<String, Object> values) {
    values.put(
        "global tensor",
        new Tensors(
            List.of(
                Tensor.of(0.0, 1, 2, 3).reshaped(2, 2), Tensor.of(4.0, 5, 6, 7).reshaped(2, 2))));
    values.put(
        "global frame",
        new Frames(
            List.of(
                DataFrame.builder().column("n", 1L, 2L).build(),
                DataFrame.builder().column("n", 3L).build())));
    values.put("shared memory", new Memory(List.of(1, 2, 3, 0, 0, 0, 0, 8)));
    values.put(
        "shareable list",
        new Shared(
            Arrays.asList(
                1L, -2.5, true, null, "text é", "bytes".getBytes(StandardCharsets.US_ASCII))));
  }

  /// Positions and values of parts.
  private static List<Object> parts(List<Partition> partitions, Class<?> type) {
    List<Object> parts = new ArrayList<>();
    for (Partition part : partitions) {
      parts.add(part.position());
      parts.add(part.value(type));
    }
    return parts;
  }

  private static List<Object> wantedParts(List<?> blocks) {
    List<Object> parts = new ArrayList<>();
    for (Object block : blocks) {
      parts.add(List.of(parts.size() / 2L, 0L));
      parts.add(block);
    }
    return parts;
  }

  private static List<ObjectId> putParts(Client client, List<?> blocks) {
    List<ObjectId> ids = new ArrayList<>();
    for (Object block : blocks) {
      ids.add(client.put(Partitioned.of(block, ids.size(), 0)));
    }
    return ids;
  }

  private record Tensors(List<Tensor> blocks) implements Exchanged {
    @Override
    public ObjectId put(Client client) {
      List<ObjectId> ids = putParts(client, blocks);
      List<Long> shape = List.of(2L * ids.size(), 2L);
      ObjectId id = client.put(GlobalTensor.of(shape, List.of((long) ids.size(), 1L), ids));
      client.persist(id);
      return id;
    }

    @Override
    public Object get(Client client, ObjectId id) {
      GlobalTensor whole = client.get(id, GlobalTensor.class);
      return List.of(
          whole.shape(), whole.partitionShape(), parts(whole.partitions(), Tensor.class));
    }

    @Override
    public Object wanted() {
      return List.of(List.of(4L, 2L), List.of(2L, 1L), wantedParts(blocks));
    }
  }

  private record Frames(List<DataFrame> blocks) implements Exchanged {
    @Override
    public ObjectId put(Client client) {
      ObjectId id = client.put(GlobalDataFrame.of(putParts(client, blocks)));
      client.persist(id);
      return id;
    }

    @Override
    public Object get(Client client, ObjectId id) {
      GlobalDataFrame whole = client.get(id, GlobalDataFrame.class);
      return List.of(whole.partitionRows(), parts(whole.partitions(), DataFrame.class));
    }

    @Override
    public Object wanted() {
      return List.of((long) blocks.size(), wantedParts(blocks));
    }
  }

  /// @param bytes each from 0 to 127
  private record Memory(List<Integer> bytes) implements Exchanged {
    @Override
    public boolean needsSharedMemory() {
      return true;
    }

    @Override
    public ObjectId put(Client client) {
      try (var memory = SharedMemory.create(client, bytes.size())) {
        MemorySegment.copy(MemorySegment.ofArray(array()), 0, memory.memory(), 0, bytes.size());
        memory.freeze();
        return ObjectId.parse(memory.name());
      }
    }

    private byte[] array() {
      byte[] array = new byte[bytes.size()];
      for (int i = 0; i < array.length; i++) {
        array[i] = bytes.get(i).byteValue();
      }
      return array;
    }

    @Override
    public Object get(Client client, ObjectId id) {
      try (var memory = SharedMemory.open(client, id.toString())) {
        return memory.memory().toArray(ValueLayout.JAVA_BYTE);
      }
    }

    @Override
    public Object wanted() {
      return array();
    }
  }

  private record Shared(List<@Nullable Object> elements) implements Exchanged {
    @Override
    public boolean needsSharedMemory() {
      return true;
    }

    @Override
    public ObjectId put(Client client) {
      try (var list = ShareableList.create(client, elements)) {
        return ObjectId.parse(list.name());
      }
    }

    @Override
    public Object get(Client client, ObjectId id) {
      try (var list = ShareableList.open(client, id.toString())) {
        return list.toList();
      }
    }

    @Override
    public Object wanted() {
      return elements;
    }
  }
}
