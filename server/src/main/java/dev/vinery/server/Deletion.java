package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Selects what one request deletes: the objects asked for, and what follows from them.
///
/// An object or blob goes if nothing has it as a member. With `force` it goes all the same, and so
/// do its owners, and theirs. With `deep`, members of the objects asked for follow that nothing
/// else has any more, and theirs; blobs always do. What goes does not depend on the order of the
/// request, because owners are selected before what they own: an owner is deeper than its members.
/// Cost: the nodes and edges that are removed. Used once, under the store lock.
///
/// Source: the reference implementation's `src/server/services/meta_service.cc`, where the order of
/// a forced request does matter.
final class Deletion {
  private final ObjectTable objects;
  private final BlobTable blobs;
  private final Set<LiveObject> deletedObjects = new LinkedHashSet<>();
  private final Set<Blob> deletedBlobs = new LinkedHashSet<>();
  private final Set<LiveObject> followed = new HashSet<>();

  Deletion(ObjectTable objects, BlobTable blobs) {
    this.objects = objects;
    this.blobs = blobs;
  }

  Set<LiveObject> objects() {
    return deletedObjects;
  }

  Set<Blob> blobs() {
    return deletedBlobs;
  }

  /// Selects and cuts the edges of what is selected; unknown ids are skipped.
  void select(Collection<ObjectId> ids, boolean force, boolean deep) {
    Set<LiveObject> requestedObjects = new LinkedHashSet<>();
    Set<Blob> requestedBlobs = new LinkedHashSet<>();
    for (ObjectId id : ids) {
      if (id.isBlob()) {
        Blob blob = blobs.find(id);
        if (blob != null) {
          requestedBlobs.add(blob);
        }
      } else {
        LiveObject object = objects.find(id);
        if (object != null) {
          requestedObjects.add(object);
        }
      }
    }
    if (force) {
      selectWithOwners(requestedObjects, requestedBlobs, deep);
    } else {
      selectUnowned(requestedObjects, requestedBlobs, deep);
    }
  }

  /// Selects objects that another daemon has deleted, and cuts their edges; of what they have, only
  /// blobs follow. An object of this instance that something else has still is not selected: it is
  /// returned.
  Collection<LiveObject> selectDeletedElsewhere(Collection<LiveObject> gone) {
    List<LiveObject> deepestFirst = new ArrayList<>(gone);
    deepestFirst.sort(Comparator.comparingInt(LiveObject::depth).reversed());
    List<LiveObject> kept = new ArrayList<>();
    for (LiveObject object : deepestFirst) {
      boolean needed =
          objects.isHere(object) && object.hasOwners() && !objects.hasEquivalent(object);
      if (needed) {
        kept.add(object);
      } else if (deletedObjects.add(object)) {
        cut(object);
        followToBlobs(object);
      }
    }
    return kept;
  }

  private void selectUnowned(
      Collection<LiveObject> requestedObjects, Collection<Blob> requestedBlobs, boolean deep) {
    List<LiveObject> deepestFirst = new ArrayList<>(requestedObjects);
    deepestFirst.sort(Comparator.comparingInt(LiveObject::depth).reversed());
    deepestFirst.forEach(object -> selectIfUnowned(object, deep));
    requestedBlobs.forEach(this::selectIfUnowned);
  }

  private void selectWithOwners(
      Collection<LiveObject> requestedObjects, Collection<Blob> requestedBlobs, boolean deep) {
    var queue = new ArrayDeque<>(requestedObjects);
    requestedBlobs.forEach(blob -> queue.addAll(blob.owners().list()));
    while (!queue.isEmpty()) {
      LiveObject object = queue.poll();
      if (deletedObjects.add(object)) {
        queue.addAll(object.owners().list());
      }
    }
    List<LiveObject> selected = List.copyOf(deletedObjects);
    selected.forEach(this::cut);
    selected.forEach(this::followToBlobs);
    if (deep) {
      requestedObjects.forEach(this::followToAll);
    }
    deletedBlobs.addAll(requestedBlobs);
  }

  private void selectIfUnowned(LiveObject object, boolean deep) {
    boolean needed = object.hasOwners() && !objects.hasEquivalent(object);
    if (!needed && deletedObjects.add(object)) {
      cut(object);
      followToBlobs(object);
      if (deep) {
        followToAll(object);
      }
    }
  }

  private void selectIfUnowned(Blob blob) {
    if (!blob.hasOwners()) {
      deletedBlobs.add(blob);
    }
  }

  /// Selects those blobs of a deleted object that have no owner any more.
  private void followToBlobs(LiveObject object) {
    for (Member member : object.members()) {
      Blob blob = objects.blobBelow(member);
      if (blob != null) {
        selectIfUnowned(blob);
      }
    }
  }

  /// Selects those members of a deleted object that have no owner any more, and goes on with them,
  /// also if they were selected before as owners of something.
  private void followToAll(LiveObject object) {
    if (!followed.add(object)) {
      return;
    }
    for (Member member : object.members()) {
      if (!member.id().isBlob()) {
        for (LiveObject below : objects.allBelow(object, member)) {
          if (!below.hasOwners()) {
            selectIfUnowned(below, false);
            followToAll(below);
          }
        }
      }
    }
  }

  private void cut(LiveObject owner) {
    for (Member member : owner.members()) {
      Blob blob = objects.blobBelow(member);
      if (blob != null) {
        blob.removeOwner(owner);
      } else if (!member.id().isBlob()) {
        objects.allBelow(owner, member).forEach(object -> object.removeOwner(owner));
      }
    }
  }
}
