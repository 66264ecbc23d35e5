package dev.vinery.benchmarks;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.Codec;
import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What reading and printing the messages of a put and of a get costs: the part of a call that is
/// ours and not the kernel's.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
  private static final int TEXT_KEPT_BYTES = 64 << 10;
  private static final long BLOB = 0xe87ef628fec00a29L;
  private static final long OBJECT = 0x687ef628fec00a2bL;
  private static final long MAP_BYTES = (1L << 30) + 8;

  private static final String TENSOR =
      """
      {"buffer_":{"id":"oe87ef628fec00a29","instance_id":0,"length":64,"nbytes":64,\
      "transient":true,"typename":"vineyard::Blob"},"global":false,"instance_id":0,"nbytes":64,\
      "order_":"\\"C\\"","partition_index_":"[]","shape_":"[8]","transient":true,\
      "typename":"vineyard::Tensor<int64>","value_type_":"int64","value_type_meta_":"<i8"}\
      """;

  private final byte[] createBuffer = bytes("{\"size\":64,\"type\":\"create_buffer_request\"}");
  private final byte[] createData =
      bytes("{\"content\":" + TENSOR + ",\"type\":\"create_data_request\"}");
  private final byte[] getData =
      bytes(
          "{\"id\":["
              + OBJECT
              + "],\"sync_remote\":true,\"type\":\"get_data_request\",\"wait\":false}");
  private final byte[] metadataFound =
      bytes(
          "{\"content\":{\""
              + new ObjectId(OBJECT)
              + "\":"
              + TENSOR
              + "},\"type\":\"get_data_reply\"}");

  private final Reply blobCreated = new BlobReply.Created(payload(), Payload.NO_STORE_FD);
  private final Reply blobsFound = new BlobReply.Found(List.of(payload()), List.of());
  private final Reply objectFound = objectFound();
  private final JsonWriter out = new JsonWriter();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Payload payload() {
    return new Payload(new ObjectId(BLOB), 1000, 4096, 64, MAP_BYTES, 0, true, true);
  }

  private static Reply objectFound() {
    var objects = new LinkedHashMap<ObjectId, Metadata>();
    objects.put(new ObjectId(OBJECT), Metadata.ofJson(bytes(TENSOR)));
    return new ObjectReply.Found(objects);
  }

  @Benchmark
  public Request readCreateBuffer() {
    return Codec.readRequest(createBuffer, 0, createBuffer.length);
  }

  @Benchmark
  public Request readCreateData() {
    return Codec.readRequest(createData, 0, createData.length);
  }

  @Benchmark
  public Request readGetData() {
    return Codec.readRequest(getData, 0, getData.length);
  }

  @Benchmark
  public Reply readObjectFound() {
    return Codec.readReply(metadataFound, 0, metadataFound.length);
  }

  @Benchmark
  public int printBlobCreated() {
    return print(blobCreated);
  }

  @Benchmark
  public int printBlobsFound() {
    return print(blobsFound);
  }

  @Benchmark
  public int printObjectFound() {
    return print(objectFound);
  }

  private int print(Reply reply) {
    out.reset(TEXT_KEPT_BYTES);
    out.beginFrame();
    Codec.write(reply, out);
    out.endFrame();
    return out.sizeBytes();
  }
}
