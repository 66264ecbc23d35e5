package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whether we read what the official pair says, and would say it ourselves.
class TranscriptTest {
  /// Commands that are not served yet: they are read, but not their fields.
  private static final Set<String> STREAM_REQUESTS =
      Set.of(
          "create_stream_request",
          "open_stream_request",
          "get_next_stream_chunk_request",
          "push_next_stream_chunk_request",
          "pull_next_stream_chunk_request",
          "stop_stream_request",
          "drop_stream_request");

  private static final Set<String> STREAM_REPLIES =
      STREAM_REQUESTS.stream()
          .map(type -> type.replace("_request", "_reply"))
          .collect(Collectors.toUnmodifiableSet());

  @Test
  void theRecordingIsComplete() {
    assertThat(Transcript.lines()).hasSize(382);
    assertThat(Transcript.requests()).hasSize(191);
    assertThat(Transcript.requests().stream().map(line -> line.tree().text("type")))
        .containsAll(STREAM_REQUESTS);
  }

  @ParameterizedTest
  @MethodSource("dev.vinery.protocol.Transcript#requests")
  void everyRequestIsReadAndPrintedAsTheSameTree(Transcript.Line line) {
    Request request = Messages.request(line.text());

    String type = line.tree().text("type");
    if (STREAM_REQUESTS.contains(type)) {
      assertThat(request).isInstanceOf(Request.Unsupported.class);
      assertThat(Messages.tree(request).text("type")).isEqualTo(type);
    } else {
      assertThat(request).isNotInstanceOf(Request.Unsupported.class);
      assertThat(Messages.tree(request)).isEqualTo(withoutWhatIsNotKept(line.tree()));
    }
  }

  /// Two requests are not printed as they were read: we always send `extra`, and never look into
  /// `debug`.
  private static Json.Fields withoutWhatIsNotKept(Json.Fields message) {
    var fields = new LinkedHashMap<>(message.values());
    switch (message.text("type")) {
      case "shallow_copy_request" -> fields.putIfAbsent("extra", Json.Fields.of(Map.of()));
      case "debug_command" -> fields.put("debug", Json.Null.NULL);
      default -> {}
    }
    return Json.Fields.of(fields);
  }

  @ParameterizedTest
  @MethodSource("dev.vinery.protocol.Transcript#replies")
  void everyReplyIsReadAndPrintedAsTheSameTree(Transcript.Line line) {
    if (STREAM_REPLIES.contains(line.tree().text("type", ""))) {
      assertThatThrownBy(() -> Messages.reply(line.text()))
          .isExactlyInstanceOf(ProtocolException.class)
          .hasMessageStartingWith("unknown reply");
      return;
    }
    Reply reply = Messages.reply(line.text());

    assertThat(Messages.tree(reply)).isEqualTo(line.tree());
    assertThat(reply.descriptors()).hasSize(line.descriptors());
  }
}
