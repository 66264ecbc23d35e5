package dev.vinery.client;

import dev.vinery.protocol.ExtentReply;
import dev.vinery.protocol.ExtentRequest;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Stores small values in one request each, or many in one: their blobs are written into memory
/// that the daemon has lent, and blobs and objects are made of them at one moment. Safe for use by
/// several threads.
final class CombinedPuts {
  /// Blobs and objects in one request.
  private static final int BATCH_PARTS = 128;

  /// Bytes of a value's blobs. Where copying takes longer than asking, asking is not worth saving.
  private static final long MAX_VALUE_BYTES = 64 << 10;

  private final LocalBlobs blobs;
  private final Connection connection;
  private final BiFunction<Draft.OfObject, Function<Draft, Json>, Json> contents;

  /// @param contents the metadata of an object, given how its members are named
  CombinedPuts(
      LocalBlobs blobs,
      Connection connection,
      BiFunction<Draft.OfObject, Function<Draft, Json>, Json> contents) {
    this.blobs = blobs;
    this.connection = connection;
    this.contents = contents;
  }

  /// Whether a value is small enough.
  static boolean takes(DraftPlan plan) {
    return plan.parts() <= BATCH_PARTS && extentBytes(plan) <= MAX_VALUE_BYTES;
  }

  private static long extentBytes(DraftPlan plan) {
    long bytes = 0;
    for (Draft.OfBlob blob : plan.blobs()) {
      bytes += ExtentRequest.taken(Math.min(blob.sizeBytes(), MAX_VALUE_BYTES + 1));
    }
    return bytes;
  }

  /// Stores the first of these values, as many as there is room for at a time. If that fails, none
  /// is stored.
  ///
  /// @param plans each of which is small enough
  /// @return their ids; none if the daemon lends no memory
  List<ObjectId> store(List<DraftPlan> plans) {
    long allBytes = 0;
    for (DraftPlan plan : plans) {
      allBytes += extentBytes(plan);
    }
    if (allBytes == 0) {
      return put(plans, null);
    }
    long minBytes = extentBytes(plans.getFirst());
    @Nullable Extent extent = blobs.takeExtent(minBytes, allBytes).orElse(null);
    if (extent == null) {
      return List.of();
    }
    boolean whole = false;
    try {
      List<ObjectId> ids = put(plans.subList(0, fitting(plans, extent.leftBytes())), extent);
      whole = true;
      return ids;
    } finally {
      blobs.giveBack(extent, whole);
    }
  }

  private static int fitting(List<DraftPlan> plans, long roomBytes) {
    long left = roomBytes;
    int count = 0;
    while (count < plans.size() && extentBytes(plans.get(count)) <= left) {
      left -= extentBytes(plans.get(count));
      count++;
    }
    return count;
  }

  /// Writes the blobs and has everything made.
  ///
  /// @param extent where the blobs are written; null if there are none
  private List<ObjectId> put(List<DraftPlan> plans, @Nullable Extent extent) {
    List<Batch> batches = new ArrayList<>();
    for (DraftPlan plan : plans) {
      if (batches.isEmpty() || !batches.getLast().hasRoomFor(plan)) {
        batches.add(new Batch(extent));
      }
      batches.getLast().add(plan);
    }
    return connection.exclusively(() -> send(batches));
  }

  /// Sends batches without waiting for each: while the daemon makes one, the next is printed. The
  /// caller holds the connection's lock.
  private List<ObjectId> send(List<Batch> batches) {
    List<ObjectId> ids = new ArrayList<>();
    boolean stored = false;
    try {
      Iterator<Request> requests = batches.stream().map(Batch::request).iterator();
      List<Reply> replies = connection.callEach(requests);
      for (int i = 0; i < replies.size(); i++) {
        if (replies.get(i) instanceof ExtentReply.Stored reply) {
          ids.addAll(batches.get(i).ids(reply));
        }
      }
      for (int i = 0; i < replies.size(); i++) {
        if (!(replies.get(i) instanceof ExtentReply.Stored)) {
          connection.answer(batches.get(i).request(), replies.get(i), ExtentReply.Stored.class);
        }
      }
      stored = true;
      return ids;
    } finally {
      if (!stored && !ids.isEmpty()) {
        connection.post(new ObjectRequest.Delete(ids, true, true, false, false, false));
      }
    }
  }

