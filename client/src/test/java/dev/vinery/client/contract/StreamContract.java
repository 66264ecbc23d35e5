package dev.vinery.client.contract;

import static dev.vinery.testkit.Eventually.eventually;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Draft;
import dev.vinery.client.StreamReader;
import dev.vinery.client.StreamWriter;
import dev.vinery.client.Streams;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StoreFullException;
import dev.vinery.protocol.StreamFailedException;
import dev.vinery.protocol.StreamStatus;
import dev.vinery.protocol.StreamTerms;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What writers and readers of streams can do, with our daemon and with the official one; what the
/// latter does otherwise is in [Promise].
@Timeout(120) // seconds: an end that fails leaves the other waiting
public interface StreamContract extends Contract {
  /// What clients may store in the daemon, in bytes.
  int MEMORY_BYTES = 1 << 20;

  private static String text(VineryObject chunk) {
    try (chunk) {
      return new String(chunk.segment().toArray(JAVA_BYTE), UTF_8);
    }
  }

  private static void write(StreamWriter writer, String text) {
    writer.write(text.getBytes(UTF_8));
  }

  private boolean overTcp() {
    return daemon().door() == Door.TCP;
  }

  private Streams streams() {
    return client().streams();
  }

  private ObjectId begin() {
    return streams().create(Streams.BYTES, Map.of());
  }

  /// Waits until a reader or a writer waits, where one can know.
  private void awaitWaiting() {
    if (daemon().keeps(Promise.WAITING_ENDS_OF_STREAMS_ARE_COUNTED)) {
      eventually(() -> assertThat(client().status().deferredRequests()).isOne());
    }
  }

  /// Waits until a stream that had a writer is no more.
  private void awaitEnd(ObjectId id) {
    eventually(() ->
        assertThatThrownBy(() -> streams().write(id)).isInstanceOf(ObjectNotFoundException.class));
  }

  @Test
  default void whatIsWrittenIsReadInOrderAndThenGone() {
    ObjectId id = begin();
    try (StreamWriter writer = streams().write(id)) {
      write(writer, "one");
      write(writer, "");
      writer.next(3).copyFrom(MemorySegment.ofArray("two".getBytes(UTF_8)));
      writer.finish();
    }
    List<String> read = new ArrayList<>();

    try (StreamReader reader = streams().read(id)) {
      for (VineryObject chunk : reader) {
        read.add(text(chunk));
      }
      assertThat(reader.next()).isEmpty();
    }

    assertThat(read).containsExactly("one", "", "two");
    awaitEnd(id);
    awaitMemoryUsage(0);
  }

  @Test
  default void aReaderWaitsForItsWriter() throws Exception {
    ObjectId id = begin();
    try (StreamReader reader = streams().read(id)) { // which leaves when the stream has ended
      CompletableFuture<String> read =
          CompletableFuture.supplyAsync(() -> text(reader.next().orElseThrow()));
      awaitWaiting();

      try (StreamWriter writer = streams().write(id)) {
        write(writer, "late");
        writer.finish();
      }

      assertThat(read.get()).isEqualTo("late");
    }
  }

  @Test
  default void aChunkThatIsOpenKeepsItsBytesWhateverIsReadNext() {
    ObjectId id = begin();
    try (StreamWriter writer = streams().write(id)) {
      write(writer, "first");
      write(writer, "again");
      writer.finish();
    }
    try (StreamReader reader = streams().read(id)) {
      VineryObject first = reader.next().orElseThrow();
      MemorySegment bytes = first.segment();
      VineryObject second = reader.next().orElseThrow();
      assertThat(reader.next()).isEmpty();

      assertThat(client().exists(first.id())).isFalse();
      if (daemon().keeps(Promise.READERS_KEEP_THEIR_BYTES)) {
        assertThat(bytes.toArray(JAVA_BYTE)).isEqualTo("first".getBytes(UTF_8));
        assertThat(client().status().memoryUsageBytes()).isEqualTo(overTcp() ? 0 : 10);
      } else {
        assertThat(client().status().memoryUsageBytes()).isZero();
      }
      first.close();
      second.close();
      awaitMemoryUsage(0);
    }
  }

