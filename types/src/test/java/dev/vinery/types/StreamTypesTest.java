package dev.vinery.types;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.Draft;
import dev.vinery.client.StreamReader;
import dev.vinery.client.StreamWriter;
import dev.vinery.client.Streams;
import dev.vinery.client.VineryObject;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StreamFailedException;
import dev.vinery.testkit.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Streams of bytes, and collections of streams.
@Timeout(60) // seconds: an end that fails leaves the other waiting
class StreamTypesTest {
  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon();

  private Client client;

  @BeforeEach
  void connect() {
    client = DAEMON.connect();
  }

  @AfterEach
  void nothingIsLeft() {
    client.streams().list().forEach(stream -> drop(stream.id()));
    client.clear();
    Eventually.eventually(() -> assertThat(client.status().memoryUsageBytes()).isZero());
    client.close();
  }

  /// Drops a stream, which may be about to end by itself.
  private void drop(ObjectId stream) {
    try {
      client.streams().drop(stream);
    } catch (ObjectNotFoundException ended) {
      // That is as good.
    }
  }

  private static byte[] counted(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    return bytes;
  }

  @Test
  void bytesComeOutAsTheyWentInWhateverTheChunks() throws IOException {
    byte[] bytes = counted(1000);
    ByteStream stream = ByteStream.create(client, Map.of());
    try (ByteStreamWriter out = stream.write(client, 64)) {
      out.write(bytes[0]);
      out.write(bytes, 1, 500);
      out.write(MemorySegment.ofArray(bytes).asSlice(501));
      out.finish();
    }

    try (ByteStreamReader in = stream.read(client)) {
      assertThat(in.read()).isEqualTo(Byte.toUnsignedInt(bytes[0]));
      assertThat(in.available()).isEqualTo(63);
      byte[] rest = in.readAllBytes();
      assertThat(rest).isEqualTo(MemorySegment.ofArray(bytes).asSlice(1).toArray(JAVA_BYTE));
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void everyChunkIsAsLongAsAskedForButTheLast() {
    ByteStream stream = ByteStream.create(client, Map.of());
    try (ByteStreamWriter out = stream.write(client, 64)) {
      out.write(counted(150), 0, 150);
      out.finish();
    }
    List<Long> lengths = new ArrayList<>();

    try (StreamReader in = client.streams().read(stream.id())) {
      for (VineryObject chunk : in) {
        lengths.add(chunk.segment().byteSize());
        chunk.close();
      }
    }

    assertThat(lengths).containsExactly(64L, 64L, 22L);
  }

  @Test
  void aStreamOfNoBytesEndsAtOnce() throws IOException {
    ByteStream stream = ByteStream.create(client, Map.of());
    try (ByteStreamWriter out = stream.write(client)) {
      out.write(new byte[0]);
      out.finish();
    }
    try (ByteStreamReader in = stream.read(client)) {
      assertThat(in.readAllBytes()).isEmpty();
    }
  }

  @Test
  void linesAreReadAcrossChunksThatOthersCut() throws IOException {
    ByteStream stream = ByteStream.create(client, Map.of());
    try (StreamWriter out = client.streams().write(stream.id())) {
      out.write("from,to\nSIN,".getBytes(UTF_8));
      out.write(new byte[0]);
      out.write("ZRH\n".getBytes(UTF_8));
      out.finish();
    }
    try (var in = new BufferedReader(new InputStreamReader(stream.read(client), UTF_8))) {
      assertThat(in.lines()).containsExactly("from,to", "SIN,ZRH");
    }
  }

  @Test
  void whatWasWrittenIsReadBeforeTheReasonOfAFailure() throws IOException {
    ByteStream stream = ByteStream.create(client, Map.of());
    try (ByteStreamWriter out = stream.write(client)) {
      out.write("a,b\n".getBytes(UTF_8));
      out.fail("trips.csv, line 2: 1 field instead of 2");
    }
    try (ByteStreamReader in = stream.read(client)) {
      assertThat(in.readNBytes(4)).isEqualTo("a,b\n".getBytes(UTF_8));
      assertThatThrownBy(in::read)
          .isInstanceOf(StreamFailedException.class)
          .hasMessageContaining("trips.csv, line 2: 1 field instead of 2");
    }
  }

  @Test
  void aWriterThatIsClosedTooEarlyFailsTheStream() {
    ByteStream stream = ByteStream.create(client, Map.of());
    ByteStreamWriter out = stream.write(client);
    out.write(7);
    out.close();
    out.close();

    try (ByteStreamReader in = stream.read(client)) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(StreamFailedException.class);
    }
    assertThatThrownBy(out::finish).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aReaderGoesOnWhereAnotherOneLeft() throws IOException {
    ByteStream stream = ByteStream.create(client, Map.of());
    try (ByteStreamWriter out = stream.write(client, 4)) {
      out.write("abcdefgh".getBytes(UTF_8));
      out.finish();
    }
    try (ByteStreamReader in = stream.read(client)) {
      assertThat(in.readNBytes(5)).isEqualTo("abcde".getBytes(UTF_8));
    }
    Eventually.eventually(() ->
        assertThat(client.streams().list()).singleElement().matches(status -> !status.hasReader()));

    try (ByteStreamReader in = stream.read(client)) {
      assertThat(in.readAllBytes()).isEqualTo("efgh".getBytes(UTF_8));
    }
  }

  @Test
  void aStreamIsGotByWhatDescribesIt() {
    ByteStream stream = ByteStream.create(client, Map.of("delimiter", new Json.Text(",")));

    assertThat(client.get(stream.id())).isEqualTo(stream);
    assertThat(client.get(stream.id(), StoredStream.class).parameters().text("delimiter"))
        .isEqualTo(",");
  }

  @Test
  void parametersThatAreNoObjectAreRefused() {
    ObjectId id = client.create(Draft.object(Streams.BYTES).put("params_", "[1]").build());

    assertThatThrownBy(() -> client.get(id))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(id.toString());
  }

  @Test
  void aCollectionKeepsItsStreamsInOrderAndWhatIsKnownOfIt() {
    ObjectId one = ByteStream.create(client, Map.of()).id();
    ObjectId other = ByteStream.create(client, Map.of()).id();
    var collection =
        new StreamCollection(
            List.of(other, one, other),
            Map.of("__path", new Json.Text("a/b"), "__global", new Json.Flag(true)));

    ObjectId id = client.put(collection);

    assertThat(client.get(id)).isEqualTo(collection);
    assertThat(client.get(client.put(StreamCollection.of(List.of(id)))))
        .isEqualTo(StreamCollection.of(List.of(id)));
    assertThat(client.getMetadata(id).text("__streams"))
        .isEqualTo("[%1$d,%2$d,%1$d]".formatted(other.value(), one.value()));
  }

  @Test
  void aParallelStreamIsACollection() {
    ObjectId one = ByteStream.create(client, Map.of()).id();
    ObjectId other = ByteStream.create(client, Map.of()).id();
    ObjectId id =
        client.create(
            Draft.object("vineyard::ParallelStream")
                .put("__streams_-size", 2)
                .member("__streams_-0", new Draft.Existing(one))
                .member("__streams_-1", new Draft.Existing(other))
                .build());

    assertThat(client.get(id)).isEqualTo(StreamCollection.of(List.of(one, other)));
  }

  @Test
  void aCollectionThatLiesIsRefused() {
    for (String streams : List.of("7", "[1.5]", "{", "[\"o0\"]")) {
      ObjectId id =
          client.create(
              Draft.object("vineyard::StreamCollection").put("__streams", streams).build());
      assertThatThrownBy(() -> client.get(id))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("__streams");
    }
    ObjectId many =
        client.create(
            Draft.object("vineyard::ParallelStream").put("__streams_-size", 1L << 40).build());
    assertThatThrownBy(() -> client.get(many)).isInstanceOf(StoreException.class);
  }
}
