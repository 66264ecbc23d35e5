package dev.vinery.protocol;

import java.util.List;

/// Requests about metadata and the objects it describes.
public sealed interface ObjectRequest extends Request {
  /// `create_data_request`: make an object of this tree.
  record Create(Json content) implements ObjectRequest {}

  /// `create_datas_request`: make several objects, or none if one tree is refused.
  record CreateMany(List<Json> contents) implements ObjectRequest {
    public CreateMany {
      contents = List.copyOf(contents);
    }
  }

  /// `get_data_request`: the trees of these objects and blobs; unknown ones are left out.
  ///
  /// @param synced whether to catch up with the metadata store first (wire field `sync_remote`)
  /// @param blocking whether to answer only when all of them exist (wire field `wait`)
  /// @param held whether the client becomes a reader of the blobs below, as by [BlobRequest.Get],
  ///   of those that it cannot find in its index; see [Extension#CALLS]
  record Get(List<ObjectId> ids, boolean synced, boolean blocking, boolean held)
      implements ObjectRequest {
    public Get {
      ids = List.copyOf(ids);
    }

    /// Asks for trees alone.
    public Get(List<ObjectId> ids, boolean synced, boolean blocking) {
      this(ids, synced, blocking, false);
    }
  }

  /// `list_data_request`: the trees of objects whose type name matches.
  ///
  /// @param regex whether the pattern is a regular expression and not a shell wildcard
  /// @param limit how many are wanted at most
  record Find(String pattern, boolean regex, long limit) implements ObjectRequest {}

  /// `exists_request`.
  record Exists(ObjectId id) implements ObjectRequest {}

  /// `persist_request`: publish an object and its members.
  record Persist(ObjectId id) implements ObjectRequest {}

  /// `if_persist_request`.
  record IsPersistent(ObjectId id) implements ObjectRequest {}

  /// `label_request`: merge these pairs into the object's labels.
  record Label(ObjectId id, List<String> keys, List<String> values) implements ObjectRequest {
    public Label {
      keys = List.copyOf(keys);
      values = List.copyOf(values);
    }
  }

  /// `shallow_copy_request`: a new object with the same members.
  ///
  /// @param extra fields to add or replace, scalars only
  record Copy(ObjectId id, Json extra) implements ObjectRequest {}

  /// `migrate_object_request`: an equivalent of this object on this instance.
  record Migrate(ObjectId id) implements ObjectRequest {}

  /// `del_data_request` and `del_data_with_feedbacks_request`.
  ///
  /// @param force also what others refer to, and those others
  /// @param deep also members that nothing else refers to
  /// @param fastpath blobs only, without a look at who refers to them
  /// @param trim give the memory back to the system at once
  /// @param feedback whether the reply lists the deleted blobs
  record Delete(
      List<ObjectId> ids,
      boolean force,
      boolean deep,
      boolean fastpath,
      boolean trim,
      boolean feedback)
      implements ObjectRequest {
    public Delete {
      ids = List.copyOf(ids);
    }
  }

  /// `clear_request`: delete every object and blob of the session.
  record Clear() implements ObjectRequest {}
}
