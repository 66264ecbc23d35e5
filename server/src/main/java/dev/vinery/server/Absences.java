package dev.vinery.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Owners of what is not there (yet, or any more), so that they own it when it comes.
///
/// Only objects that other daemons have stored can lack members: what clients of this daemon make
/// has all of them. Guarded by the store lock.
final class Absences {
  private final LongMap<List<LiveObject>> ownersById = new LongMap<>();
  private final LongMap<List<LiveObject>> ownersBySignature = new LongMap<>();

  /// Notes that a member of an object is not there.
  void add(LiveObject owner, Member member) {
    LongMap<List<LiveObject>> table = table(owner);
    List<LiveObject> owners = table.get(key(owner, member));
    if (owners == null) {
      table.put(key(owner, member), new ArrayList<>(List.of(owner)));
    } else if (!owners.contains(owner)) {
      owners.add(owner);
    }
  }

  /// Forgets an owner that is gone itself.
  void forget(LiveObject owner) {
    LongMap<List<LiveObject>> table = table(owner);
    if (table.size() == 0) {
      return;
    }
    for (Member member : owner.members()) {
      List<LiveObject> owners = table.get(key(owner, member));
      if (owners != null && owners.remove(owner) && owners.isEmpty()) {
        table.remove(key(owner, member));
      }
    }
  }

  /// Returns the owners that waited for an object by its id, and forgets that they did.
  Collection<LiveObject> takeById(LiveObject object) {
    return taken(ownersById.remove(object.id().value()));
  }

  /// Returns the owners that waited for a bearer of a signature, and forgets that they did.
  Collection<LiveObject> takeBySignature(LiveObject object) {
    return taken(ownersBySignature.remove(object.signature()));
  }

  private static Collection<LiveObject> taken(@Nullable List<LiveObject> owners) {
    return owners == null ? List.of() : owners;
  }

  private LongMap<List<LiveObject>> table(LiveObject owner) {
    return owner.global() ? ownersBySignature : ownersById;
  }

  private static long key(LiveObject owner, Member member) {
    return owner.global() ? member.signature() : member.id().value();
  }
}