  @Test
  default void objectsAreChunksToo() {
    ObjectId id = begin();
    ObjectId object =
        client()
            .create(
                Draft.object("test::Pair")
                    .put("k", "v")
                    .member("b", Draft.blob(MemorySegment.ofArray(new byte[] {1, 2})))
                    .build());
    try (StreamWriter writer = streams().write(id)) {
      writer.append(object);
      writer.finish();
    }
    try (StreamReader reader = streams().read(id)) {
      VineryObject chunk = reader.next().orElseThrow();
      assertThat(chunk.id()).isEqualTo(object);
      assertThat(chunk.member("b").segment().toArray(JAVA_BYTE)).containsExactly(1, 2);

      assertThat(reader.next()).isEmpty();

      eventually(() -> assertThat(client().exists(object)).isFalse());
      if (daemon().keeps(Promise.READERS_KEEP_THEIR_BYTES)) {
        assertThat(chunk.member("b").segment().toArray(JAVA_BYTE)).containsExactly(1, 2);
      }
      chunk.close();
    }
    awaitMemoryUsage(0);
  }

  @Test
  default void theReasonOfAFailureReachesTheReader() {
    ObjectId id = begin();
    try (StreamWriter writer = streams().write(id)) {
      write(writer, "a");
      writer.fail("trips.csv, line 7: 3 fields instead of 4");
    }
    try (StreamReader reader = streams().read(id)) {
      assertThat(text(reader.next().orElseThrow())).isEqualTo("a");
      expectFailure(reader, "failed: trips.csv, line 7: 3 fields instead of 4");
    }
  }

  /// Reads what is no chunk but the failure of the stream.
  private void expectFailure(StreamReader reader, String reason) {
    boolean told = daemon().keeps(Promise.FAILURES_HAVE_REASONS);
    assertThatThrownBy(reader::next)
        .isInstanceOf(StreamFailedException.class)
        .hasMessageContaining(told ? reason : "");
  }

