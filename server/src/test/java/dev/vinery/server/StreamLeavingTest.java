package dev.vinery.server;

import static dev.vinery.server.Streams.ID;
import static dev.vinery.server.Streams.awaitDeferred;
import static dev.vinery.server.Streams.failure;
import static dev.vinery.server.Streams.pull;
import static dev.vinery.server.Streams.pullRefused;
import static dev.vinery.server.Streams.pullText;
import static dev.vinery.server.Streams.push;
import static dev.vinery.server.Streams.waitForChunk;
import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.Reply;
import dev.vinery.protocol.SessionRequest;
import dev.vinery.protocol.SessionRequest.StoreType;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StreamRequest;
import dev.vinery.protocol.StreamStatus.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Producers and consumers that leave, each in its own way.
final class StreamLeavingTest {
  @RegisterExtension
  private final DaemonUnderTest daemon =
      DaemonUnderTest.with(1 << 20, new StreamOptions(80, Duration.ofHours(1)));

  @Test
  void aProducerThatLeavesMakesTheStreamFailAndWakesItsReader() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);
    writer.done(new StreamRequest.Open(ID, false, true));
    waitForChunk(reader);
    awaitDeferred(writer, 1);

    writer.close();

    Reply.Failed failed = failure(reader);
    assertThat(failed.status()).isEqualTo(Status.STREAM_FAILED);
    assertThat(failed.message()).endsWith(": its producer left without finishing it");
  }

  @Test
  void whatAProducerHasWrittenIsReadAfterItsEnd() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(reader);
    Streams.write(writer, "whole");
    Streams.write(writer, "half");

    writer.close();

    eventually(() -> assertThat(Streams.status(reader).state()).isEqualTo(State.FAILED));
    assertThat(pullText(reader)).isEqualTo("whole");
    assertThat(pullRefused(reader)).isEqualTo(Status.STREAM_FAILED);
    assertThat(reader.usage()).isZero();
  }

  @Test
  void whoPushedForAProducerThatStaysMayLeave() {
    TestClient producer = daemon.client();
    TestClient helper = daemon.client();
    Streams.create(producer);
    producer.done(new StreamRequest.Open(ID, false, true));
    push(helper, helper.put("x"));

    helper.close();

    eventually(() -> assertThat(producer.status().ipcConnections()).isOne());
    assertThat(Streams.status(producer).state()).isEqualTo(State.RUNNING);
  }

  @Test
  void whoMadeAStreamAndLeftDidNotProduceIt() {
    TestClient maker = daemon.client();
    TestClient other = daemon.client();
    Streams.create(maker);

    maker.close();

    eventually(() -> assertThat(other.status().ipcConnections()).isOne());
    assertThat(Streams.status(other).state()).isEqualTo(State.RUNNING);
  }

  @Test
  void aStreamThatWasFinishedDoesNotFailWhenItsProducerLeaves() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);
    Streams.write(writer, "all");
    Streams.finish(writer);
    writer.close();
    eventually(() -> assertThat(reader.status().ipcConnections()).isOne());

    assertThat(pullText(reader)).isEqualTo("all");
    assertThat(pullRefused(reader)).isEqualTo(Status.STREAM_DRAINED);
  }

  @Test
  void anotherReaderGoesOnWithWhatTheFirstHadNotFinished() {
    TestClient writer = daemon.client();
    TestClient first = daemon.client();
    TestClient second = daemon.client();
    Streams.create(writer);
    first.done(new StreamRequest.Open(ID, true, false));
    for (String text : new String[] {"a", "b", "c"}) {
      push(writer, writer.put(text));
    }
    assertThat(pullText(first)).isEqualTo("a");
    assertThat(pullText(first)).isEqualTo("b");

    first.close();
    eventually(() -> assertThat(Streams.status(writer).hasReader()).isFalse());

    second.done(new StreamRequest.Open(ID, true, false));
    assertThat(pullText(second)).isEqualTo("b");
    assertThat(pullText(second)).isEqualTo("c");
    waitForChunk(second);
    awaitDeferred(writer, 1);
    assertThat(writer.usage()).isZero();
  }

  @Test
  void aReaderThatWaitedAndLeftIsNotInTheWay() {
    TestClient writer = daemon.client();
    TestClient first = daemon.client();
    TestClient second = daemon.client();
    Streams.create(writer);
    waitForChunk(first);
    awaitDeferred(writer, 1);

    first.close();
    awaitDeferred(writer, 0);
    push(writer, writer.put("x"));

    assertThat(pullText(second)).isEqualTo("x");
  }

  @Test
  void aStreamThatWasReadToItsEndGoesWithItsReader() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    Streams.create(writer);
    push(writer, writer.put("a"));
    Streams.finish(writer);
    pull(reader);
    assertThat(pullRefused(reader)).isEqualTo(Status.STREAM_DRAINED);

    reader.close();

    eventually(() -> assertThat(Streams.survey(writer)).isEmpty());
  }

  @Test
  void aSessionThatEndsTakesItsStreamsAlong() {
    TestClient root = daemon.client();
    TestClient writer = daemon.client(Sessions.open(root, StoreType.NORMAL));
    Streams.create(writer);
    push(writer, writer.put("a"));
    push(writer, writer.put("b"));
    pull(writer);
    Streams.reserve(writer, 100);

    writer.done(new SessionRequest.Delete());

    eventually(() -> assertThat(root.usage()).isZero());
  }
}
