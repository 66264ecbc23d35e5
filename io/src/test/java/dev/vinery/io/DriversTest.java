package dev.vinery.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.arrow.ArrowMemory;
import dev.vinery.arrow.BatchReader;
import dev.vinery.arrow.DataFrameStream;
import dev.vinery.client.Client;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StoreException;
import dev.vinery.protocol.StreamFailedException;
import dev.vinery.testkit.Eventually;
import dev.vinery.types.ByteStream;
import dev.vinery.types.StreamCollection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams that drivers feed, and files that streams become.
final class DriversTest {
  private static final long MEMORY_BYTES = 64 << 20;

  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon(MEMORY_BYTES);

  @TempDir private Path directory;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static String rows(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> i + "," + i / 4.0 + ",2024-01-01 00:00:" + (10 + i % 50) + ",\"t, " + i + "\"\n")
        .collect(Collectors.joining("", "n,r,t,s\n", ""));
  }

  /// The rows of a stream, the fields of each between bars.
  private static List<String> read(Client client, ObjectId id) throws IOException {
    List<String> rows = new ArrayList<>();
    try (BufferAllocator memory = ArrowMemory.views().newChildAllocator("test", 0, Long.MAX_VALUE);
        BatchReader reader = client.get(id, DataFrameStream.class).read(client, memory)) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      while (reader.loadNextBatch()) {
        for (int row = 0; row < root.getRowCount(); row++) {
          int at = row;
          rows.add(
              root.getFieldVectors().stream()
                  .map((FieldVector column) -> String.valueOf(column.getObject(at)))
                  .collect(Collectors.joining("|")));
        }
      }
    }
    return rows;
  }

  @Test
  void aFileIsAStreamAtOnce() throws Exception {
    Path file = file("rows.csv", rows(10_000));
    try (Client client = DAEMON.connect();
        OpenedStream stream =
            Drivers.of(client).open("file://" + file + "#header_row=true&delimiter=,", Map.of())) {
      assertThat(client.getMetadata(stream.id()).typeName()).isEqualTo("vineyard::DataframeStream");
      assertThat(client.streams().parameters(stream.id()).text("delimiter")).isEqualTo(",");
      List<String> rows = read(client, stream.id());
      stream.join();

      assertThat(rows).hasSize(10_000);
      assertThat(rows.get(7)).isEqualTo("7|1.75|2024-01-01T00:00:17|t, 7");
      assertThat(stream.meter().rows()).isEqualTo(10_000);
      assertThat(stream.meter().bytes()).isEqualTo(Files.size(file));
      assertThat(stream.meter().totalBytes()).isEqualTo(Files.size(file));
    }
  }

  @Test
  void manyWorkersMakeAStreamEach() throws Exception {
    Path file = file("rows.csv", rows(30_000));
    try (Client client = DAEMON.connect();
        OpenedStream stream =
            Drivers.of(client)
                .open(file.toString(), Map.of("header_row", "true", "num_workers", "3"))) {
      assertThat(client.get(stream.id(), StreamCollection.class).streamIds())
          .isEqualTo(stream.parts())
          .hasSize(3);
      List<String> rows = new ArrayList<>();
      for (ObjectId part : stream.parts()) {
        List<String> some = read(client, part);
        assertThat(some.size()).isBetween(9_000, 11_000);
        rows.addAll(some);
      }
      stream.join();

      assertThat(rows).hasSize(30_000);
      assertThat(rows.get(29_999)).startsWith("29999|");
    }
  }

  @Test
  void aFileLargerThanTheMemoryFlowsThrough() throws Exception {
    Path file = directory.resolve("large.csv");
    String some = rows(100_000).substring("n,r,t,s\n".length());
    try (var out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < 20; i++) {
        out.write(some);
      }
    }
    try (Client client = DAEMON.connect();
        OpenedStream stream = Drivers.of(client).open(file.toString(), Map.of())) {
      assertThat(Files.size(file)).isGreaterThan(MEMORY_BYTES);
      long rows = 0;
      try (BufferAllocator memory =
              ArrowMemory.views().newChildAllocator("test", 0, Long.MAX_VALUE);
          BatchReader reader =
              client.get(stream.id(), DataFrameStream.class).read(client, memory)) {
        while (reader.loadNextBatch()) {
          rows += reader.getVectorSchemaRoot().getRowCount();
        }
      }
      stream.join();
      assertThat(rows).isEqualTo(2_000_000);
    }
  }

  @Test
  void bothEndsLearnWhyAFileCannotBeReadToItsEnd() throws Exception {
    Path file = file("bad.csv", rows(20_000) + "1,2,3\n" + rows(10));
    String reason = file + ", line 20002: 3 fields where there are 4 columns";
    try (Client client = DAEMON.connect()) {
      long before = client.status().memoryUsageBytes();
      try (OpenedStream stream =
          Drivers.of(client).open(file.toString(), Map.of("header_row", "true"))) {
        assertThatThrownBy(() -> read(client, stream.id()))
            .isInstanceOf(StreamFailedException.class)
            .hasMessageContaining(reason);
        assertThatThrownBy(stream::join).isInstanceOf(IOException.class).hasMessage(reason);
        stream.drop();
      }
      Eventually.eventually(() -> assertThat(client.status().memoryUsageBytes()).isEqualTo(before));
      assertThat(client.streams().list()).isEmpty();
    }
  }

  @Test
  void aDriverLearnsThatItsStreamWasDropped() throws Exception {
    Path file = directory.resolve("large.csv");
    Files.writeString(file, rows(2_000_000));
    try (Client client = DAEMON.connect();
        OpenedStream stream = Drivers.of(client).open(file.toString(), Map.of())) {
      client.streams().drop(stream.id());

      assertThatThrownBy(stream::join).isInstanceOf(StoreException.class);
    }
  }

  @Test
  void closingAStreamTooEarlyFailsIt() throws Exception {
    Path file = directory.resolve("large.csv");
    Files.writeString(file, rows(2_000_000));
    try (Client client = DAEMON.connect()) {
      OpenedStream stream = Drivers.of(client).open(file.toString(), Map.of());
      stream.close();

      assertThatThrownBy(() -> read(client, stream.id())).isInstanceOf(StreamFailedException.class);
      stream.drop();
      assertThat(client.streams().list()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.csv", "out.csv.gz", "out.tsv.zst", "out.parquet", "out.arrow"})
  void aStreamBecomesAFileThatIsReadAsTheSame(String name) throws Exception {
    Path file = file("rows.csv", rows(5_000) + ",,,\n");
    String target = directory.resolve(name).toString();
    Map<String, String> options = name.contains("sv") ? Map.of("header_row", "true") : Map.of();
    try (Client client = DAEMON.connect()) {
      Drivers drivers = Drivers.of(client);
      List<String> expected;
      try (OpenedStream stream = drivers.open(file + "#header_row=true", Map.of())) {
        expected = read(client, stream.id());
      }
      try (OpenedStream stream = drivers.open(file + "#header_row=true", Map.of())) {
        drivers.save(stream.id(), target, options);
      }
      try (OpenedStream stream = drivers.open(target, options)) {
        assertThat(read(client, stream.id())).isEqualTo(expected).hasSize(5_001);
        stream.join();
      }
      try (var files = Files.list(directory)) {
        assertThat(files).hasSize(2);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"n", "file_row_number"})
  void workersShareTheRowGroupsOfAParquetFile(String name) throws Exception {
    int count = 300_000; // of which a group has 122,880
    String text = IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
    Path file = file("rows.csv", name + "\n" + text);
    String parquet = directory.resolve("rows.parquet").toString();
    try (Client client = DAEMON.connect()) {
      Drivers drivers = Drivers.of(client);
      try (OpenedStream stream = drivers.open(file + "#header_row=true", Map.of())) {
        drivers.save(stream.id(), parquet, Map.of());
      }
      List<String> rows = new ArrayList<>();
      try (OpenedStream stream = drivers.open(parquet, Map.of("num_workers", "8"))) {
        // A column of that name hides the numbers by which rows are chosen.
        assertThat(stream.parts()).hasSize(name.equals("n") ? 3 : 1);
        for (ObjectId part : stream.parts()) {
          rows.addAll(read(client, part));
        }
        stream.join();
        assertThat(stream.meter().bytes())
            .isBetween(Files.size(Path.of(parquet)) - 3, Files.size(Path.of(parquet)));
      }
      assertThat(String.join("\n", rows) + "\n").isEqualTo(text);
    }
  }

  @Test
  void aCollectionBecomesAFileForEachPart() throws Exception {
    String text = rows(9_000);
    Path file = file("rows.csv", text);
    Path target = directory.resolve("out.csv");
    try (Client client = DAEMON.connect();
        OpenedStream stream =
            Drivers.of(client)
                .open(file.toString(), Map.of("header_row", "1", "num_workers", "2"))) {
      Drivers.of(client).save(stream.id(), target.toString(), Map.of());

      String both =
          Files.readString(directory.resolve("out.csv_0"))
              + Files.readString(directory.resolve("out.csv_1"));
      assertThat(both.lines().count()).isEqualTo(9_000);
      assertThat("n,r,t,s\n" + both).isEqualTo(text);
    }
  }

  @Test
  void aFullDiskFailsTheStreamAndLeavesNothing() throws Exception {
    Path file = file("rows.csv", rows(200_000));
    try (Client client = DAEMON.connect();
        OpenedStream stream = Drivers.of(client).open(file.toString(), Map.of())) {
      assertThatThrownBy(() -> Drivers.of(client).save(stream.id(), "/dev/full", Map.of()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("/dev/full")
          .hasMessageContaining("No space left");
      assertThatThrownBy(stream::join).isInstanceOf(StoreException.class);
      assertThat(client.streams().list()).isEmpty();
    }
  }

  @Test
  void aStreamThatFailsLeavesNoFile() throws Exception {
    Path file = file("bad.csv", rows(20_000) + "x\n");
    try (Client client = DAEMON.connect();
        OpenedStream stream = Drivers.of(client).open(file.toString(), Map.of())) {
      assertThatThrownBy(() ->
              Drivers.of(client)
                  .save(stream.id(), directory.resolve("out.csv").toString(), Map.of()))
          .hasMessageContaining("line 20002");
      try (var files = Files.list(directory)) {
        assertThat(files).containsExactly(file);
      }
    }
  }

  @Test
  void bytesGoThroughUnchanged() throws Exception {
    byte[] bytes = new byte[3_000_000];
    new Random(7).nextBytes(bytes);
    Path file = Files.write(directory.resolve("picture.bin"), bytes);
    Path copy = directory.resolve("copy.bin");
    try (Client client = DAEMON.connect()) {
      Drivers drivers = Drivers.of(client);
      try (OpenedStream stream = drivers.open(file + "#filetype=bytes", Map.of());
          InputStream in = client.get(stream.id(), ByteStream.class).read(client)) {
        assertThat(in.readAllBytes()).isEqualTo(bytes);
      }
      try (OpenedStream stream = drivers.open(file + "#filetype=bytes", Map.of())) {
        drivers.save(stream.id(), copy.toString(), Map.of());
      }
      assertThat(Files.readAllBytes(copy)).isEqualTo(bytes);
    }
  }

  @Test
  void aDamagedParquetFileFailsTheStream() throws Exception {
    Path file = Files.writeString(directory.resolve("short.parquet"), "PAR1 and then nothing");
    try (Client client = DAEMON.connect();
        OpenedStream stream = Drivers.of(client).open(file.toString(), Map.of())) {
      assertThatThrownBy(() -> read(client, stream.id()))
          .isInstanceOf(StreamFailedException.class)
          .hasMessageContaining(file.toString());
      assertThatThrownBy(stream::join).isInstanceOf(IOException.class);
      stream.drop();
    }
  }

  /// A source of a user's own: numbers from 0 up, as in `count://1000`.
  static final class Counting implements Driver {
    @Override
    public String scheme() {
      return "count";
    }

    @Override
    public Reading read(ReadRequest request) {
      int count = Integer.parseInt(request.location().path());
      return Reading.of(sink -> {
        try (var numbers = new BigIntVector("n", sink.allocator());
            var batch = VectorSchemaRoot.of(numbers)) {
          for (int i = 0; i < count; i++) {
            numbers.setSafe(i, i);
          }
          batch.setRowCount(count);
          sink.write(batch);
        }
      });
    }
  }

  @Test
  void aSourceOfOnesOwnIsOpenedByItsScheme() throws Exception {
    try (Client client = DAEMON.connect()) {
      Drivers drivers = Drivers.of(client);
      try (var _ = drivers.register(new Counting());
          OpenedStream stream = drivers.open("count://1000", Map.of())) {
        assertThat(read(client, stream.id())).hasSize(1000).contains("999");
      }
      assertThatThrownBy(() -> drivers.open("count://1000", Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no driver knows the scheme 'count', only file, http, https");
    }
  }

  @Test
  void anInterruptedLoadLeavesNothing() throws Exception {
    try (Client client = DAEMON.connect()) {
      long before = client.status().memoryUsageBytes();
      Drivers drivers = Drivers.of(client);
      Thread loading = Thread.currentThread();
      var endless =
          new Driver() {
            @Override
            public String scheme() {
              return "endless";
            }

            @Override
            public Reading read(ReadRequest request) {
              return Reading.of(sink -> {
                try (var numbers = new BigIntVector("n", sink.allocator());
                    var batch = VectorSchemaRoot.of(numbers)) {
                  numbers.setSafe(0, 1);
                  batch.setRowCount(1);
                  while (true) {
                    sink.write(batch);
                    loading.interrupt();
                  }
                }
              });
            }
          };
      drivers.register(endless);

      assertThatThrownBy(() -> drivers.load("endless://", Map.of()))
          .isInstanceOf(InterruptedException.class);
      Thread.interrupted(); // the driver goes on interrupting until it ends
      assertThat(client.status().memoryUsageBytes()).isEqualTo(before);
    }
  }

  @Test
  void locationsAreTakenApart() {
    assertThat(Location.parse("file://twitter.e"))
        .isEqualTo(new Location("file", "twitter.e", Map.of()));
    assertThat(Location.parse("/a/b c#x=1#y=a=b&z=", Map.of("x", "2")))
        .isEqualTo(new Location("file", "/a/b c", Map.of("x", "2", "y", "a=b", "z", "")));
    assertThat(Location.parse("file:///a/b%20c+d").path()).isEqualTo("/a/b c+d");
    assertThat(Location.parse("S3://bucket/key%20").path()).isEqualTo("bucket/key%20");
    assertThat(Location.parse("~/x").path()).isEqualTo(System.getProperty("user.home") + "/x");
    assertThatThrownBy(() -> Location.parse("x#header_row"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("option 'header_row' has no value: write it as name=value");
  }
}
