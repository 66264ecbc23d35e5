package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StreamReply;
import dev.vinery.protocol.StreamRequest;
import dev.vinery.protocol.StreamStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What tests do with streams.
final class Streams {
  static final ObjectId ID = new ObjectId(12345);

  private Streams() {}

  static void create(TestClient client) {
    client.done(new StreamRequest.Create(ID));
  }

  static void push(TestClient client, ObjectId chunk) {
    client.done(new StreamRequest.Push(ID, chunk));
  }

  /// Gets a chunk to write.
  static Payload reserve(TestClient client, long sizeBytes) {
    return client
        .wire()
        .call(new StreamRequest.Reserve(ID, sizeBytes), StreamReply.Reserved.class)
        .payload();
  }

  static Payload write(TestClient client, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Payload payload = reserve(client, bytes.length);
    client.write(payload, bytes);
    return payload;
  }

  static ObjectId pull(TestClient client) {
    return client.wire().call(new StreamRequest.Pull(ID), StreamReply.Pulled.class).chunk();
  }

  static String pullText(TestClient client) {
    return client.text(pull(client));
  }

  static Status pullRefused(TestClient client) {
    return client.refused(new StreamRequest.Pull(ID));
  }

  /// Pulls what is not there yet.
  static void waitForChunk(TestClient client) {
    client.wire().send(new StreamRequest.Pull(ID));
  }

  static void finish(TestClient client) {
    client.done(new StreamRequest.Stop(ID, false, ""));
  }

  static void fail(TestClient client, String reason) {
    client.done(new StreamRequest.Stop(ID, true, reason));
  }

  static void drop(TestClient client) {
    client.done(new StreamRequest.Drop(ID));
  }

  static List<StreamStatus> survey(TestClient client) {
    return client.wire().call(new StreamRequest.Survey(), StreamReply.Surveyed.class).streams();
  }

  static StreamStatus status(TestClient client) {
    List<StreamStatus> streams = survey(client);
    assertThat(streams).hasSize(1);
    return streams.getFirst();
  }

  static void awaitDeferred(TestClient client, long count) {
    eventually(() -> assertThat(client.status().deferredRequests()).isEqualTo(count));
  }

  static Reply.Failed failure(TestClient client) {
    Reply reply = client.wire().receiveReply();
    assertThat(reply).isInstanceOf(Reply.Failed.class);
    return (Reply.Failed) reply;
  }
}