  /// Values that are put by one request. Their blobs are written when they are added.
  private final class Batch {
    private final @Nullable Extent extent;
    private final long offset;
    private final List<Draft> tops = new ArrayList<>();
    private final List<Long> sizes = new ArrayList<>();
    private final List<Draft.OfObject> objects = new ArrayList<>();
    private final IdentityHashMap<Draft, Integer> indices = new IdentityHashMap<>();

    Batch(@Nullable Extent extent) {
      this.extent = extent;
      this.offset = extent == null ? 0 : extent.front();
    }

    boolean hasRoomFor(DraftPlan plan) {
      return sizes.size() + objects.size() + plan.parts() <= BATCH_PARTS;
    }

    void add(DraftPlan plan) {
      tops.add(plan.top());
      for (Draft.OfBlob blob : plan.blobs()) {
        if (indices.containsKey(blob)) {
          continue;
        }
        MemorySegment memory = Objects.requireNonNull(extent).allocate(blob.sizeBytes());
        blob.content().accept(memory);
        indices.put(blob, sizes.size());
        sizes.add(blob.sizeBytes());
      }
      for (List<Draft.OfObject> level : plan.levels()) {
        for (Draft.OfObject object : level) {
          if (indices.putIfAbsent(object, objects.size()) == null) {
            objects.add(object);
          }
        }
      }
    }

    Request request() {
      List<Json> trees = new ArrayList<>(objects.size());
      for (Draft.OfObject object : objects) {
        trees.add(contents.apply(object, this::reference));
      }
      return new ExtentRequest.Put(extent == null ? 0 : extent.number(), offset, sizes, trees);
    }

    private Json reference(Draft member) {
      Integer index = indices.get(member);
      return switch (member) {
        case Draft.Existing(var id) -> existing(id);
        case Draft.OfBlob _ when index == null -> existing(ObjectId.EMPTY_BLOB);
        case Draft.OfBlob _ -> named(ExtentRequest.Put.BLOB, Json.Whole.signed(index));
        case Draft.OfObject _ ->
            named(ExtentRequest.Put.OBJECT, Json.Whole.signed(Objects.requireNonNull(index)));
      };
    }

    private Json existing(ObjectId id) {
      return id.isBlob()
          ? Metadata.ofBlob(id, 0, connection.registered().instanceId()).fields()
          : named(Metadata.ID, new Json.Text(id.toString()));
    }

    private static Json named(String by, Json value) {
      return Json.Fields.of(Map.of(by, value));
    }

    /// The ids of the values.
    List<ObjectId> ids(ExtentReply.Stored stored) {
      if (stored.blobs().size() != sizes.size() || stored.objects().size() != objects.size()) {
        throw new ProtocolException(
            "the daemon made %d blobs and %d objects of %d and %d"
                .formatted(
                    stored.blobs().size(), stored.objects().size(), sizes.size(), objects.size()));
      }
      List<ObjectId> ids = new ArrayList<>(tops.size());
      for (Draft top : tops) {
        ids.add(id(top, stored));
      }
      return ids;
    }

    private ObjectId id(Draft top, ExtentReply.Stored stored) {
      Integer index = indices.get(top);
      return switch (top) {
        case Draft.Existing(var id) -> id;
        case Draft.OfBlob _ when index == null -> ObjectId.EMPTY_BLOB;
        case Draft.OfBlob _ -> stored.blobs().get(index);
        case Draft.OfObject _ -> stored.objects().get(Objects.requireNonNull(index));
      };
    }
  }
}
