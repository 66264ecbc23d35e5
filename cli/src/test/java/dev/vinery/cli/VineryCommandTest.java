package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.client.StreamWriter;
import dev.vinery.client.Streams;
import dev.vinery.client.Vinery;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.ObjectId;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import dev.vinery.types.DataFrame;
import dev.vinery.types.Pair;
import dev.vinery.types.Strings;
import dev.vinery.types.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The verbs against a daemon in this process, reached through its socket and over TCP.
@ParameterizedClass
@ValueSource(booleans = {false, true})
class VineryCommandTest {
  private static final String TABLE =
      """
      city,people,area,coast
      Oslo,709037,480.8,true
      Prague,1357326,,false
      東京,14094034,2194.1,true
      """;

  @Parameter private boolean overTcp;
  @TempDir Path directory;
  private Daemon daemon;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    var options = DaemonOptions.of(directory.resolve("v.sock"), 64 << 20);
    daemon = Daemon.start(options.withRpcPort(OptionalInt.of(0)));
    client = Vinery.connect(daemon.socket());
  }

  @AfterEach
  void stop() {
    client.close();
    daemon.close();
  }

  private Ran vinery(String... arguments) {
    return overTcp
        ? Ran.withEndpoint(endpoint(), arguments)
        : Ran.withSocket(daemon.socket(), arguments);
  }

  private String endpoint() {
    return "127.0.0.1:" + daemon.rpcPort().orElseThrow();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private ObjectId putTable(String name) throws IOException {
    Ran ran = vinery("put", file("t.csv", TABLE).toString(), "--name", name);
    assertThat(ran.status()).isZero();
    return ObjectId.parse(ran.out().strip());
  }

  @Test
  void aTableThatWasPutIsThereUnderItsName() throws IOException {
    ObjectId id = putTable("cities");

    assertThat(client.getName("cities")).isEqualTo(id);
    try (DataFrame frame = client.get(id, DataFrame.class)) {
      assertThat(frame.columnNames()).containsExactly("city", "people", "area", "coast");
      assertThat(frame.strings("city")).isEqualTo(Strings.of("Oslo", "Prague", "東京"));
      assertThat(frame.tensor("area").isMissing(1)).isTrue();
    }
  }

  @Test
  void aTableIsPrintedWithAlignedColumns() throws IOException {
    putTable("cities");

    assertThat(vinery("get", "cities").out())
        .isEqualTo(
            """
               city      people     area  coast
               str        int64  float64   bool
            0  Oslo      709037    480.8   true
            1  Prague   1357326      NaN  false
            2  東京    14094034   2194.1   true
            [3 rows x 4 columns]
            """);
  }

  @Test
  void theFirstRowsCanBeAskedFor() throws IOException {
    putTable("cities");

    assertThat(vinery("get", "cities", "--limit", "1").out())
        .contains("Oslo")
        .doesNotContain("Prague")
        .endsWith("[3 rows x 4 columns, the first 1 shown]\n");
  }

  @Test
  void programsGetALineForEachRow() throws IOException {
    putTable("cities");

    assertThat(vinery("get", "cities", "--json").out())
        .isEqualTo(
            """
            {"city":"Oslo","people":709037,"area":480.8,"coast":true}
            {"city":"Prague","people":1357326,"area":null,"coast":false}
            {"city":"東京","people":14094034,"area":2194.1,"coast":true}
            """);
  }

  @Test
  void valuesOfAllKindsArePrintedForProgramsToo() {
    client.put(List.of(1L, true, 2.5, "x", new Pair("a", Tensor.of(1, 2).reshaped(2, 1))), "list");

    assertThat(vinery("get", "list", "--json").out())
        .isEqualTo("[1,true,2.5,\"x\",[\"a\",[[1],[2]]]]\n");
    assertThat(vinery("get", "list", "--json", "--limit=1").out()).isEqualTo("[1]\n");
  }

  @Test
  void bytesComeBackAsTheyWere() throws IOException {
    byte[] bytes = new byte[100_000];
    new java.util.Random(7).nextBytes(bytes);
    Path in = directory.resolve("picture.png");
    Files.write(in, bytes);
    Path out = directory.resolve("copy.png");

    assertThat(vinery("put", in.toString(), "--name=picture").status()).isZero();
    assertThat(vinery("get", "picture", "--output", out.toString()).status()).isZero();

    assertThat(out).hasBinaryContent(bytes);
  }

  @Test
  void anEmptyFileIsAnEmptyArray() throws IOException {
    assertThat(vinery("put", file("empty", "").toString(), "--name=empty").status()).isZero();

    assertThat(vinery("get", "empty").out()).isEqualTo("[] (uint8, shape [0])\n");
  }

  @Test
  void aBlobIsPrintedInHexadecimal() {
    ObjectId id = client.put("Vinery\u0000".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertThat(vinery("get", id.toString()).out())
        .startsWith("00000000  56 69 6e 65 72 79 00 ")
        .contains("  Vinery.\n")
        .endsWith("[7 B]\n");
  }

  @Test
  void tabsSeparateFieldsWhereTheFileSaysSo() throws IOException {
    Path file = file("t.tsv", "a\tb\n1\tx,y\n");

    assertThat(vinery("put", file.toString(), "--name=t").status()).isZero();

    assertThat(vinery("get", "t", "--json").out()).isEqualTo("{\"a\":1,\"b\":\"x,y\"}\n");
  }

  @Test
  void whatWasPutIsToldToPrograms() throws IOException {
    Ran ran = vinery("put", file("t.csv", TABLE).toString(), "--name=c", "--json");

    Json.Fields fields = (Json.Fields) JsonText.parse(ran.out().strip());
    assertThat(fields.text("id")).isEqualTo(client.getName("c").toString());
    assertThat(fields.text("name")).isEqualTo("c");
    assertThat(fields.text("typeName")).isEqualTo("vineyard::DataFrame");
    assertThat(fields.whole("sizeBytes")).isPositive();
  }

  @Test
  void listingShowsObjectsAndNotTheirParts() throws IOException {
    ObjectId table = putTable("cities");
    ObjectId tensor = client.put(Tensor.of(1.0, 2.0));

    Ran ran = vinery("ls");

    assertThat(ran.out().lines())
        .satisfiesExactly(
            head -> assertThat(head).startsWith("NAME"),
            first -> assertThat(first).startsWith("cities").endsWith(table.toString()),
            second ->
                assertThat(second)
                    .startsWith("-")
                    .contains("vineyard::Tensor<double>", "16 B", " no ")
                    .endsWith(tensor.toString()));
    assertThat(vinery("ls", "--all").out().lines()).hasSizeGreaterThan(5);
  }

  @Test
  void listingTellsWhetherAClientHoldsAnObject() {
    ObjectId id = client.put(Tensor.of(1.0));

    assertThat(inUse()).isFalse();
    try (var _ = client.getObject(id)) {
      assertThat(inUse()).isTrue();
    }
  }

  private boolean inUse() {
    var items = (Json.Items) JsonText.parse(vinery("ls", "--json").out().strip());
    return ((Json.Fields) items.values().getFirst()).flag("inUse");
  }

  @Test
  void listingTakesPatternsAndLimits() throws IOException {
    putTable("cities");
    putTable("towns");
    client.put(Tensor.of(1.0));

    assertThat(vinery("ls", "vineyard::DataFr*").out().lines()).hasSize(3);
    assertThat(vinery("ls", "--regex", ".*Frame").out().lines()).hasSize(3);
    assertThat(vinery("ls", "--names", "t*").out().lines()).hasSize(2);
    assertThat(vinery("ls", "--blobs").out().lines()).hasSizeGreaterThan(4);

    Ran limited = vinery("ls", "--limit", "1");
    assertThat(limited.out().lines()).hasSize(2);
    assertThat(limited.err()).isEqualTo("1 of 3 are shown; --limit 0 shows all\n");
  }

  @Test
  void aNameWhoseObjectIsGoneIsListedAsSuch() {
    ObjectId id = client.put("short-lived", "gone");
    client.delete(List.of(id));

    assertThat(vinery("ls", "--names").out()).contains("gone", "(deleted)");
  }

  @Test
  void nothingIsSaidInWords() {
    assertThat(vinery("ls")).isEqualTo(new Ran(0, "", "nothing is stored\n"));
    assertThat(vinery("ls", "--json")).isEqualTo(new Ran(0, "[]\n", ""));
    assertThat(vinery("ls", "x*")).isEqualTo(new Ran(0, "", "nothing matches\n"));
    assertThat(vinery("name", "list")).isEqualTo(new Ran(0, "", "no name matches\n"));
  }

  @Test
  void inspectingShowsTheTreeWithSizes() {
    ObjectId id = client.put(Tensor.of(1.0, 2.0), "t");

    assertThat(vinery("inspect", "t").out())
        .startsWith("vineyard::Tensor<double> " + id + ", 16 B, persistent, instance 0\n")
        .contains("├─ shape_ = [2]\n")
        .containsPattern("└─ buffer_: vineyard::Blob o[0-9a-f]{16}, 16 B\n");
    Json.Fields fields = (Json.Fields) JsonText.parse(vinery("inspect", "t", "--json").out());
    assertThat(fields.text("id")).isEqualTo(id.toString());
  }

  @Test
  void removingTakesNamesAlong() throws IOException {
    ObjectId id = putTable("cities");
    client.putName(id, "towns");

    assertThat(vinery("rm", "cities")).isEqualTo(new Ran(0, "", ""));

    assertThat(client.exists(id)).isFalse();
    assertThat(client.listNames("*", 10)).isEmpty();
    assertThat(client.status().memoryUsageBytes()).isZero();
  }

  @Test
  void whatIsPartOfAnotherObjectIsRemovedByForceOnly() {
    ObjectId inner = client.put(Tensor.of(1.0));
    ObjectId outer =
        client.createMetadata(
            dev.vinery.protocol.Metadata.builder("test::Outer")
                .put("inner", client.getMetadata(inner))
                .build());

    Ran refused = vinery("rm", inner.toString());

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("stays: another object has it as a part; --force");
    assertThat(client.exists(inner)).isTrue();
    assertThat(vinery("rm", "--force", inner.toString()).status()).isZero();
    assertThat(client.exists(outer)).isFalse();
  }

  @Test
  void streamsAreListedAndEnded() {
    Streams streams = client.streams();
    ObjectId id = streams.create(Streams.BYTES, Map.of());
    try (StreamWriter writer = streams.write(id)) {
      writer.write(new byte[1024]);
      writer.next(10);
      assertThat(vinery("ls", "--streams").out().lines())
          .satisfiesExactly(
              head -> assertThat(head).startsWith("TYPE"),
              line ->
                  assertThat(line)
                      .startsWith("vineyard::ByteStream  running")
                      .contains("1  1 KiB  no", "yes")
                      .endsWith(id.toString()));
      var listed = (Json.Items) JsonText.parse(vinery("ls", "--streams", "--json").out().strip());
      Json.Fields stream = (Json.Fields) listed.values().getFirst();
      assertThat(stream.text("id")).isEqualTo(id.toString());
      assertThat(stream.whole("readyChunks")).isOne();
      assertThat(stream.flag("hasWriter")).isTrue();
      writer.fail("no more");
    }
    assertThat(vinery("ls", "--streams").out()).contains("failed: no more");

    assertThat(vinery("rm", "--streams", id.toString())).isEqualTo(new Ran(0, "", ""));

    assertThat(vinery("ls", "--streams")).isEqualTo(new Ran(0, "", "there are no streams\n"));
    assertThat(vinery("rm", "--streams", id.toString()).status()).isOne();
    assertThat(client.exists(id)).isFalse();
    assertThat(client.status().memoryUsageBytes()).isZero();
  }

  @Test
  void ofSeveralToRemoveTheUnknownOnesAreToldAndTheOthersGo() throws IOException {
    ObjectId id = putTable("cities");

    Ran ran = vinery("rm", "nowhere", "cities");

    assertThat(ran)
        .isEqualTo(
            new Ran(
                1, "", "vinery rm: there is no object 'nowhere'; vinery ls lists what there is\n"));
    assertThat(client.exists(id)).isFalse();
  }

  @Test
  void namesAreGivenLookedUpAndTakenAway() {
    ObjectId id = client.put(Tensor.of(1.0));

    assertThat(vinery("name", "put", "t", id.toString())).isEqualTo(new Ran(0, id + "\n", ""));
    assertThat(vinery("name", "get", "t")).isEqualTo(new Ran(0, id + "\n", ""));
    assertThat(vinery("name", "get", "--wait", "5", "t").out()).isEqualTo(id + "\n");
    assertThat(vinery("name", "list", "--json").out()).isEqualTo("{\"t\":\"" + id + "\"}\n");
    assertThat(vinery("name", "drop", "t").status()).isZero();
    assertThat(vinery("name", "drop", "t"))
        .isEqualTo(new Ran(1, "", "vinery name drop: there is no name 't'\n"));
    assertThat(client.exists(id)).isTrue();
  }

  @Test
  void waitingForANameEndsInTime() {
    assertThat(vinery("name", "get", "--wait=0.05", "never").status()).isEqualTo(1);
  }

  @Test
  void statusTellsTheMemory() {
    client.put(new byte[1 << 20]);

    assertThat(vinery("status").out())
        .contains(overTcp ? endpoint() + ", over TCP" : daemon.socket() + ", shared memory")
        .contains("1 MiB of 64 MiB (1.6 %)");
    Json.Fields fields = (Json.Fields) JsonText.parse(vinery("status", "--json").out());
    assertThat(fields.whole("memoryUsageBytes")).isEqualTo(1 << 20);
    assertThat(fields.fields("instances").fields("0").text("ipc_socket"))
        .isEqualTo(daemon.socket().toString());
  }

  @Test
  void statusTellsOfMemoryThatIsDeletedAndStillRead() {
    ObjectId id = client.put(new byte[1 << 20]);
    assertThat(vinery("status").out()).doesNotContain("in no list");

    try (Client reader = Vinery.connect(daemon.socket());
        var _ = reader.getBlob(id)) {
      client.delete(List.of(id));

      assertThat(vinery("status").out()).contains("1 MiB of it in no list: deleted but still read");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "inspect", "rm"})
  void anUnknownObjectIsToldInOneLine(String verb) {
    assertThat(vinery(verb, "nowhere"))
        .isEqualTo(
            new Ran(
                1,
                "",
                "vinery "
                    + verb
                    + ": there is no object 'nowhere'; vinery ls lists what there is\n"));
    assertThat(vinery(verb, "o00000000000000aa").status()).isEqualTo(1);
  }

  @Test
  void aBadFileIsToldInOneLine() throws IOException {
    String ragged = file("ragged.csv", "a,b\n1,2\n3\n").toString();

    assertThat(vinery("put", ragged))
        .isEqualTo(
            new Ran(
                4,
                "",
                "vinery put: " + ragged + ", line 3: 1 fields where the header names 2 columns\n"));
    assertThat(vinery("put", "/no/such.csv"))
        .isEqualTo(new Ran(4, "", "vinery put: there is no file /no/such.csv\n"));
    assertThat(vinery("put", directory.toString()).err()).endsWith("is no plain file\n");
    assertThat(client.status().memoryUsageBytes()).isZero();
  }

  @Test
  void aFullStoreIsToldInOneLine() throws IOException {
    Path large = directory.resolve("large.bin");
    try (var file = new java.io.RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(65L << 20);
    }

    Ran ran = vinery("put", large.toString());

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).startsWith("vinery put: ").contains("bytes").hasLineCount(1);
  }
}
