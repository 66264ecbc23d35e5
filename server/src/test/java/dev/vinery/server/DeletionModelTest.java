package dev.vinery.server;

import static dev.vinery.server.ObjectCreationTest.parse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.posix.PeerCredentials;
import dev.vinery.posix.PosixException;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.testkit.SeededTest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Deletion from random graphs, against two naive models: one says in words of sets what must go,
/// the other does step by step what the reference implementation does, as far as that has a
/// meaning.
final class DeletionModelTest {
  private Store store;
  private Peer peer;
  private BlobTable blobs;
  private ObjectTable objects;

  /// The members of every object. A blob has none.
  private final Map<ObjectId, Set<ObjectId>> members = new TreeMap<>();

  @BeforeEach
  void open() throws PosixException {
    Clock clock = Clock.systemUTC();
    var options = DaemonOptions.of(Path.of("unused"), 1 << 20);
    store = Store.alone(options, clock);
    var session = new Session(store, Session.ROOT, StoreType.NORMAL, options.socket());
    peer = session.join(new PeerCredentials(1, 1, 1));
    blobs = session.blobs();
    objects = new ObjectTable(blobs, 0);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @SeededTest(runs = 200)
  void itDeletesWhatTheModelsDelete(RandomGenerator random) {
    makeGraph(random);
    for (int request = 0; request < 5; request++) {
      List<ObjectId> wanted = someOf(members.keySet(), random);
      boolean force = random.nextBoolean();
      boolean deep = random.nextBoolean();
      Set<ObjectId> expected = declared(wanted, force, deep);

      Set<ObjectId> deleted = delete(wanted, force, deep);

      assertThat(deleted)
          .as("of %s by %s, force %s, deep %s", members, wanted, force, deep)
          .isEqualTo(expected);
      // There the order matters if there is force, and depth leaks from blobs to other ids.
      if (!force && (deep || wanted.size() <= 1)) {
        assertThat(deleted).isEqualTo(new Reference(members, wanted).delete(false, deep));
      } else if (wanted.size() <= 1) {
        assertThat(deleted).containsAll(new Reference(members, wanted).delete(true, deep));
      }
      members.keySet().removeAll(deleted);
      assertTablesAreWhole();
    }
  }

  private void makeGraph(RandomGenerator random) {
    for (int i = random.nextInt(1, 8); i > 0; i--) {
      Blob blob = blobs.create(1, peer);
      blobs.seal(blob, peer);
      members.put(blob.id(), Set.of());
    }
    for (int i = random.nextInt(1, 16); i > 0; i--) {
      Set<ObjectId> of = new TreeSet<>(someOf(members.keySet(), random));
      StringBuilder tree = new StringBuilder("{'typename':'T','instance_id':0");
      for (ObjectId member : of) {
        tree.append(
            member.isBlob()
                ? ",'%s':{'id':'%s','typename':'B','instance_id':0}".formatted(member, member)
                : ",'%s':{'id':'%s'}".formatted(member, member));
      }
      var plan = new ObjectPlan(objects, store.ids(), 0, List.of());
      LiveObject object = plan.add(parse(tree.append('}').toString()));
      plan.objects().forEach(objects::add);
      members.put(object.id(), of);
    }
  }

  private static List<ObjectId> someOf(Set<ObjectId> ids, RandomGenerator random) {
    List<ObjectId> shuffled = new ArrayList<>(ids);
    Collections.shuffle(shuffled, Random.from(random));
    return shuffled.subList(0, Math.min(shuffled.size(), random.nextInt(4)));
  }

  private Set<ObjectId> delete(List<ObjectId> wanted, boolean force, boolean deep) {
    var deletion = new Deletion(objects, blobs);
    deletion.select(wanted, force, deep);
    deletion.objects().forEach(objects::remove);
    deletion.blobs().forEach(blobs::delete);
    return Stream.concat(
            deletion.objects().stream().map(LiveObject::id),
            deletion.blobs().stream().map(Blob::id))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void assertTablesAreWhole() {
    for (ObjectId id : members.keySet()) {
      Set<ObjectId> owners = ownersOf(members, id);
      Owners known =
          id.isBlob()
              ? Objects.requireNonNull(blobs.find(id)).owners()
              : Objects.requireNonNull(objects.find(id)).owners();
      assertThat(known.list())
          .extracting(LiveObject::id)
          .containsExactlyInAnyOrderElementsOf(owners);
    }
    assertThat(objects.size() + blobs.size()).isEqualTo(members.size());
  }

  private static Set<ObjectId> ownersOf(Map<ObjectId, Set<ObjectId>> members, ObjectId id) {
    return members.entrySet().stream()
        .filter(entry -> entry.getValue().contains(id))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// What must go, as a fixed point.
  private Set<ObjectId> declared(List<ObjectId> wanted, boolean force, boolean deep) {
    Set<ObjectId> gone = new TreeSet<>();
    Set<ObjectId> followed = new HashSet<>();
    int before = -1;
    while (gone.size() + followed.size() != before) {
      before = gone.size() + followed.size();
      for (ObjectId id : members.keySet()) {
        Set<ObjectId> owners = ownersOf(members, id);
        boolean orphan = gone.containsAll(owners);
        boolean asked = wanted.contains(id) && (force || orphan);
        boolean above =
            force && members.getOrDefault(id, Set.of()).stream().anyMatch(m -> forcedUp(m, wanted));
        boolean below =
            orphan
                && owners.stream()
                    .anyMatch(
                        owner -> id.isBlob() ? gone.contains(owner) : followed.contains(owner));
        if (asked || above || below) {
          gone.add(id);
        }
        if (deep && ((asked && !id.isBlob()) || below)) {
          followed.add(id);
        }
      }
    }
    return gone;
  }

  /// Whether force reaches the owners of this.
  private boolean forcedUp(ObjectId id, List<ObjectId> wanted) {
    return wanted.contains(id)
        || members.getOrDefault(id, Set.of()).stream().anyMatch(m -> forcedUp(m, wanted));
  }

  /// The reference implementation's way, with its sets and its order.
  private static final class Reference {
    private final Map<ObjectId, Set<ObjectId>> sub = new TreeMap<>();
    private final Map<ObjectId, Set<ObjectId>> sup = new TreeMap<>();
    private final Set<ObjectId> initial;
    private final List<ObjectId> wanted;
    private final Set<ObjectId> selected = new TreeSet<>();

    Reference(Map<ObjectId, Set<ObjectId>> members, List<ObjectId> wanted) {
      members.forEach((id, of) -> {
        sub.put(id, new TreeSet<>(of));
        sup.put(id, ownersOf(members, id));
      });
      this.wanted = wanted;
      this.initial = new TreeSet<>(wanted);
    }

    Set<ObjectId> delete(boolean force, boolean deep) {
      for (ObjectId id : wanted) {
        visit(id, force, deep);
      }
      return selected;
    }

    private void visit(ObjectId id, boolean force, boolean deep) {
      if (selected.contains(id)) {
        return;
      }
      for (ObjectId owner : List.copyOf(sup.get(id))) {
        if (initial.contains(owner)) {
          visit(owner, force, deep);
        }
      }
      if (force || Objects.requireNonNull(sup.get(id)).isEmpty()) {
        selected.add(id);
        for (ObjectId member : List.copyOf(sub.get(id))) {
          Objects.requireNonNull(sup.get(member)).remove(id);
        }
        for (ObjectId owner : List.copyOf(sup.get(id))) {
          Objects.requireNonNull(sub.get(owner)).remove(id);
        }
        for (ObjectId member : List.copyOf(sub.get(id))) {
          if (deep || member.isBlob()) {
            visit(member, false, true);
          }
        }
        if (force) {
          for (ObjectId owner : List.copyOf(sup.get(id))) {
            visit(owner, true, false);
          }
        }
        sub.put(id, Set.of());
        sup.put(id, Set.of());
      }
      initial.remove(id);
    }
  }
}
