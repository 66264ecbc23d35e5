package dev.vinery.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.io.Drivers;
import dev.vinery.io.OpenedStream;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StreamFailedException;
import dev.vinery.types.ByteStream;
import dev.vinery.types.DataFrame;
import dev.vinery.types.GlobalDataFrame;
import dev.vinery.types.Partition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files in buckets of a server that checks who asks.
final class BucketInteropTest {
  private static final String CREDENTIALS = "aws.sharedCredentialsFile";

  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon(256 << 20);

  @TempDir private static Path shared;
  private static SignedStore store;

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws IOException {
    store = SignedStore.start(shared.resolve("log"));
    Path credentials =
        Files.writeString(
            shared.resolve("credentials"),
            """
            [default]
            aws_access_key_id = %1$s
            aws_secret_access_key = %2$s
            region = us-east-1
            endpoint_url = %3$s

            [forged]
            aws_access_key_id = %1$s
            aws_secret_access_key = %2$sX
            endpoint_url = %3$s
            """
                .formatted(store.key(), store.secret(), store.address()));
    System.setProperty(CREDENTIALS, credentials.toString());
  }

  @AfterAll
  static void stop() {
    System.clearProperty(CREDENTIALS);
    store.close();
  }

  private static String uri(String key) {
    return "s3://" + store.bucket() + "/" + key;
  }

  private static String rows(long from, long to) {
    return LongStream.range(from, to)
        .mapToObj(i -> i + "," + i / 4.0 + ",text " + i + "\n")
        .collect(Collectors.joining("", "n,r,t\n", ""));
  }

  /// Puts a file there by way of a stream.
  private void write(Client client, Path file, String key) throws Exception {
    Drivers drivers = Drivers.of(client);
    try (OpenedStream stream =
        drivers.open(file.toString(), Map.of("filetype", "bytes", "compression", "none"))) {
      drivers.save(stream.id(), uri(key), Map.of("filetype", "bytes", "compression", "none"));
      stream.join();
    }
  }

  private void writeRows(Client client, String key, long from, long to) throws Exception {
    write(client, Files.writeString(directory.resolve("rows.csv"), rows(from, to)), key);
  }

  private static long[] numbers(Client client, ObjectId frame) {
    try (GlobalDataFrame whole = client.get(frame, GlobalDataFrame.class)) {
      return whole.partitions().stream()
          .flatMapToLong((Partition partition) -> {
            try (DataFrame part = partition.value(DataFrame.class)) {
              return Arrays.stream(
                  part.tensor("n").values().toArray(java.lang.foreign.ValueLayout.JAVA_LONG));
            }
          })
          .toArray();
    }
  }

