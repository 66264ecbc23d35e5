package dev.vinery.protocol;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// At least one message of every kind, with every field away from its default, and ids and sizes at
/// the edges of what they may be.
final class Samples {
  static final ObjectId OBJECT = new ObjectId(0x687e2b827d400010L);
  static final ObjectId BLOB = new ObjectId(0xe87e2cf828000003L);
  static final ObjectId LAST_BLOB = new ObjectId(0xfffffffffffffffeL);

  static final Payload PAYLOAD =
      new Payload(BLOB, 1001, 141_440, 100, 8_589_934_600L, 140_240_909_158_528L, true, false);
  static final Payload DISK_PAYLOAD =
      new Payload(LAST_BLOB, 1002, 0, Long.MAX_VALUE, Long.MAX_VALUE, -1L, false, true);
  static final PlasmaPayload PLASMA_PAYLOAD = new PlasmaPayload("aWQ=", 90, 3, PAYLOAD);

  static final Metadata METADATA =
      Metadata.builder("vineyard::Tensor<int64>")
          .put(Metadata.ID, OBJECT.toString())
          .put(Metadata.INSTANCE_ID, 7)
          .put(Metadata.SIGNATURE, Json.Whole.unsigned(-2L))
          .put(Metadata.TRANSIENT, false)
          .put(Metadata.GLOBAL, true)
          .put("mean", 0.1)
          .put("nothing", Json.Null.NULL)
          .putStructured(
              "shape_", new Json.Items(List.of(Json.Whole.signed(2), Json.Whole.signed(3))))
          .put("buffer_", Metadata.ofBlob(BLOB, 48, 7))
          .build();

  static final List<Request> REQUESTS = requests();
  static final List<Reply> REPLIES = replies();

  private Samples() {}

  private static List<Request> requests() {
    List<Request> samples = new ArrayList<>();
    samples.addAll(sessionRequests());
    samples.addAll(blobRequests());
    samples.addAll(objectRequests());
    samples.addAll(
        List.of(
            new NameRequest.Put("a/b~c \"é\" 🙂", OBJECT),
            new NameRequest.Get("n", true),
            new NameRequest.Find("n*", true, 5),
            new NameRequest.Drop("n"),
            new ExtentRequest.Lease(65_536),
            new ExtentRequest.Return(3),
            new ExtentRequest.Put(3, 128, List.of(64L, 1L), List.of(METADATA.fields())),
            new SlabRequest.Make(4096),
            new SlabRequest.Make(SlabRequest.Make.MEMORY_LIMIT),
            new SlabRequest.Finish(1003, List.of(0L, 64L), List.of(64L, Long.MAX_VALUE)),
            new SpillRequest.Evict(List.of(OBJECT, BLOB)),
            new SpillRequest.Load(List.of(BLOB), true),
            new SpillRequest.Unpin(List.of(BLOB)),
            new SpillRequest.IsSpilled(BLOB),
            new SpillRequest.IsInUse(BLOB),
            new SpillRequest.Trim(),
            new StreamRequest.Create(OBJECT),
            new StreamRequest.Open(OBJECT, true, false),
            new StreamRequest.Open(OBJECT, false, true),
            new StreamRequest.Open(OBJECT, true, true),
            new StreamRequest.Push(OBJECT, BLOB),
            new StreamRequest.Push(OBJECT, BLOB, true),
            new StreamRequest.Create(OBJECT, StreamTerms.SHARED),
            new StreamRequest.Create(
                OBJECT, StreamTerms.PLAIN.withLimitBytes(1).withLimitAge(Duration.ofMillis(7))),
            new StreamRequest.Open(OBJECT, true, false, 12),
            new StreamRequest.Reserve(OBJECT, Long.MAX_VALUE),
            new StreamRequest.Pull(OBJECT),
            new StreamRequest.Stop(OBJECT, false, ""),
            new StreamRequest.Stop(OBJECT, true, "line 7: \"é\""),
            new StreamRequest.Drop(OBJECT),
            new StreamRequest.Survey(),
            new ClusterRequest.Instances(),
            new ClusterRequest.InstanceStatus(),
            new ClusterRequest.Debug(),
            new ClusterRequest.AcquireLock("k"),
            new ClusterRequest.ReleaseLock("k")));
    UnsupportedCommands.REQUESTS.forEach(
        (_, reader) -> samples.add(reader.apply(Json.Fields.of(Map.of()))));
    return List.copyOf(samples);
  }

