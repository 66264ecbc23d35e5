package dev.vinery.client;

import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ClusterRequest;
import dev.vinery.protocol.ExtentRequest;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.NameRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.PlasmaRequest;
import dev.vinery.protocol.RemoteBlobRequest;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SlabRequest;
import dev.vinery.protocol.SpillRequest;
import dev.vinery.protocol.StreamRequest;
import java.util.List;
import java.util.Locale;

/// What a request was about, for the message of its refusal: never long, never secret.
final class RequestText {
  private RequestText() {}

  static String describe(Request request) {
    return switch (request) {
      case BlobRequest blob -> describe(blob);
      case RemoteBlobRequest blob -> describe(blob);
      case ObjectRequest object -> describe(object);
      case NameRequest name -> describe(name);
      case SessionRequest session -> describe(session);
      case SpillRequest spill -> describe(spill);
      case StreamRequest stream -> describe(stream);
      case ClusterRequest cluster -> "ask for " + kind(cluster);
      case PlasmaRequest plasma -> kind(plasma) + " plasma blob";
      case SlabRequest slab -> kind(slab) + " slab";
      case ExtentRequest.Lease(var sizeBytes) -> "lease " + sizeBytes + " bytes";
      case ExtentRequest.Return(var extent) -> "return extent " + extent;
      case ExtentRequest.Put(_, _, var sizes, var contents) ->
          "put %d objects with %d blobs of %d bytes"
              .formatted(contents.size(), sizes.size(), sum(sizes));
      case Request.Unsupported unsupported -> unsupported.type();
    };
  }

  private static String describe(BlobRequest request) {
    return switch (request) {
      case BlobRequest.Create(var sizeBytes) -> "create blob of " + sizeBytes + " bytes";
      case BlobRequest.CreateMany(var sizes) ->
          "create %d blobs of %d bytes".formatted(sizes.size(), sum(sizes));
      case BlobRequest.CreateOnDisk(var sizeBytes, var path) ->
          "create blob of " + sizeBytes + " bytes in file '" + path + "'";
      case BlobRequest.Seal(var id) -> "seal blob " + id;
      case BlobRequest.Get(var ids, _) -> "get blob " + list(ids);
      case BlobRequest.Drop(var id) -> "drop blob " + id;
      case BlobRequest.Shrink(var id, var sizeBytes) ->
          "shrink blob " + id + " to " + sizeBytes + " bytes";
      case BlobRequest.Hold(var ids) -> "hold blob " + list(ids);
      case BlobRequest.Release(var id) -> "release blob " + id;
    };
  }

  private static String describe(RemoteBlobRequest request) {
    return switch (request) {
      case RemoteBlobRequest.Upload(var sizeBytes, _) -> "upload blob of " + sizeBytes + " bytes";
      case RemoteBlobRequest.UploadMany(var sizes, _) ->
          "upload %d blobs of %d bytes".formatted(sizes.size(), sum(sizes));
      case RemoteBlobRequest.Download(var ids, _, _) -> "download blob " + list(ids);
    };
  }

  private static String describe(ObjectRequest request) {
    return switch (request) {
      case ObjectRequest.Create(var content) -> "create " + typeName(content);
      case ObjectRequest.CreateMany(var contents) -> "create " + contents.size() + " objects";
      case ObjectRequest.Get(var ids, _, _, _) -> "get " + list(ids);
      case ObjectRequest.Find(var pattern, _, _) -> "list '" + pattern + "'";
      case ObjectRequest.Exists(var id) -> "look for " + id;
      case ObjectRequest.Persist(var id) -> "persist " + id;
      case ObjectRequest.IsPersistent(var id) -> "look for " + id;
      case ObjectRequest.Label(var id, _, _) -> "label " + id;
      case ObjectRequest.Copy(var id, _) -> "copy " + id;
      case ObjectRequest.Migrate(var id) -> "migrate " + id;
      case ObjectRequest.Delete delete -> "delete " + list(delete.ids());
      case ObjectRequest.Clear() -> "clear";
    };
  }

  private static String describe(NameRequest request) {
    return switch (request) {
      case NameRequest.Put(var name, var id) -> "name " + id + " '" + name + "'";
      case NameRequest.Get(var name, _) -> "get name '" + name + "'";
      case NameRequest.Find(var pattern, _, _) -> "list names '" + pattern + "'";
      case NameRequest.Drop(var name) -> "drop name '" + name + "'";
    };
  }

  private static String describe(SessionRequest request) {
    return switch (request) {
      case SessionRequest.Register register ->
          register.username().isEmpty() ? "register" : "register as " + register.username();
      case SessionRequest.Index() -> "read in the index";
      case SessionRequest.Exit() -> "leave";
      case SessionRequest.Open(_) -> "open a session";
      case SessionRequest.Delete() -> "delete the session";
      case SessionRequest.MoveBuffers _ -> "move blobs between sessions";
    };
  }

  private static String describe(SpillRequest request) {
    return switch (request) {
      case SpillRequest.Evict(var ids) -> "evict " + list(ids);
      case SpillRequest.Load(var ids, _) -> "load " + list(ids);
      case SpillRequest.Unpin(var ids) -> "unpin " + list(ids);
      case SpillRequest.IsSpilled(var id) -> "ask whether " + id + " is spilled";
      case SpillRequest.IsInUse(var id) -> "ask whether " + id + " is in use";
      case SpillRequest.Trim() -> "trim memory";
    };
  }

  private static String describe(StreamRequest request) {
    return switch (request) {
      case StreamRequest.Create(var id, _) -> "create stream " + id;
      case StreamRequest.Open(var id, var reading, _, _) ->
          "open stream " + id + (reading ? " for reading" : " for writing");
      case StreamRequest.Push(var id, _, _) -> "append to stream " + id;
      case StreamRequest.Reserve(var id, var sizeBytes) ->
          "get a chunk of " + sizeBytes + " bytes for stream " + id;
      case StreamRequest.Pull(var id) -> "read stream " + id;
      case StreamRequest.Stop(var id, var failed, _) ->
          (failed ? "fail" : "finish") + " stream " + id;
      case StreamRequest.Drop(var id) -> "drop stream " + id;
      case StreamRequest.Survey() -> "list streams";
    };
  }

  private static String kind(Request request) {
    return request.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static String typeName(Json content) {
    return content instanceof Json.Fields fields
            && fields.find(Metadata.TYPE_NAME) instanceof Json.Text(var name)
        ? name
        : "an object";
  }

  private static String list(List<ObjectId> ids) {
    if (ids.isEmpty()) {
      return "nothing";
    }
    return ids.size() == 1
        ? ids.getFirst().toString()
        : ids.getFirst() + " and " + (ids.size() - 1) + " more";
  }

  private static long sum(List<Long> sizes) {
    return sizes.stream().mapToLong(Long::longValue).sum();
  }
}
