package dev.vinery.metadata.etcd;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataBackend;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.MetadataException;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.cluster.Member;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// etcds that are started for a store, with a real one.
final class EtcdBackendTest {
  private static final String PROGRAM = System.getProperty("vinery.etcd", "etcd");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration BRIEF = Duration.ofMillis(200);
  private static final Pattern PID = Pattern.compile("pid=(\\d+)");
  private static final Pattern PLACE = Pattern.compile("data in ([^,]+),");

  @TempDir private Path directory;

  private final List<String> reports = new CopyOnWriteArrayList<>();
  private final EtcdBackend backend = new EtcdBackend();
  private String endpoint = "";

  @BeforeEach
  void chooseEndpoint() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      endpoint = "http://127.0.0.1:" + probe.getLocalPort();
    }
  }

  private MetadataBackend.Options options() {
    return options(PATIENCE, false, PROGRAM, Optional.empty());
  }

  /// For another member of the cluster.
  private MetadataBackend.Options another() {
    return options(PATIENCE, true, PROGRAM, Optional.empty());
  }

  private MetadataBackend.Options options(
      Duration patience, boolean ownMember, String program, Optional<Path> data) {
    return new MetadataBackend.Options(
        endpoint, "vineyard", patience, ownMember, Optional.of(program), data, OptionalInt.empty());
  }

  private MetadataStore open(MetadataBackend.Options options) throws InterruptedException {
    return backend.open(options, reports::add);
  }

  private static void put(MetadataStore store, String key) {
    store.commit(List.of(new Change.Put(key, "1"))).toCompletableFuture().join();
  }

  private String reported(Pattern pattern) {
    Matcher matcher = pattern.matcher(String.join("\n", reports));
    assertThat(matcher.find()).as("%s in %s", pattern, reports).isTrue();
    return matcher.group(1);
  }

  private List<Member> members() {
    try (Client client = EtcdMetadataStore.client(List.of(URI.create(endpoint)))) {
      return new EtcdMembers(client).all();
    }
  }

  @Test
  void whereNobodyListensOneIsStartedAndEndsWithTheStore() throws InterruptedException {
    ProcessHandle etcd;
    Path place;
    try (var store = open(options())) {
      put(store, "a");

      assertThat(store.get("a")).isPresent();
      assertThat(store.member()).isPresent();
      assertThat(reports).hasSize(1).first().asString().startsWith("etcd: started");
      place = Path.of(reported(PLACE));
      etcd = ProcessHandle.of(Long.parseLong(reported(PID))).orElseThrow();
      assertThat(place).exists();
    }
    assertThat(etcd.isAlive()).isFalse();
    assertThat(place).doesNotExist();
  }

  @Test
  void whatListensIsUsedAndLeftAlone() throws InterruptedException {
    try (var first = open(options())) {
      try (var second = open(options())) {
        put(second, "a");
        assertThat(second.member()).isEmpty();
      }

      assertThat(first.get("a")).isPresent();
      assertThat(reports).last().asString().isEqualTo("etcd: using " + endpoint);
    }
  }

  @Test
  void ofSeveralAtOnceOneStartsItForAll() throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<MetadataStore>> opening = new CopyOnWriteArrayList<>();
      for (int i = 0; i < 3; i++) {
        opening.add(executor.submit(() -> open(options())));
      }
      for (Future<MetadataStore> each : opening) {
        put(each.get(), "a");
      }
      try {
        assertThat(reports).filteredOn(line -> line.startsWith("etcd: started")).hasSize(1);
        assertThat(reports).filteredOn(line -> line.startsWith("etcd: using")).hasSize(2);
      } finally {
        for (Future<MetadataStore> each : opening) {
          each.get().close();
        }
      }
    }
  }

  @Test
  void aDirectoryOfTheUsersStaysWithWhatIsInIt() throws InterruptedException {
    MetadataBackend.Options kept =
        options(PATIENCE, false, PROGRAM, Optional.of(directory.resolve("a/b")));
    try (var store = open(kept)) {
      put(store, "a");
    }

    try (var store = open(kept)) {
      assertThat(store.get("a")).isPresent();
    }
    assertThat(directory.resolve("a/b/member")).exists();
  }

  @Test
  void oneThatIsKilledIsStartedAgainWithItsData() throws InterruptedException {
    try (var store = open(options())) {
      put(store, "a");
      ProcessHandle etcd = ProcessHandle.of(Long.parseLong(reported(PID))).orElseThrow();

      etcd.destroyForcibly();
      etcd.onExit().join();

      eventually(() -> assertThat(reports).anyMatch(line -> line.contains("starting it again")));
      eventually(() -> assertThat(found(store, "a")).isTrue());
    }
  }

  private static boolean found(MetadataStore store, String key) {
    try {
      return store.get(key).isPresent();
    } catch (MetadataException outage) {
      return false;
    }
  }

  @Test
  void anotherMemberJoinsAndLeaves() throws InterruptedException {
    try (var seed = open(options())) {
      put(seed, "a");
      try (var second = open(another())) {
        assertThat(second.get("a")).isPresent();
        assertThat(members()).hasSize(2);
        assertThat(members().stream().map(Member::getId)).contains(second.member().orElseThrow());
        assertThat(reports).last().asString().startsWith("etcd: joined " + endpoint);
      }

      assertThat(members()).hasSize(1);
      put(seed, "b");
    }
  }

  @Test
  void theFirstMemberMayLeaveAndTheOtherGoesOn() throws InterruptedException {
    var seed = open(options());
    try (var second = open(another())) {
      put(seed, "a");
      seed.close();

      eventually(() -> assertThat(found(second, "a")).isTrue());
      put(second, "b");
    } finally {
      seed.close();
    }
  }

  @Test
  void aMemberWhoseDaemonDiedIsTakenOutByAnother() throws InterruptedException {
    try (var seed = open(options());
        var second = open(another())) {
      seed.removeMember(second.member().orElseThrow());
      assertThat(members()).hasSize(1);

      seed.removeMember(seed.member().orElseThrow());
      assertThat(members()).as("the last one stays").hasSize(1);
    }
  }

  @Test
  void theOnlyPrefixInUseIsNamedToWhoUsesAnother() throws InterruptedException {
    try (var store = open(options())) {
      put(store, "more/S0000000000000000/next_instance_id");
      open(options()).close();

      assertThat(reports)
          .last()
          .asString()
          .contains("no daemon uses the prefix 'vineyard'", "'more'", "--etcd_prefix");
    }
  }

  @Test
  void whatEndsAtOnceIsToldInOneLine() throws IOException {
    Path program = directory.resolve("etcd");
    Files.writeString(program, "#!/bin/sh\necho it is too late >&2\nexit 3\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();

    assertThatThrownBy(() -> open(options(PATIENCE, false, program.toString(), Optional.empty())))
        .isInstanceOf(MetadataException.class)
        .hasMessage("etcd ended: it is too late");
  }

  @Test
  void aHostThatIsNotThereIsWaitedForAsLongAsAskedFor() {
    endpoint = "nowhere.invalid:2379";

    assertThatThrownBy(() -> open(options(BRIEF, false, PROGRAM, Optional.empty())))
        .isInstanceOf(MetadataException.class)
        .hasMessageContaining("nobody listens at http://nowhere.invalid:2379")
        .hasMessageContaining("--meta_timeout");
  }

  @Test
  void whoIsNoEtcdIsNotTakenForOne() throws Exception {
    try (var other = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      endpoint = "http://127.0.0.1:" + other.getLocalPort();
      Thread.ofVirtual().start(() -> refuseAll(other));

      assertThatThrownBy(() -> open(options(BRIEF, false, PROGRAM, Optional.empty())))
          .isInstanceOf(MetadataException.class)
          .hasMessageContaining("does not answer as an etcd");
    }
  }

  private static void refuseAll(ServerSocket other) {
    while (true) {
      try (var connection = other.accept()) {
        connection
            .getOutputStream()
            .write("HTTP/1.1 400 no\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      } catch (IOException over) {
        return;
      }
    }
  }
}