  private static List<Request> sessionRequests() {
    return List.of(
        new SessionRequest.Register(
            "0.24.2",
            SessionRequest.StoreType.PLASMA,
            Long.MAX_VALUE,
            "ann",
            "secret",
            Set.of(Extension.values())),
        new SessionRequest.Index(),
        new SessionRequest.Exit(),
        new SessionRequest.Open(SessionRequest.StoreType.PLASMA),
        new SessionRequest.Delete(),
        new SessionRequest.MoveBuffers(
            0x687e2b827d400011L,
            Map.of(BLOB, LAST_BLOB, ObjectId.EMPTY_BLOB, BLOB),
            Map.of(BLOB, "p"),
            Map.of("p", LAST_BLOB, "", BLOB),
            Map.of("p", "q")));
  }

  private static List<Request> blobRequests() {
    return List.of(
        new BlobRequest.Create(0),
        new BlobRequest.Create(Long.MAX_VALUE),
        new BlobRequest.CreateMany(List.of(10L, 0L, Long.MAX_VALUE)),
        new BlobRequest.CreateOnDisk(100, "/data/é"),
        new BlobRequest.Seal(BLOB),
        new BlobRequest.Get(List.of(BLOB, OBJECT, BLOB, ObjectId.INVALID), true),
        new BlobRequest.Drop(LAST_BLOB),
        new BlobRequest.Shrink(BLOB, 5),
        new BlobRequest.Hold(List.of(BLOB, ObjectId.EMPTY_BLOB)),
        new BlobRequest.Release(BLOB),
        new RemoteBlobRequest.Upload(Long.MAX_VALUE, true),
        new RemoteBlobRequest.UploadMany(List.of(10L, 0L, Long.MAX_VALUE), true),
        new RemoteBlobRequest.Download(List.of(BLOB, LAST_BLOB, BLOB), true, true),
        new PlasmaRequest.Create("aWQ=", 100, 90),
        new PlasmaRequest.Get(List.of("aWQ=", "é"), true),
        new PlasmaRequest.Seal("aWQ="),
        new PlasmaRequest.Release("aWQ="),
        new PlasmaRequest.Delete("aWQ="));
  }

  private static List<Request> objectRequests() {
    return List.of(
        new ObjectRequest.Create(METADATA.fields()),
        new ObjectRequest.CreateMany(List.of(METADATA.fields(), Json.Fields.of(Map.of()))),
        new ObjectRequest.Get(List.of(OBJECT, ObjectId.INVALID), true, true),
        new ObjectRequest.Get(List.of(OBJECT), false, false, true),
        new ObjectRequest.Find("vineyard::*", true, 5),
        new ObjectRequest.Exists(OBJECT),
        new ObjectRequest.Persist(OBJECT),
        new ObjectRequest.IsPersistent(OBJECT),
        new ObjectRequest.Label(OBJECT, List.of("k", "é"), List.of("v", "\u0000\n\"")),
        new ObjectRequest.Copy(OBJECT, Json.Fields.of(Map.of("a", new Json.Real(0.5)))),
        new ObjectRequest.Migrate(OBJECT),
        new ObjectRequest.Delete(List.of(OBJECT, BLOB), true, true, true, true, false),
        new ObjectRequest.Delete(List.of(OBJECT), false, true, false, true, true),
        new ObjectRequest.Clear());
  }

