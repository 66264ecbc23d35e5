package dev.vinery.benchmarks;

import dev.vinery.client.Client;
import dev.vinery.client.DeleteOption;
import dev.vinery.client.Draft;
import dev.vinery.client.Vinery;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// Our own client, used as programs use it.
final class JavaClient implements LoadClient {
  private static final String TYPE = "vineyard::Tensor<int64>";
  private static final String BUFFER = "buffer_";
  private static final int DISCARDED_AT_ONCE = 500;

  private final Client client;
  private final Content content;

  private JavaClient(Client client, Content content) {
    this.client = client;
    this.content = content;
  }

  /// @param content what blobs are filled with
  static JavaClient connect(Path socket, Content content) {
    return new JavaClient(Vinery.connect(socket), content);
  }

  @Override
  public long put(long sizeBytes) {
    return client.create(tensor(sizeBytes)).value();
  }

  @Override
  public void putMany(int count, long sizeBytes, long[] into, int from) {
    List<Draft> tensors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      tensors.add(tensor(sizeBytes));
    }
    List<ObjectId> ids = client.putAll(tensors);
    for (int i = 0; i < count; i++) {
      into[from + i] = ids.get(i).value();
    }
  }

  private Draft tensor(long sizeBytes) {
    var blob = new Draft.OfBlob(sizeBytes, memory -> content.fill(memory, 0, sizeBytes));
    return Draft.object(TYPE)
        .member(BUFFER, blob)
        .put("order_", "\"C\"")
        .put("partition_index_", "[]")
        .put("shape_", shape(sizeBytes))
        .put("value_type_", "int64")
        .put("value_type_meta_", "<i8")
        .build();
  }

  private static String shape(long sizeBytes) {
    return "[" + sizeBytes / Long.BYTES + "]";
  }

  @Override
  public long createBlob(long sizeBytes) {
    try (var writer = client.createBlob(sizeBytes)) {
      content.fill(writer.segment(), 0, sizeBytes);
      try (var blob = writer.seal()) {
        return blob.id().value();
      }
    }
  }

  @Override
  public long createObject(long blob, long sizeBytes) {
    var metadata =
        Metadata.builder(TYPE)
            .put(BUFFER, Metadata.ofBlob(new ObjectId(blob), sizeBytes, client.instanceId()))
            .put("order_", "\"C\"")
            .put("partition_index_", "[]")
            .put("shape_", shape(sizeBytes))
            .put("value_type_", "int64")
            .put("value_type_meta_", "<i8")
            .build();
    return client.createMetadata(metadata).value();
  }

  @Override
  public void get(long object, long sizeBytes) {
    try (VineryObject tensor = client.getObject(new ObjectId(object))) {
      Content.check(tensor.member(BUFFER).segment(), 0, sizeBytes);
    }
  }

  @Override
  public void getMetadata(long object) {
    Metadata metadata = client.getMetadata(new ObjectId(object));
    if (!metadata.has(BUFFER)) {
      throw new IllegalStateException("no buffer in " + metadata);
    }
  }

  @Override
  public void exists(long object) {
    if (!client.exists(new ObjectId(object))) {
      throw new IllegalStateException("there is no object " + new ObjectId(object));
    }
  }

  @Override
  public void label(long object, String key, String value) {
    client.label(new ObjectId(object), Map.of(key, value));
  }

  @Override
  public int list(String pattern, int limit) {
    return client.list(pattern, limit).size();
  }

  @Override
  public void persist(long object) {
    client.persist(new ObjectId(object));
  }

  @Override
  public void putName(String name, long object) {
    client.putName(new ObjectId(object), name);
  }

  @Override
  public long getName(String name) {
    return client.getName(name).value();
  }

  @Override
  public void delete(long object) {
    client.delete(List.of(new ObjectId(object)));
  }

  @Override
  public void discard(long[] ids, int count, boolean trim) {
    DeleteOption[] options = trim ? new DeleteOption[] {DeleteOption.TRIM} : new DeleteOption[0];
    for (int from = 0; from < count; from += DISCARDED_AT_ONCE) {
      LongStream some = LongStream.of(ids).limit(count).skip(from).limit(DISCARDED_AT_ONCE);
      client.delete(some.mapToObj(ObjectId::new).toList(), options);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
