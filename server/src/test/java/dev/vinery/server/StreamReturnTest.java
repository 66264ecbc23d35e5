package dev.vinery.server;

import static dev.vinery.server.Streams.ID;
import static dev.vinery.server.Streams.awaitDeferred;
import static dev.vinery.server.Streams.failure;
import static dev.vinery.server.Streams.pull;
import static dev.vinery.server.Streams.pullText;
import static dev.vinery.server.Streams.push;
import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StreamRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Streams whose reader has left, and the time in which another may go on with them.
final class StreamReturnTest {
  /// Long enough for a test, and not for who waits for its end.
  private static final Duration RETURN_TIME = Duration.ofMillis(300);

  @RegisterExtension
  private final DaemonUnderTest daemon =
      DaemonUnderTest.with(1 << 20, new StreamOptions(80, RETURN_TIME));

  @Test
  void aStreamThatNobodyGoesOnWithIsDropped() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);
    push(writer, writer.put("a"));
    push(writer, writer.put("b"));
    pull(reader);

    reader.close();

    eventually(() -> assertThat(Streams.survey(writer)).isEmpty());
    assertThat(writer.usage()).isZero();
    assertThat(writer.refused(new StreamRequest.Stop(ID, false, "")))
        .isEqualTo(Status.OBJECT_NOT_FOUND);
  }

  @Test
  void aWriterThatWaitsForRoomLearnsThatNobodyReadsAnyMore() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);
    Streams.reserve(writer, 1000);
    Streams.reserve(writer, 800 << 10);
    pull(reader);
    writer.wire().send(new StreamRequest.Reserve(ID, 800 << 10));
    awaitDeferred(reader, 1);

    reader.close();

    assertThat(failure(writer).status()).isEqualTo(Status.STREAM_FAILED);
    assertThat(writer.usage()).isZero();
  }

  @Test
  void aStreamThatSomebodyGoesOnWithIsNotDropped() {
    TestClient writer = daemon.client();
    TestClient first = daemon.client();
    TestClient second = daemon.client();
    Streams.create(writer);
    writer.done(new StreamRequest.Create(new ObjectId(7)));
    push(writer, writer.put("a"));
    pull(first);
    writer.done(new StreamRequest.Push(new ObjectId(7), ObjectId.EMPTY_BLOB));
    first.wire().call(new StreamRequest.Pull(new ObjectId(7)));
    first.close();
    eventually(() -> assertThat(Streams.survey(writer)).noneMatch(each -> each.hasReader()));

    second.done(new StreamRequest.Open(ID, true, false));

    // The other stream, left at the same moment, tells when the time is over.
    eventually(() -> assertThat(Streams.survey(writer)).hasSize(1));
    assertThat(pullText(second)).isEqualTo("a");
  }

  @Test
  void aStreamThatNobodyHasPulledFromStays() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);
    writer.done(new StreamRequest.Create(new ObjectId(7)));
    writer.done(new StreamRequest.Push(new ObjectId(7), ObjectId.EMPTY_BLOB));
    reader.wire().call(new StreamRequest.Pull(new ObjectId(7)));
    reader.done(new StreamRequest.Open(ID, true, false));

    reader.close();

    eventually(() -> assertThat(Streams.survey(writer)).hasSize(1));
    assertThat(Streams.status(writer).id()).isEqualTo(ID);
    assertThat(Streams.status(writer).hasReader()).isFalse();
  }
}