  @Test
  void anObjectIsReadInPartsSideBySide() throws Exception {
    try (Client client = DAEMON.connect()) {
      writeRows(client, "one/rows.csv", 0, 50_000);
      Map<String, String> options = Map.of("header_row", "true", "num_workers", "3");
      ObjectId frame = Drivers.of(client).load(uri("one/rows.csv"), options);

      assertThat(numbers(client, frame)).isEqualTo(LongStream.range(0, 50_000).toArray());
      try (GlobalDataFrame whole = client.get(frame, GlobalDataFrame.class)) {
        assertThat(whole.partitions()).hasSize(3);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"many/part-*.csv", "many/"})
  void objectsOfAPatternOrAFolderFollowEachOther(String name) throws Exception {
    try (Client client = DAEMON.connect()) {
      writeRows(client, "many/part-0.csv", 0, 100);
      writeRows(client, "many/part-1.csv", 100, 250);
      writeRows(client, "manyother/part-2.csv", 0, 1);
      ObjectId frame = Drivers.of(client).load(uri(name), Map.of("header_row", "true"));

      assertThat(numbers(client, frame)).isEqualTo(LongStream.range(0, 250).toArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"out/rows.csv", "out/rows.csv.gz", "out/rows.parquet", "out/rows.arrow"})
  void aStreamBecomesAnObjectThatIsReadAsTheSame(String key) throws Exception {
    Map<String, String> options = key.contains("csv") ? Map.of("header_row", "true") : Map.of();
    Path file = Files.writeString(directory.resolve("rows.csv"), rows(0, 3000));
    try (Client client = DAEMON.connect()) {
      Drivers drivers = Drivers.of(client);
      try (OpenedStream stream = drivers.open(file + "#header_row=true", Map.of())) {
        drivers.save(stream.id(), uri(key), options);
      }
      ObjectId frame = drivers.load(uri(key), options);

      assertThat(numbers(client, frame)).isEqualTo(LongStream.range(0, 3000).toArray());
    }
  }

  @Test
  void aLongFileIsSentInPartsAndComesBackUnchanged() throws Exception {
    byte[] bytes = new byte[(64 << 20) + 12_345];
    new Random(3).nextBytes(bytes);
    Path file = Files.write(directory.resolve("long.bin"), bytes);
    try (Client client = DAEMON.connect()) {
      write(client, file, "long.bin");
      try (OpenedStream stream =
              Drivers.of(client).open(uri("long.bin") + "#filetype=bytes", Map.of());
          InputStream in = client.get(stream.id(), ByteStream.class).read(client)) {
        assertThat(in.readAllBytes()).isEqualTo(bytes);
      }
    }
  }

  @Test
  void whoSignsWronglyIsRefused() throws Exception {
    try (Client client = DAEMON.connect()) {
      writeRows(client, "secret.csv", 0, 10);
      Drivers drivers = Drivers.of(client);
      assertThatThrownBy(() -> drivers.open(uri("secret.csv") + "#profile=forged", Map.of()))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(uri("secret.csv") + ": permission denied");
      assertThatThrownBy(() ->
              drivers.open(
                  uri("*.csv") + "#anonymous=true&region=us-east-1&endpoint=" + store.address(),
                  Map.of()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the server answers"); // this one is no more polite
      assertThatThrownBy(() -> drivers.open(uri("secret.csv") + "#profile=none", Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("there is no profile 'none'");
    }
  }

  @Test
  void whatIsNotThereIsToldByItsName() throws Exception {
    try (Client client = DAEMON.connect()) {
      writeRows(client, "folder/rows.csv", 0, 10);
      Drivers drivers = Drivers.of(client);
      assertThatThrownBy(() -> drivers.open(uri("none.csv"), Map.of()))
          .hasMessage(uri("none.csv") + ": there is no such object");
      assertThatThrownBy(() -> drivers.open(uri("folder"), Map.of()))
          .hasMessage(
              "%1$s: it is a folder; name its objects, for example %1$s/*.csv"
                  .formatted(uri("folder")));
      assertThatThrownBy(() -> drivers.open(uri("none-*"), Map.of()))
          .hasMessage(uri("none-*") + ": no object matches");
      assertThatThrownBy(() -> drivers.open("s3://absent/*", Map.of()))
          .hasMessageStartingWith("s3://absent/*: there is no such bucket");
      assertThatThrownBy(() -> drivers.open("s3:///x", Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("names no bucket");
      assertThatThrownBy(() -> drivers.open(uri("x") + "#endpoint=here", Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the endpoint must be a URL");
      assertThatThrownBy(() -> drivers.open(uri("folder/rows.csv") + "#colour=red", Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("there is no option 'colour' here, only anonymous, ");
      assertThat(client.streams().list()).isEmpty();
    }
  }

  @Test
  void aBadRowInAnObjectFailsTheStreamAndNothingIsWritten() throws Exception {
    Path file = Files.writeString(directory.resolve("bad.csv"), rows(0, 9000) + "1,2\n");
    try (Client client = DAEMON.connect()) {
      write(client, file, "bad.csv");
      Drivers drivers = Drivers.of(client);
      try (OpenedStream stream = drivers.open(uri("bad.csv") + "#header_row=true", Map.of())) {
        assertThatThrownBy(() -> drivers.save(stream.id(), uri("copy.csv"), Map.of()))
            .hasMessageContaining(uri("bad.csv") + ", line 9002: 2 fields");
      }
      assertThatThrownBy(() -> drivers.open(uri("copy.csv"), Map.of()))
          .hasMessageContaining("there is no such object");
      assertThatThrownBy(() -> drivers.load(uri("bad.csv") + "#header_row=true", Map.of()))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(StreamFailedException.class)
          .hasMessage(uri("bad.csv") + ", line 9002: 2 fields where there are 3 columns");
      assertThat(client.streams().list()).isEmpty();
    }
  }
}
