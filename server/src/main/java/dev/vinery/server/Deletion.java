package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Selects what one request deletes: the objects asked for, and what follows from them.
///
/// An object or blob goes if nothing has it as a member. With `force` it goes all the same, and so
/// do its owners. With `deep`, members follow that nothing else has; blobs always do. An owner is
/// deeper than its members, so taking the requested ones deepest first meets owners before what
/// they own. Cost: the nodes and edges that are removed. Used once, under the store lock.
///
/// Source: the reference implementation's `src/server/services/meta_service.cc`.
final class Deletion {
  private final ObjectTable objects;
  private final BlobTable blobs;
  private final Set<LiveObject> deletedObjects = new LinkedHashSet<>();
  private final Set<Blob> deletedBlobs = new LinkedHashSet<>();

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
    List<LiveObject> requested = new ArrayList<>();
    for (ObjectId id : ids) {
      LiveObject object = id.isBlob() ? null : objects.find(id);
      if (object != null) {
        requested.add(object);
      }
    }
    requested.sort(Comparator.comparingInt(LiveObject::depth).reversed());
    for (LiveObject object : requested) {
      visit(object, force, deep);
    }
    for (ObjectId id : ids) {
      if (id.isBlob()) {
        visit(blobs.find(id), force);
      }
    }
  }

  private void visit(LiveObject object, boolean force, boolean deep) {
    if (deletedObjects.contains(object) || (object.hasOwners() && !force)) {
      return;
    }
    deletedObjects.add(object);
    for (Member member : object.members()) {
      cut(member.id(), object);
    }
    for (Member member : object.members()) {
      if (member.id().isBlob()) {
        visit(blobs.find(member.id()), false);
      } else if (deep) {
        LiveObject below = objects.find(member.id());
        if (below != null) {
          visit(below, false, true);
        }
      }
    }
    if (force) {
      for (LiveObject owner : object.owners().list()) {
        visit(owner, true, false);
      }
    }
  }

  private void visit(@Nullable Blob blob, boolean force) {
    if (blob == null || (blob.hasOwners() && !force) || !deletedBlobs.add(blob)) {
      return;
    }
    if (force) {
      for (LiveObject owner : blob.owners().list()) {
        visit(owner, true, false);
      }
    }
  }

  private void cut(ObjectId id, LiveObject owner) {
    if (id.isBlob()) {
      Blob blob = blobs.find(id);
      if (blob != null) {
        blob.removeOwner(owner);
      }
    } else {
      LiveObject object = objects.find(id);
      if (object != null) {
        object.removeOwner(owner);
      }
    }
  }
}
