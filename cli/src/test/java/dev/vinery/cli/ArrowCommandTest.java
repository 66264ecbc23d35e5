package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.arrow.ArrowFiles;
import dev.vinery.arrow.ArrowTable;
import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.parquet.ParquetFormat;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import dev.vinery.types.DataFrame;
import dev.vinery.types.Index;
import dev.vinery.types.ObjectTensor;
import dev.vinery.types.Strings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Arrow tables and files at the command line.
class ArrowCommandTest {
  @TempDir Path directory;
  private Daemon daemon;
  private Client client;
  private BufferAllocator memory;

  @BeforeEach
  void start() throws IOException {
    daemon = Daemon.start(DaemonOptions.of(directory.resolve("v.sock"), 64 << 20));
    client = Vinery.connect(daemon.socket());
    memory = new RootAllocator();
  }

  @AfterEach
  void stop() {
    memory.close();
    client.close();
    daemon.close();
  }

  private Ran vinery(String... arguments) {
    return Ran.withSocket(daemon.socket(), arguments);
  }

  private VectorSchemaRoot cities() {
    var names = new VarCharVector("city", memory);
    var people = new BigIntVector("people", memory);
    String[] cities = {"Zürich", "Singapore"};
    for (int i = 0; i < cities.length; i++) {
      names.setSafe(i, cities[i].getBytes(StandardCharsets.UTF_8));
    }
    people.setSafe(1, 5_900_000);
    var batch = VectorSchemaRoot.of(names, people);
    batch.setRowCount(2);
    return batch;
  }

  @Test
  void aFileOfArrowIsPutPrintedAndWrittenAgain() throws IOException {
    Path in = directory.resolve("cities.arrow");
    Path out = directory.resolve("out.arrow");
    try (var table = ArrowTable.of(cities())) {
      ArrowFiles.write(table, in);
    }

    assertThat(vinery("put", in.toString(), "--name=cities").status()).isZero();
    assertThat(vinery("get", "cities"))
        .isEqualTo(
            new Ran(
                0,
                """
                   city           people
                   large_string    int64
                0  Zürich           null
                1  Singapore     5900000
                [2 rows x 2 columns]
                """,
                ""));
    assertThat(vinery("get", "cities", "--json").out())
        .isEqualTo(
            """
            {"city":"Zürich","people":null}
            {"city":"Singapore","people":5900000}
            """);
    assertThat(vinery("get", "cities", "--limit=1").out())
        .contains("[2 rows x 2 columns, the first 1 shown]");
    assertThat(vinery("get", "cities", "--output", out.toString()).status()).isZero();
    try (ArrowTable written = ArrowFiles.read(out, memory)) {
      assertThat(written.column("people").value(1)).isEqualTo(5_900_000L);
    }
  }

  @Test
  void aFileOfParquetIsPutPrintedAndWrittenAgain() throws IOException {
    Path in = directory.resolve("cities.parquet");
    Path out = directory.resolve("OUT.PARQUET");
    try (var table = ArrowTable.of(cities())) {
      new ParquetFormat().write(table, in);
    }

    assertThat(vinery("put", in.toString(), "--name=cities").status()).isZero();
    assertThat(vinery("get", "cities").out()).contains("5900000").contains("2 rows x 2 columns");
    assertThat(vinery("get", "cities", "--out", out.toString())).isEqualTo(new Ran(0, "", ""));
    try (ArrowTable written = new ParquetFormat().read(out, memory)) {
      assertThat(written.column("city").value(0)).isEqualTo("Zürich");
      assertThat(written.column("people").value(0)).isNull();
    }
  }

  @Test
  void aFileThatIsNoneOfParquetIsToldInOneLine() throws IOException {
    Path file = Files.writeString(directory.resolve("x.parquet"), "PAR1 and nothing else");

    Ran ran = vinery("put", file.toString());

    assertThat(ran.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(ran.err()).contains("x.parquet cannot be read").hasLineCount(1);
  }

  @Test
  void aColumnWithoutALayoutIsRefusedByName() throws IOException {
    Path file = directory.resolve("prices.parquet");
    try (var prices = new DecimalVector("price", memory, 10, 2)) {
      prices.setValueCount(3);
      new ParquetFormat().write(ArrowTable.of(VectorSchemaRoot.of(prices)), file);
    }

    Ran ran = vinery("put", file.toString());

    assertThat(ran.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(ran.err()).contains("'price'").hasLineCount(1);
  }

  @Test
  void whatIsNoTableIsNotWrittenAsParquet() {
    client.put(5L, "five");

    Ran ran = vinery("get", "five", "--out", directory.resolve("five.parquet").toString());

    assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(ran.err()).contains("only tables");
  }

  @Test
  void aFrameIsWrittenAsParquetAndAsArrow() {
    client.put(
        DataFrame.builder()
            .column("price", 1.5, Double.NaN)
            .index(Index.of("day", Strings.of("mo", "tu")))
            .build(),
        "prices");
    for (String name : List.of("prices.parquet", "prices.feather")) {
      Path file = directory.resolve(name);

      assertThat(vinery("get", "prices", "--out", file.toString())).isEqualTo(new Ran(0, "", ""));
      assertThat(vinery("put", file.toString(), "--name", name).status()).isZero();

      assertThat(vinery("get", name, "--json").out())
          .isEqualTo("{\"day\":\"mo\",\"price\":1.5}\n{\"day\":\"tu\",\"price\":null}\n");
    }
  }

  @Test
  void aFrameWithAColumnThatArrowHasNotIsRefusedByName() {
    client.put(DataFrame.builder().column("odd", ObjectTensor.of(1L, "x")).build(), "odd things");
    Path file = directory.resolve("odd.parquet");

    Ran ran = vinery("get", "odd things", "--out", file.toString());

    assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(ran.err()).contains("'odd'").hasLineCount(1);
    assertThat(file).doesNotExist();
  }

  @Test
  void anArrowTableIsWrittenAsCsv() {
    try (VectorSchemaRoot batch = cities()) {
      client.put(batch, "cities");
    }
    Path csv = directory.resolve("cities.csv");

    assertThat(vinery("get", "cities", "--out", csv.toString())).isEqualTo(new Ran(0, "", ""));

    assertThat(csv)
        .content()
        .isEqualToNormalizingNewlines("city,people\nZürich,\nSingapore,5900000\n");
  }

  @Test
  void vectorsAndBatchesArePrintedAsTables() {
    try (VectorSchemaRoot batch = cities()) {
      client.put(batch, "batch");
      client.put(batch.getVector("people"), "people");
    }

    assertThat(vinery("get", "batch").out()).contains("Zürich").endsWith("[2 rows x 2 columns]\n");
    assertThat(vinery("get", "people").out())
        .contains("5900000")
        .endsWith("[2 rows x 1 columns]\n");
  }

  @Test
  void aFileThatIsNoneOfArrowIsToldInOneLine() throws IOException {
    Path file = Files.writeString(directory.resolve("x.arrow"), "not at all");

    Ran ran = vinery("put", file.toString());

    assertThat(ran.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(ran.err()).contains("is no file of Arrow").hasLineCount(1);
  }
}
