package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whether we read what the official pair says, and would say it ourselves.
class TranscriptTest {
  @Test
  void theRecordingIsComplete() {
    assertThat(Transcript.lines()).hasSize(382);
    assertThat(Transcript.requests()).hasSize(191);
    assertThat(Transcript.requests().stream().map(line -> line.tree().text("type")))
        .contains("create_buffer_request", "pull_next_stream_chunk_request", "get_data_request");
  }

  @ParameterizedTest
  @MethodSource("dev.vinery.protocol.Transcript#requests")
  void everyRequestIsReadAndPrintedAsTheSameTree(Transcript.Line line) {
    Request request = Messages.request(line.text());

    assertThat(request).isNotInstanceOf(Request.Unsupported.class);
    assertThat(Messages.tree(request)).isEqualTo(withoutWhatIsNotKept(line.tree()));
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
    Reply reply = Messages.reply(line.text());

    assertThat(Messages.tree(reply)).isEqualTo(line.tree());
    assertThat(reply.descriptors()).hasSize(line.descriptors());
  }
}
