package dev.vinery.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Replies about metadata and the objects it describes.
public sealed interface ObjectReply extends Reply {
  /// What an object was given when it was made.
  ///
  /// @param signature what copies and migrated equivalents share
  /// @param instanceId where it lives, or [InstanceId#UNSPECIFIED]
  record Identity(ObjectId id, long signature, long instanceId) {}

  /// `create_data_reply`.
  record Created(Identity identity) implements ObjectReply {}

  /// `create_datas_reply`: in the order of the request.
  record CreatedMany(List<Identity> identities) implements ObjectReply {
    public CreatedMany {
      identities = List.copyOf(identities);
    }
  }

  /// `get_data_reply`: the objects that are known, with their members expanded.
  ///
  /// @param payloads blobs that the client has become a reader of, if it asked for that
  record Found(
      SequencedMap<ObjectId, Metadata> objects, List<Payload> payloads, List<Integer> descriptors)
      implements ObjectReply {
    public Found {
      objects = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(objects));
      payloads = List.copyOf(payloads);
      descriptors = List.copyOf(descriptors);
    }

    /// Trees alone.
    public Found(SequencedMap<ObjectId, Metadata> objects) {
      this(objects, List.of(), List.of());
    }
  }

  /// `exists_reply`.
  record Exists(boolean exists) implements ObjectReply {}

  /// `if_persist_reply`.
  record IsPersistent(boolean persistent) implements ObjectReply {}

  /// `shallow_copy_reply`.
  record Copied(ObjectId id) implements ObjectReply {}

  /// `migrate_object_reply`.
  record Migrated(ObjectId id) implements ObjectReply {}

  /// `del_data_with_feedbacks_reply`: the blobs that clients may forget.
  record Deleted(List<ObjectId> blobs) implements ObjectReply {
    public Deleted {
      blobs = List.copyOf(blobs);
    }
  }
}
