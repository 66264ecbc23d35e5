package dev.vinery.client;

import dev.vinery.protocol.Extension;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.ProtocolException;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Stores drafts. Safe for use by several threads.
///
/// Where the daemon lets us, small drafts are stored by [CombinedPuts]. Others take as few waits as
/// their depth allows: one to reserve all blobs, or two to send them, and one for each level of
/// objects; reserved blobs are sealed along with the first level. If anything fails, what was made
/// is deleted again.
final class DraftStore {
  /// Objects in one request: few enough that the daemon is at one while the next is written.
  private static final int BATCH_MAX = 128;

  /// Drafts that are written at a time.
  private static final int WINDOW = 8192;

  private final Line line;
  private final Blobs blobs;
  private final @Nullable CombinedPuts combined;

  DraftStore(Line line, Blobs blobs) {
    this.line = line;
    this.blobs = blobs;
    this.combined =
        blobs instanceof LocalBlobs local
                && line.registered().extensions().contains(Extension.CALLS)
            ? new CombinedPuts(local, line.connection(), this::content)
            : null;
  }

  ObjectId store(Draft draft) {
    return storeSome(List.of(DraftPlan.of(draft))).getFirst();
  }

  /// Stores drafts one after the other; if one fails, none.
  List<ObjectId> storeAll(List<Draft> drafts) {
    List<ObjectId> ids = new ArrayList<>(drafts.size());
    boolean stored = false;
    try {
      for (int from = 0; from < drafts.size(); from += WINDOW) {
        List<Draft> window = drafts.subList(from, Math.min(from + WINDOW, drafts.size()));
        List<DraftPlan> plans = window.stream().map(DraftPlan::of).toList();
        while (ids.size() < from + plans.size()) {
          ids.addAll(storeSome(plans.subList(ids.size() - from, plans.size())));
        }
      }
      stored = true;
      return ids;
    } finally {
      if (!stored && !ids.isEmpty()) {
        line.post(deletion(ids));
      }
    }
  }

  /// Stores the first of these drafts: at least one.
  private List<ObjectId> storeSome(List<DraftPlan> plans) {
    if (combined != null) {
      List<DraftPlan> small = plans.stream().takeWhile(CombinedPuts::takes).toList();
      List<ObjectId> ids = small.isEmpty() ? List.of() : combined.store(small);
      if (!ids.isEmpty()) {
        return ids;
      }
    }
    var storing = new Storing(plans.getFirst());
    storing.create();
    return List.of(storing.id(plans.getFirst().top()));
  }

  private static Request deletion(Collection<ObjectId> ids) {
    return new ObjectRequest.Delete(List.copyOf(ids), true, true, false, false, false);
  }

  /// The metadata of an object.
  ///
  /// @param reference how a member is named
  private Json content(Draft.OfObject object, Function<Draft, Json> reference) {
    var fields = new LinkedHashMap<String, Json>(object.fields());
    fields.put(Metadata.TYPE_NAME, new Json.Text(object.typeName()));
    object.members().forEach((name, member) -> fields.put(name, reference.apply(member)));
    return complete(fields);
  }

  /// Metadata as it is sent: with what every object must say of itself.
  Json.Fields complete(Map<String, Json> fields) {
    var complete = new LinkedHashMap<>(fields);
    complete.remove(Metadata.ID);
    complete.putIfAbsent(Metadata.GLOBAL, new Json.Flag(false));
    complete.putIfAbsent(Metadata.INSTANCE_ID, Json.Whole.unsigned(instanceId()));
    complete.putIfAbsent(Metadata.SIZE_BYTES, Json.Whole.signed(0));
    complete.put(Metadata.TRANSIENT, new Json.Flag(true));
    return Json.Fields.of(complete);
  }

  private long instanceId() {
    return line.registered().instanceId();
  }

  /// One draft on its way into the store.
  private final class Storing {
    private final DraftPlan plan;
    private final IdentityHashMap<Draft, ObjectId> ids = new IdentityHashMap<>();

    /// How blobs are named that many objects may share.
    private final Map<ObjectId, Json> blobReferences = new HashMap<>();

