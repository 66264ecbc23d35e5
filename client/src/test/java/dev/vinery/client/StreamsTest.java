package dev.vinery.client;

import static dev.vinery.testkit.Eventually.eventually;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StoreFullException;
import dev.vinery.protocol.StreamFailedException;
import dev.vinery.protocol.StreamStatus;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Writers and readers of streams on a real daemon.
final class StreamsTest {
  private static final int MEMORY_BYTES = 1 << 20;

  @TempDir private Path directory;
  private Daemon daemon;
  private Client client;
  private Streams streams;
  private ObjectId id;

  @BeforeEach
  void start() throws IOException {
    daemon = Daemon.start(DaemonOptions.of(directory.resolve("s"), MEMORY_BYTES));
    client = Vinery.connect(daemon.socket());
    streams = client.streams();
    id = streams.create(Streams.BYTES, Map.of());
  }

  @AfterEach
  void stop() {
    client.close();
    daemon.close();
  }

  private static String text(VineryObject chunk) {
    try (chunk) {
      return new String(chunk.segment().toArray(JAVA_BYTE), UTF_8);
    }
  }

  private static void write(StreamWriter writer, String text) {
    writer.write(text.getBytes(UTF_8));
  }

  @Test
  void whatIsWrittenIsReadInOrderAndThenGone() {
    try (StreamWriter writer = streams.write(id)) {
      write(writer, "one");
      write(writer, "");
      writer.next(3).copyFrom(MemorySegment.ofArray("two".getBytes(UTF_8)));
      writer.finish();
    }
    List<String> read = new ArrayList<>();

    try (StreamReader reader = streams.read(id)) {
      for (VineryObject chunk : reader) {
        read.add(text(chunk));
      }
      assertThat(reader.next()).isEmpty();
    }

    assertThat(read).containsExactly("one", "", "two");
    eventually(() -> assertThat(streams.list()).isEmpty());
    assertThat(client.status().memoryUsageBytes()).isZero();
  }

  @Test
  void aReaderWaitsForItsWriter() throws Exception {
    CompletableFuture<String> read =
        CompletableFuture.supplyAsync(() -> {
          try (StreamReader reader = streams.read(id)) {
            return text(reader.next().orElseThrow());
          }
        });
    eventually(() -> assertThat(client.status().deferredRequests()).isOne());

    try (StreamWriter writer = streams.write(id)) {
      write(writer, "late");
      writer.finish();
    }

    assertThat(read.get()).isEqualTo("late");
  }

  @Test
  void aChunkThatIsOpenKeepsItsBytesWhateverIsReadNext() {
    try (StreamWriter writer = streams.write(id)) {
      write(writer, "first");
      write(writer, "again");
      writer.finish();
    }
    try (StreamReader reader = streams.read(id)) {
      VineryObject first = reader.next().orElseThrow();
      MemorySegment bytes = first.segment();
      VineryObject second = reader.next().orElseThrow();
      assertThat(reader.next()).isEmpty();

      assertThat(client.exists(first.id())).isFalse();
      assertThat(bytes.toArray(JAVA_BYTE)).isEqualTo("first".getBytes(UTF_8));
      assertThat(client.status().memoryUsageBytes()).isEqualTo(10);
      first.close();
      second.close();
      assertThat(client.status().memoryUsageBytes()).isZero();
    }
  }

  @Test
  void objectsAreChunksToo() {
    ObjectId object =
        client.create(
            Draft.object("test::Pair")
                .put("k", "v")
                .member("b", Draft.blob(MemorySegment.ofArray(new byte[] {1, 2})))
                .build());
    try (StreamWriter writer = streams.write(id)) {
      writer.append(object);
      writer.finish();
    }
    try (StreamReader reader = streams.read(id)) {
      VineryObject chunk = reader.next().orElseThrow();
      assertThat(chunk.id()).isEqualTo(object);
      assertThat(reader.next()).isEmpty();

      assertThat(chunk.member("b").segment().toArray(JAVA_BYTE)).containsExactly(1, 2);
      assertThat(client.exists(object)).isFalse();
      chunk.close();
    }
    assertThat(client.status().memoryUsageBytes()).isZero();
  }

  @Test
  void theReasonOfAFailureReachesTheReader() {
    try (StreamWriter writer = streams.write(id)) {
      write(writer, "a");
      writer.fail("trips.csv, line 7: 3 fields instead of 4");
    }
    try (StreamReader reader = streams.read(id)) {
      assertThat(text(reader.next().orElseThrow())).isEqualTo("a");
      assertThatThrownBy(reader::next)
          .isInstanceOf(StreamFailedException.class)
          .hasMessageContaining("failed: trips.csv, line 7: 3 fields instead of 4");
    }
  }

