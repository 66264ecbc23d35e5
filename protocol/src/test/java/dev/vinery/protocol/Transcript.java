package dev.vinery.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What the official client and the official daemon said to each other; see the note beside the
/// recording.
final class Transcript {
  private static final String RECORDING = "ipc-0.24.2.jsonl";

  /// One message.
  ///
  /// @param line where it stands in the recording, from 1
  /// @param descriptors how many descriptors followed it
  record Line(int line, boolean isRequest, int descriptors, String text) {
    byte[] body() {
      return Messages.bytes(text);
    }

    Json.Fields tree() {
      return (Json.Fields) JsonText.parse(text);
    }

    @Override
    public String toString() {
      return "line " + line + ": " + text.substring(0, Math.min(text.length(), 60));
    }
  }

  private Transcript() {}

  static List<Line> requests() {
    return lines().stream().filter(Line::isRequest).toList();
  }

  static List<Line> replies() {
    return lines().stream().filter(line -> !line.isRequest()).toList();
  }

  static List<Line> lines() {
    try (InputStream in =
        Objects.requireNonNull(Transcript.class.getResourceAsStream(RECORDING), RECORDING)) {
      List<Line> lines = new ArrayList<>();
      for (String text : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", 0)) {
        Json.Fields line = (Json.Fields) JsonText.parse(text);
        lines.add(
            new Line(
                lines.size() + 1,
                line.text("d").equals("request"),
                (int) line.whole("fds", 0),
                line.text("frame")));
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