    private final Blobs.Batch batch;

    /// Writes the blobs.
    private Storing(DraftPlan plan) {
      this.plan = plan;
      this.batch = blobs.write(plan.blobs());
      for (int i = 0; i < plan.blobs().size(); i++) {
        ids.put(plan.blobs().get(i), batch.ids().get(i));
      }
    }

    private void create() {
      Connection connection = line.connection();
      connection.exclusively(() -> sealAndCreate(connection));
    }

    /// The caller holds the connection's lock.
    private boolean sealAndCreate(Connection connection) {
      List<Step> steps = new ArrayList<>();
      batch.seals().forEach(seal -> steps.add(new Step(seal, List.of())));
      int levels = plan.levels().size();
      boolean stored = false;
      try {
        for (int level = 0; level < levels; level++) {
          addCreations(plan.levels().get(level), steps);
          run(connection, steps, level == levels - 1);
          steps.clear();
        }
        if (levels == 0) {
          run(connection, steps, true);
        }
        stored = true;
        return stored;
      } finally {
        batch.sent();
        if (!stored) {
          line.post(deletion(ids.values()));
        }
      }
    }

    private void addCreations(List<Draft.OfObject> level, List<Step> steps) {
      for (int from = 0; from < level.size(); from += BATCH_MAX) {
        var some = level.subList(from, Math.min(from + BATCH_MAX, level.size()));
        List<Json> contents =
            some.stream().map(object -> content(object, this::reference)).toList();
        var request =
            contents.size() == 1
                ? new ObjectRequest.Create(contents.getFirst())
                : new ObjectRequest.CreateMany(contents);
        steps.add(new Step(request, some));
      }
    }

    /// How an object names a member that the daemon has: by its id, and for a blob by what the
    /// daemon does not look up.
    private Json reference(Draft member) {
      ObjectId id = id(member);
      if (id.isBlob()) {
        long sizeBytes = member instanceof Draft.OfBlob blob ? blob.sizeBytes() : 0;
        return blobReferences.computeIfAbsent(
            id, _ -> Metadata.ofBlob(id, sizeBytes, instanceId()).fields());
      }
      return Json.Fields.of(Map.of(Metadata.ID, new Json.Text(id.toString())));
    }

    private ObjectId id(Draft draft) {
      return switch (draft) {
        case Draft.Existing(var id) -> id;
        case Draft.OfBlob(var sizeBytes, _) when sizeBytes == 0 -> ObjectId.EMPTY_BLOB;
        default -> Objects.requireNonNull(ids.get(draft), "members are stored before owners");
      };
    }

    /// Runs steps; behind the last ones, lets go of the blobs.
    ///
    /// @throws dev.vinery.protocol.StoreException the first refusal, after all replies were taken
    private void run(Connection connection, List<Step> steps, boolean last) {
      List<Request> releases = last ? batch.releases() : List.of();
      List<Request> requests = steps.stream().map(Step::request).toList();
      List<Reply> replies = connection.callAll(requests, releases);
      for (int i = 0; i < replies.size(); i++) {
        note(steps.get(i), replies.get(i));
      }
      for (int i = 0; i < replies.size(); i++) {
        if (replies.get(i) instanceof Reply.Failed) {
          connection.answer(requests.get(i), replies.get(i), Reply.class);
        }
      }
    }

    private void note(Step step, Reply reply) {
      List<ObjectId> created =
          switch (reply) {
            case ObjectReply.Created(var identity) -> List.of(identity.id());
            case ObjectReply.CreatedMany(var identities) ->
                identities.stream().map(ObjectReply.Identity::id).toList();
            default -> List.of();
          };
      if (created.size() != step.objects().size() && !(reply instanceof Reply.Failed)) {
        throw new ProtocolException(
            "the daemon made " + created.size() + " objects of " + step.objects().size());
      }
      for (int i = 0; i < created.size(); i++) {
        ids.put(step.objects().get(i), created.get(i));
      }
    }
  }

  /// A request, and the objects that it creates.
  private record Step(Request request, List<Draft.OfObject> objects) {}
}
