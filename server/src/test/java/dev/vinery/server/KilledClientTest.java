package dev.vinery.server;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.posix.UnixSocket;
import dev.vinery.protocol.Codec;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Status;
import dev.vinery.protocol.StreamRequest;
import dev.vinery.protocol.StreamStatus;
import dev.vinery.testkit.WireClient;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Client processes that are killed without a warning.
final class KilledClientTest {
  @RegisterExtension
  private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(4 << 20).through(Door.TCP);

  @ParameterizedTest
  @EnumSource
  void aClientKilledInTheMiddleLeavesNothingAndDisturbsNobody(Victim.State state) throws Exception {
    TestClient neighbour = daemon.localClient();
    ObjectId own = neighbour.put("the neighbour's");
    assertThat(neighbour.text(own)).isEqualTo("the neighbour's");
    long usage = neighbour.usage();
    Traces before = Traces.now();
    ObjectId readByVictim = neighbour.put("the victim's");
    Process victim = start(state, readByVictim);
    try {
      assertThat(victim.inputReader().readLine()).isEqualTo("ready");
      neighbour.delete(readByVictim);
      if (state == Victim.State.HOLDING) {
        assertThat(neighbour.usage()).isGreaterThan(usage);
      }

      victim.destroyForcibly();

      assertThat(victim.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      victim.destroyForcibly();
      victim.inputReader().close();
    }
    eventually(() -> assertThat(neighbour.status().ipcConnections()).isOne());
    for (StreamStatus left : Streams.survey(neighbour)) { // others may go on with it
      neighbour.done(new StreamRequest.Drop(left.id()));
    }
    eventually(() -> {
      assertThat(neighbour.status().rpcConnections()).isZero();
      assertThat(neighbour.status().deferredRequests()).isZero();
      assertThat(neighbour.usage()).isEqualTo(usage);
      assertThat(Traces.now()).isEqualTo(before);
    });
    assertThat(neighbour.text(own)).isEqualTo("the neighbour's");
    neighbour.drop(neighbour.create(daemon.memoryLimitBytes() - usage).id()); // all the rest
  }

  @Test
  void aReaderLearnsAtOnceThatItsProducerWasKilled() throws Exception {
    TestClient reader = daemon.localClient();
    TestClient observer = daemon.localClient();
    Process producer = start(Victim.State.STREAM_WRITING, ObjectId.EMPTY_BLOB);
    try {
      assertThat(producer.inputReader().readLine()).isEqualTo("ready");
      reader.wire().send(new StreamRequest.Pull(Victim.STREAM));
      Streams.awaitDeferred(observer, 1);

      producer.destroyForcibly();

      assertThat(Streams.failure(reader).status()).isEqualTo(Status.STREAM_FAILED);
      assertThat(observer.usage()).isZero();
    } finally {
      producer.destroyForcibly();
      producer.inputReader().close();
    }
  }

  private Process start(Victim.State state, ObjectId id) throws IOException {
    String classPath =
        Stream.of(
                Victim.class.getName(),
                WireClient.class.getName(),
                UnixSocket.class.getName(),
                Codec.class.getName(),
                "com.fasterxml.jackson.core.JsonFactory")
            .map(KilledClientTest::placeOf)
            .collect(Collectors.joining(File.pathSeparator));
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                classPath,
                Victim.class.getName(),
                daemon.socket().toString(),
                state.name(),
                id.toString(),
                Integer.toString(daemon.address().getPort())))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /// The jar or folder that a class comes from, whatever module it is in.
  private static String placeOf(String className) {
    String file = className.replace('.', '/') + ".class";
    URL url = Objects.requireNonNull(ClassLoader.getSystemResource(file), file);
    String place = url.getPath().replaceFirst("!?/" + file + "$", "").replaceFirst("^file:", "");
    return Path.of(place).toString();
  }
}