  private static List<Reply> replies() {
    List<Reply> samples = new ArrayList<>(List.of(Reply.Done.values()));
    for (Status status : Status.values()) {
      if (status != Status.OK) {
        samples.add(new Reply.Failed(status, "why \"it\" failed: é"));
      }
    }
    samples.addAll(
        List.of(
            new SessionReply.Registered(
                "0.24.2",
                "/run/v.sock",
                "host:9600",
                -2L,
                5,
                false,
                true,
                Set.of(Extension.values())),
            new SessionReply.Index(PAYLOAD, DISK_PAYLOAD, PAYLOAD, List.of(1001, 1002)),
            new SessionReply.Opened(Path.of("/run/v.sock.S687e2b827d400011")),
            new BlobReply.Created(PAYLOAD, 1001),
            new BlobReply.Created(Payload.EMPTY, Payload.NO_STORE_FD),
            new BlobReply.CreatedOnDisk(DISK_PAYLOAD, 1002),
            new BlobReply.CreatedMany(List.of(PAYLOAD, DISK_PAYLOAD), List.of(1001, 1002)),
            new BlobReply.Found(List.of(DISK_PAYLOAD, PAYLOAD), List.of(1002, 1001)),
            new BlobReply.Found(List.of(), List.of()),
            new BlobReply.Found(List.of(PAYLOAD), List.of(), true),
            new PlasmaReply.Created(BLOB, PLASMA_PAYLOAD, 1001),
            new PlasmaReply.Created(
                ObjectId.INVALID, new PlasmaPayload("", 0, 0, Payload.EMPTY), -1),
            new PlasmaReply.Found(List.of(PLASMA_PAYLOAD), List.of()),
            new ExtentReply.Leased(3, PAYLOAD, 1001),
            new ExtentReply.Leased(3, PAYLOAD, Payload.NO_STORE_FD),
            new ExtentReply.Stored(List.of(BLOB), List.of(OBJECT, new ObjectId(1))),
            new SlabReply.Made(1003, 4096, -1L, List.of()),
            new SpillReply.IsSpilled(true),
            new SpillReply.IsInUse(true),
            new SpillReply.Trimmed(true),
            new StreamReply.Reserved(PAYLOAD, 1001),
            new StreamReply.Reserved(Payload.EMPTY, Payload.NO_STORE_FD),
            new StreamReply.Pulled(BLOB, 0),
            new StreamReply.Pulled(BLOB, StreamReply.Pulled.UNKNOWN),
            new StreamReply.Surveyed(List.of()),
            new StreamReply.Surveyed(
                List.of(
                    new StreamStatus(
                        OBJECT,
                        StreamStatus.State.FAILED,
                        "é",
                        StreamTerms.SHARED.withLimitBytes(5).withLimitAge(Duration.ofMillis(7)),
                        2,
                        Long.MAX_VALUE,
                        3,
                        9,
                        false),
                    new StreamStatus(
                        BLOB,
                        StreamStatus.State.RUNNING,
                        "",
                        StreamTerms.PLAIN,
                        0,
                        0,
                        0,
                        0,
                        true)))));
    samples.addAll(objectReplies());
    samples.addAll(
        List.of(
            new NameReply.Found(OBJECT),
            new NameReply.Listed(new LinkedHashMap<>(Map.of("a/b", OBJECT, "é", BLOB))),
            new ClusterReply.Instances(
                new LinkedHashMap<>(
                    Map.of("i0", Json.Fields.of(Map.of("hostname", new Json.Text("h")))))),
            new ClusterReply.InstanceStatus(-2L, "local", 1, Long.MAX_VALUE, 3, 4, 5, "0.1.0"),
            new ClusterReply.Debugged(),
            new ClusterReply.LockAcquired(true, "k/7f"),
            new ClusterReply.LockReleased(true)));
    return List.copyOf(samples);
  }

  private static List<Reply> objectReplies() {
    return List.of(
        new ObjectReply.Created(new ObjectReply.Identity(OBJECT, -2L, InstanceId.UNSPECIFIED)),
        new ObjectReply.CreatedMany(
            List.of(
                new ObjectReply.Identity(OBJECT, 1, 0), new ObjectReply.Identity(BLOB, -1L, 7))),
        new ObjectReply.Found(new LinkedHashMap<>(Map.of(OBJECT, METADATA))),
        new ObjectReply.Found(new LinkedHashMap<>()),
        new ObjectReply.Found(
            new LinkedHashMap<>(Map.of(OBJECT, METADATA)), List.of(PAYLOAD), List.of(1001)),
        new ObjectReply.Exists(true),
        new ObjectReply.IsPersistent(true),
        new ObjectReply.Copied(OBJECT),
        new ObjectReply.Migrated(OBJECT),
        new ObjectReply.Deleted(List.of(BLOB, LAST_BLOB)));
  }
}
