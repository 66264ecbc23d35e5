package dev.vinery.types;

import dev.vinery.client.Builder;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.Streams;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// [ByteStream] and [StreamCollection].
final class StreamCodec {
  private static final String COLLECTION = "vineyard::StreamCollection";
  private static final String PARALLEL = "vineyard::ParallelStream";
  private static final String STREAMS = "__streams";
  private static final String STREAM = "__streams_-";
  private static final String COUNT = "__streams_-size";

  /// Streams of one collection.
  private static final long MAX_STREAMS = 1 << 20;

  /// What is said of every object.
  private static final Set<String> COMMON =
      Set.of(
          Metadata.ID,
          Metadata.TYPE_NAME,
          Metadata.INSTANCE_ID,
          Metadata.SIGNATURE,
          Metadata.TRANSIENT,
          Metadata.GLOBAL,
          Metadata.SIZE_BYTES,
          Metadata.CREATED_MILLIS,
          Metadata.NAME,
          Metadata.LABELS,
          STREAMS,
          COUNT);

  private StreamCodec() {}

  /// Collections.
  public static final class OfCollection implements Builder<StreamCollection> {
    @Override
    public Class<StreamCollection> type() {
      return StreamCollection.class;
    }

    @Override
    public Draft draft(StreamCollection value, Function<Object, Draft> drafts) {
      var draft = Draft.object(COLLECTION).put(Metadata.SIZE_BYTES, 0);
      value.fields().forEach(draft::put);
      List<Json> ids =
          value.streamIds().stream().<Json>map(id -> Json.Whole.unsigned(id.value())).toList();
      return draft.putStructured(STREAMS, new Json.Items(ids)).build();
    }
  }

  /// A [ByteStream].
  public static final class FromBytes implements Resolver {
    @Override
    public String typeNamePrefix() {
      return Streams.BYTES;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      try (object) {
        return new ByteStream(object.id(), Streams.parameters(object.metadata()));
      }
    }
  }

  /// A [StreamCollection].
  public static final class FromCollection implements Resolver {
    @Override
    public String typeNamePrefix() {
      return COLLECTION;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return Layouts.guarded(
          object, () -> collection(object, Layouts.wholes(object, STREAMS), STREAMS));
    }
  }

  /// A [StreamCollection] as older clients store it.
  public static final class FromParallel implements Resolver {
    @Override
    public String typeNamePrefix() {
      return PARALLEL;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      return Layouts.guarded(
          object,
          () -> {
            long count = Layouts.count(object, COUNT, MAX_STREAMS);
            List<Long> ids = new ArrayList<>();
            for (long i = 0; i < count; i++) {
              ids.add(object.member(STREAM + i).id().value());
            }
            return collection(object, ids, COUNT);
          });
    }
  }

  private static StreamCollection collection(VineryObject object, List<Long> ids, String field) {
    if (ids.size() > MAX_STREAMS) {
      throw Layouts.wrong(object, "field '" + field + "' names " + ids.size() + " streams");
    }
    var fields = new LinkedHashMap<String, Json>();
    for (Map.Entry<String, Json> each : object.metadata().fields().values().entrySet()) {
      if (!COMMON.contains(each.getKey()) && !(each.getValue() instanceof Json.Fields)) {
        fields.put(each.getKey(), each.getValue());
      }
    }
    object.close();
    return new StreamCollection(ids.stream().map(ObjectId::new).toList(), fields);
  }
}