  @Test
  void aWriterThatIsClosedTooEarlyFailsTheStream() {
    StreamWriter writer = streams.write(id);
    write(writer, "a");
    writer.close();
    writer.close();

    try (StreamReader reader = streams.read(id)) {
      assertThat(text(reader.next().orElseThrow())).isEqualTo("a");
      assertThatThrownBy(reader::next)
          .isInstanceOf(StreamFailedException.class)
          .hasMessageContaining("its writer was closed before it was finished");
    }
    assertThatThrownBy(() -> writer.next(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anInterruptEndsAWaitAndWithItTheReader() throws Exception {
    var failure = new CompletableFuture<Exception>();
    try (StreamReader reader = streams.read(id)) {
      Thread waiting =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  reader.next();
                } catch (ConnectionException e) {
                  failure.complete(e);
                }
              });
      eventually(() -> assertThat(client.status().deferredRequests()).isOne());

      waiting.interrupt();

      assertThat(failure.get()).hasMessageContaining("interrupted");
      waiting.join();
    }
    eventually(() -> assertThat(client.status().deferredRequests()).isZero());
    assertThat(streams.list()).singleElement().matches(each -> !each.hasReader());
  }

  @Test
  void anotherReaderGoesOnAfterTheChunkThatWasFinished() {
    try (StreamWriter writer = streams.write(id)) {
      for (String text : List.of("a", "b", "c")) {
        write(writer, text);
      }
      try (StreamReader reader = streams.read(id)) {
        assertThat(text(reader.next().orElseThrow())).isEqualTo("a");
        assertThatThrownBy(() -> streams.read(id))
            .isInstanceOf(StoreException.class)
            .extracting(refused -> ((StoreException) refused).status())
            .isEqualTo(Status.STREAM_OPENED);
        assertThat(text(reader.next().orElseThrow())).isEqualTo("b");
      }
      eventually(
          () -> assertThat(streams.list()).singleElement().matches(each -> !each.hasReader()));
      writer.finish();
    }

    List<String> rest = new ArrayList<>();
    try (StreamReader reader = streams.read(id)) {
      reader.forEach(chunk -> rest.add(text(chunk)));
    }

    assertThat(rest).containsExactly("b", "c");
  }

  @Test
  void aFastWriterWaitsForASlowReader() throws Exception {
    int chunkBytes = MEMORY_BYTES / 4;
    int count = 20;
    CompletableFuture<Void> written =
        CompletableFuture.runAsync(() -> {
          try (StreamWriter writer = streams.write(id)) {
            for (int i = 0; i < count; i++) {
              writer.next(chunkBytes).fill((byte) i);
            }
            writer.finish();
          }
        });
    eventually(() -> assertThat(client.status().deferredRequests()).isOne());
    assertThat(client.status().memoryUsageBytes()).isEqualTo(3L * chunkBytes);

    int read = 0;
    try (StreamReader reader = streams.read(id)) {
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
  void aChunkThatNeverFitsIsRefusedAndTheWriterGoesOn() {
    try (StreamWriter writer = streams.write(id)) {
      assertThatThrownBy(() -> writer.next(MEMORY_BYTES)).isInstanceOf(StoreFullException.class);
      assertThatThrownBy(() -> writer.next(-1)).isInstanceOf(IllegalArgumentException.class);
      write(writer, "small");
      writer.finish();
    }
    try (StreamReader reader = streams.read(id)) {
      assertThat(reader.next().map(StreamsTest::text)).isEqualTo(Optional.of("small"));
    }
  }

  @Test
  void droppingAStreamEndsItForBothSides() throws Exception {
    StreamWriter writer = streams.write(id);
    write(writer, "x");
    CompletableFuture<String> read =
        CompletableFuture.supplyAsync(() -> {
          try (StreamReader reader = streams.read(id)) {
            return reader.next().map(StreamsTest::text).orElse("");
          }
        });
    eventually(() -> assertThat(client.status().deferredRequests()).isOne());

    streams.drop(id);

    assertThatThrownBy(read::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(StreamFailedException.class);
    assertThatThrownBy(() -> writer.next(1)).isInstanceOf(ObjectNotFoundException.class);
    assertThat(client.exists(id)).isFalse();
    assertThat(streams.list()).isEmpty();
    writer.close();
    eventually(() -> assertThat(client.status().memoryUsageBytes()).isZero());
  }

  @Test
  void whatDescribesAStreamIsReadBack() {
    ObjectId described =
        streams.create(
            Streams.DATA_FRAMES,
            Map.of("header_row", new Json.Text("1"), "delimiter", new Json.Text(",")));

    assertThat(streams.parameters(described).text("delimiter")).isEqualTo(",");
    assertThat(streams.parameters(id).values()).isEmpty();
    assertThat(client.getMetadata(described).typeName()).isEqualTo("vineyard::DataframeStream");
    assertThat(streams.list().stream().map(StreamStatus::id)).contains(id, described);
    assertThatThrownBy(() -> streams.read(new ObjectId(1)))
        .isInstanceOf(ObjectNotFoundException.class);
  }
}