  @Test
  default void aWriterThatIsClosedTooEarlyFailsTheStream() {
    ObjectId id = begin();
    StreamWriter writer = streams().write(id);
    write(writer, "a");
    writer.close();
    writer.close();

    try (StreamReader reader = streams().read(id)) {
      assertThat(text(reader.next().orElseThrow())).isEqualTo("a");
      expectFailure(reader, "its writer was closed before it was finished");
    }
    assertThatThrownBy(() -> writer.next(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
  }

  @Test
  default void anInterruptEndsAWaitAndWithItTheReader() throws Exception {
    ObjectId id = begin();
    var failure = new CompletableFuture<Exception>();
    try (StreamReader reader = streams().read(id)) {
      Thread waiting =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  reader.next();
                } catch (ConnectionException e) {
                  failure.complete(e);
                }
              });
      awaitWaiting();

      waiting.interrupt();

      assertThat(failure.get()).hasMessageContaining("interrupted");
      waiting.join();
    }
    if (daemon().keeps(Promise.STREAMS_OUTLIVE_THEIR_READERS)) {
      eventually(() -> assertThat(client().status().deferredRequests()).isZero());
      streams().read(id).close();
    }
  }

  @Test
  default void anotherReaderGoesOnAfterTheChunkThatWasFinished() {
    ObjectId id = begin();
    try (StreamWriter writer = streams().write(id)) {
      for (String text : List.of("a", "b", "c")) {
        write(writer, text);
      }
      try (StreamReader reader = streams().read(id)) {
        assertThat(text(reader.next().orElseThrow())).isEqualTo("a");
        assertThatThrownBy(() -> streams().read(id))
            .isInstanceOf(StoreException.class)
            .extracting(refused -> ((StoreException) refused).status())
            .isEqualTo(Status.STREAM_OPENED);
        assertThat(text(reader.next().orElseThrow())).isEqualTo("b");
      }
      if (!daemon().keeps(Promise.STREAMS_OUTLIVE_THEIR_READERS)) {
        awaitEnd(id);
        return;
      }
      eventually(
          () -> assertThat(streams().list()).singleElement().matches(each -> !each.hasReader()));
      writer.finish();
    }

    List<String> rest = new ArrayList<>();
    try (StreamReader reader = streams().read(id)) {
      reader.forEach(chunk -> rest.add(text(chunk)));
    }

    assertThat(rest).containsExactly("b", "c");
  }

  @Test
  default void aFastWriterWaitsForASlowReader() throws Exception {
    ObjectId id = begin();
    int chunkBytes = MEMORY_BYTES / 4;
    int count = 20;
    CompletableFuture<Void> written =
        CompletableFuture.runAsync(() -> {
          try (StreamWriter writer = streams().write(id)) {
            for (int i = 0; i < count; i++) {
              writer.next(chunkBytes).fill((byte) i);
            }
            writer.finish();
          }
        });
    awaitWaiting();
    if (overTcp()) { // then the chunk that waits may have its room already
      eventually(() ->
          assertThat(client().status().memoryUsageBytes())
              .isBetween(3L * chunkBytes, 4L * chunkBytes));
    } else {
      awaitMemoryUsage(3L * chunkBytes);
    }

    int read = 0;
    try (StreamReader reader = streams().read(id)) {
      for (VineryObject chunk : reader) {
        byte[] expected = new byte[chunkBytes];
        Arrays.fill(expected, (byte) read);
        assertThat(chunk.segment().toArray(JAVA_BYTE)).isEqualTo(expected);
        chunk.close();
        read++;
      }
    }

    written.get();
    assertThat(read).isEqualTo(count);
  }

  @Test
  default void aChunkThatNeverFitsIsRefusedAndTheWriterGoesOn() {
    ObjectId id = begin();
    try (StreamWriter writer = streams().write(id)) {
      if (daemon().keeps(Promise.CHUNKS_THAT_NEVER_FIT_ARE_REFUSED)) {
        assertThatThrownBy(() -> writer.next(MEMORY_BYTES)).isInstanceOf(StoreFullException.class);
      }
      assertThatThrownBy(() -> writer.next(-1)).isInstanceOf(IllegalArgumentException.class);
      write(writer, "small");
      writer.finish();
    }
    try (StreamReader reader = streams().read(id)) {
      assertThat(reader.next().map(StreamContract::text)).isEqualTo(Optional.of("small"));
    }
  }

  @Test
  default void droppingAStreamEndsItForBothSides() throws Exception {
    ObjectId id = begin();
    StreamWriter writer = streams().write(id);
    write(writer, "x");
    CompletableFuture<String> read =
        CompletableFuture.supplyAsync(() -> {
          try (StreamReader reader = streams().read(id)) {
            return reader.next().map(StreamContract::text).orElse("");
          }
        });
    awaitWaiting();

    streams().drop(id);

    assertThatThrownBy(read::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(
            daemon().keeps(Promise.WAITING_ENDS_OF_STREAMS_ARE_COUNTED)
                ? StreamFailedException.class
                : StoreException.class);
    assertThatThrownBy(() -> writer.next(1)).isInstanceOf(ObjectNotFoundException.class);
    assertThat(client().exists(id)).isFalse();
    writer.close();
    awaitEnd(id);
    awaitMemoryUsage(daemon().keeps(Promise.DROPPED_STREAMS_LEAVE_NOTHING) ? 0 : 1);
  }

  @Test
  default void whatDescribesAStreamIsReadBack() {
    ObjectId id = begin();
    ObjectId described =
        streams()
            .create(
                Streams.DATA_FRAMES,
                Map.of("header_row", new Json.Text("1"), "delimiter", new Json.Text(",")));

    assertThat(streams().parameters(described).text("delimiter")).isEqualTo(",");
    assertThat(streams().parameters(id).values()).isEmpty();
    assertThat(client().getMetadata(described).typeName()).isEqualTo("vineyard::DataframeStream");
    assertThatThrownBy(() -> streams().read(new ObjectId(1)))
        .isInstanceOf(ObjectNotFoundException.class);
  }

  @Test
  default void streamsAreListedUntilTheyEnd() {
    ObjectId one = begin();
    ObjectId other = begin();

    if (!daemon().keeps(Promise.STREAMS_ARE_LISTED)) {
      assertThatThrownBy(streams()::list)
          .isInstanceOf(StoreException.class)
          .isNotInstanceOf(ConnectionException.class);
      return;
    }
    assertThat(streams().list().stream().map(StreamStatus::id))
        .containsExactlyInAnyOrder(one, other);
    streams().drop(one);
    assertThat(streams().list()).extracting(StreamStatus::id).containsExactly(other);
  }

  /// Begins a stream on terms, where the daemon knows of them.
  private Optional<ObjectId> begin(StreamTerms terms) {
    if (daemon().keeps(Promise.STREAMS_HAVE_TERMS)) {
      return Optional.of(streams().create(Streams.BYTES, Map.of(), terms));
    }
    assertThatThrownBy(() -> streams().create(Streams.BYTES, Map.of(), terms))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(ConnectionException.class);
    return Optional.empty();
  }

  private static List<String> readAll(StreamReader reader) {
    List<String> read = new ArrayList<>();
    reader.forEach(chunk -> read.add(text(chunk)));
    return read;
  }

  @Test
  default void readersOfASharedStreamReadAllOfItEach() throws Exception {
    ObjectId id = begin(StreamTerms.SHARED).orElse(null);
    if (id == null) {
      return;
    }
    List<CompletableFuture<List<String>>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(
          CompletableFuture.supplyAsync(() -> {
            try (StreamReader reader = streams().read(id)) {
              return readAll(reader);
            }
          }));
    }
    List<String> written = new ArrayList<>();
    try (StreamWriter writer = streams().write(id)) {
      for (int i = 0; i < 100; i++) {
        written.add("chunk " + i);
        write(writer, "chunk " + i);
      }
      writer.finish();
    }

    for (CompletableFuture<List<String>> reader : readers) {
      assertThat(reader.get()).isEqualTo(written);
    }
    streams().drop(id);
    awaitMemoryUsage(0);
  }

  @Test
  default void aSharedStreamIsReadAgainFromTheStartOrFromAnywhere() {
    ObjectId id = begin(StreamTerms.SHARED).orElse(null);
    if (id == null) {
      return;
    }
    try (StreamWriter writer = streams().write(id)) {
      for (String text : List.of("a", "b", "c")) {
        write(writer, text);
      }
      writer.finish();
    }
    for (int i = 0; i < 2; i++) {
      try (StreamReader reader = streams().read(id)) {
        assertThat(reader.index()).isEqualTo(-1);
        assertThat(readAll(reader)).containsExactly("a", "b", "c");
        assertThat(reader.index()).isEqualTo(2);
      }
    }
    try (StreamReader reader = streams().readFrom(id, 1)) {
      assertThat(readAll(reader)).containsExactly("b", "c");
    }
    try (StreamReader reader = streams().readFrom(id, 7)) {
      assertThat(readAll(reader)).isEmpty();
    }
    assertThatThrownBy(() -> streams().readFrom(id, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void aWriterWaitsAtTheLimitOfItsStream() throws Exception {
    ObjectId id = begin(StreamTerms.PLAIN.withLimitBytes(10)).orElse(null);
    if (id == null) {
      return;
    }
    CompletableFuture<Void> written =
        CompletableFuture.runAsync(() -> {
          try (StreamWriter writer = streams().write(id)) {
            for (int i = 0; i < 10; i++) {
              write(writer, "chunk " + i);
            }
            writer.finish();
          }
        });
    awaitWaiting();
    assertThat(streams().list())
        .singleElement()
        .satisfies(stream -> assertThat(stream.readyBytes()).isLessThanOrEqualTo(10));

    try (StreamReader reader = streams().read(id)) {
      assertThat(readAll(reader)).hasSize(10);
    }
    written.get();
  }
}
