package dev.vinery.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/// The codec against inputs that Jazzer finds. Ordinary runs only repeat the seeds; with
/// `JAZZER_FUZZ=1` in the environment one test, chosen by name, goes on from them.
class CodecFuzzTest {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m") // has to be the last annotation
  void anyBytesAreARequestOrRefused(byte[] body) {
    AnyBytes.readAsRequest(body);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m") // has to be the last annotation
  void anyBytesAreAReplyOrRefused(byte[] body) {
    AnyBytes.readAsReply(body);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m") // has to be the last annotation
  void anyBytesAreATreeOrRefused(byte[] text) {
    AnyBytes.readAsText(text);
  }

  /// One message of each type, and a few texts of their own kind.
  static Stream<byte[]> seeds() {
    var byType = new LinkedHashMap<String, String>();
    Transcript.lines().forEach(line -> byType.put(line.tree().text("type", "error"), line.text()));
    Samples.REQUESTS.forEach(
        sample -> byType.put(sample.getClass().getName(), Messages.text(sample)));
    Samples.REPLIES.forEach(
        sample -> byType.put(sample.getClass().getName(), Messages.text(sample)));
    List<String> odd = List.of("", "{", "[1e999]", "\"\\ud800\"", "[".repeat(2_000));
    return Stream.concat(byType.values().stream(), odd.stream()).map(Messages::bytes);
  }
}
