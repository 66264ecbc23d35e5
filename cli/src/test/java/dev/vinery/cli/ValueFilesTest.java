package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.protocol.ObjectId;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import dev.vinery.types.Complex;
import dev.vinery.types.DataFrame;
import dev.vinery.types.ElementType;
import dev.vinery.types.GlobalDataFrame;
import dev.vinery.types.GlobalTensor;
import dev.vinery.types.Index;
import dev.vinery.types.ObjectCollection;
import dev.vinery.types.ObjectTensor;
import dev.vinery.types.Pair;
import dev.vinery.types.Partitioned;
import dev.vinery.types.Series;
import dev.vinery.types.SparseColumn;
import dev.vinery.types.SparseMatrix;
import dev.vinery.types.Strings;
import dev.vinery.types.Tensor;
import dev.vinery.types.ZonedTimes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Values of all kinds on the terminal and in files.
final class ValueFilesTest {
  @TempDir private Path directory;
  private Daemon daemon;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    daemon = Daemon.start(DaemonOptions.of(directory.resolve("v.sock"), 64 << 20));
    client = Vinery.connect(daemon.socket());
  }

  @AfterEach
  void stop() {
    client.close();
    daemon.close();
  }

  private Ran vinery(String... arguments) {
    return Ran.withSocket(daemon.socket(), arguments);
  }

  private String printed(Object value) {
    return vinery("get", client.put(value).toString()).out();
  }

  /// A file as NumPy writes it, version 1.
  private Path npy(String header, byte[] elements) throws IOException {
    String padded = header + "\n";
    byte[] start = HexFormat.of().parseHex("934e554d50590100");
    var file = new ByteArrayOutputStream();
    file.writeBytes(start);
    file.write(padded.length());
    file.write(0);
    file.writeBytes(padded.getBytes(StandardCharsets.US_ASCII));
    file.writeBytes(elements);
    return Files.write(directory.resolve("array.npy"), file.toByteArray());
  }

  @Test
  void anArrayOfNumPyIsPutAndWrittenAgain() throws IOException {
    Path file =
        npy(
            "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 2), }",
            new byte[] {1, 0, 2, 0, 3, 0, -1, -1});
    Path copy = directory.resolve("copy.npy");

    assertThat(vinery("put", file.toString(), "--name", "array").status()).isZero();
    assertThat(vinery("get", "array", "--out", copy.toString()).status()).isZero();
    assertThat(vinery("put", copy.toString(), "--name", "copy").status()).isZero();

    Tensor wanted = Tensor.of((short) 1, (short) 2, (short) 3, (short) -1).reshaped(2, 2);
    assertThat(client.get(client.getName("array"))).isEqualTo(wanted);
    assertThat(client.get(client.getName("copy"))).isEqualTo(wanted);
    byte[] written = Files.readAllBytes(copy);
    assertThat(written.length).isEqualTo(128 + 8);
    assertThat(new String(written, StandardCharsets.ISO_8859_1))
        .contains("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 2,), }");
  }

  @Test
  void aColumnMajorArrayOfNumPyKeepsItsElements() throws IOException {
    Path file =
        npy(
            "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }",
            new byte[] {0, 3, 1, 4, 2, 5});

    assertThat(vinery("put", file.toString(), "--name", "array").status()).isZero();

    assertThat(client.get(client.getName("array"), Tensor.class).toLongArray())
        .containsExactly(0, 1, 2, 3, 4, 5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999999999,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
        "{'descr': '<f8', 'shape': (1,), }",
        "nonsense"
      })
  void aFileThatLiesIsToldInOneLine(String header) throws IOException {
    Ran put = vinery("put", npy(header, new byte[8]).toString());

    assertThat(put.status()).isNotZero();
    assertThat(put.err()).contains("array.npy").hasLineCount(1);
  }

  @Test
  void aTableIsWrittenAsItCanBePutAgain() throws IOException {
    DataFrame frame =
        DataFrame.builder()
            .column("city", Strings.of("Oslo, \"N\"", "東京"))
            .column("people", 709037L, 14094034L)
            .column("area", 480.5, Double.NaN)
            .build();
    client.put(frame, "cities");
    Path csv = directory.resolve("cities.csv");

    assertThat(vinery("get", "cities", "--out", csv.toString()).status()).isZero();
    assertThat(vinery("put", csv.toString(), "--name", "again").status()).isZero();

    assertThat(client.get(client.getName("again"))).isEqualTo(frame);
  }

  @Test
  void labelsOfRowsAreTheFirstColumnOfAFile() throws IOException {
    DataFrame frame =
        DataFrame.builder().column("n", 1L, 2L).index(Index.of("id", Strings.of("a", "b"))).build();
    client.put(frame, "labelled");
    Path csv = directory.resolve("labelled.csv");

    assertThat(vinery("get", "labelled", "--out", csv.toString()).status()).isZero();

    assertThat(csv).content().isEqualToNormalizingNewlines("id,n\na,1\nb,2\n");
  }

  @Test
  void whatIsNoTableIsNotWrittenAsOne() {
    ObjectId id = client.put(Tensor.of(1.0));

    Ran get = vinery("get", id.toString(), "--out", directory.resolve("x.csv").toString());

    assertThat(get.status()).isNotZero();
    assertThat(get.err()).contains("only tables");
  }

  @Test
  void everyKindOfValueIsPrintedAsPeopleExpect() {
    assertThat(printed(Map.of("a", List.of(1L, 2.5)))).contains("{\"a\":[1,2.5]}");
    assertThat(printed(List.of(1L, List.of("x", List.of())))).contains("[1,[\"x\",[]]]");
    assertThat(printed(new Pair("left", Map.of()))).contains("[\"left\",{}]");
    assertThat(printed(Double.NaN)).contains("NaN");
    assertThat(printed(BigInteger.TWO.pow(100))).contains("1267650600228229401496703205376");
    assertThat(printed(List.of(Map.of("n", BigInteger.TWO.pow(64).negate()))))
        .contains("[{\"n\":\"-18446744073709551616\"}]");
    assertThat(printed(new Complex(1, -2))).contains("1.0-2.0i");
    assertThat(printed(DataFrame.builder().column("when", midnight()).build()))
        .contains("datetime64[ns, Asia/Singapore]")
        .contains("2020-01-01T00:00:00+08:00");
    assertThat(printed(Index.of("when", midnight()))).contains("2020-01-01T00:00:00+08:00");
    assertThat(printed(ObjectTensor.of(Arrays.asList(1L, "x", null).toArray())))
        .contains("[1, x, None] (object, shape [3])");
    assertThat(printed(Tensor.of(1L).as(ElementType.DATETIME_DAY)))
        .contains("[1970-01-02T00:00:00Z] (datetime64[D], shape [1])");
    assertThat(printed(SparseColumn.of(3, 0, Tensor.of(1), Tensor.of(7L))))
        .contains("0\n7\n0\n[3 of Sparse[int64, 0]]");
    assertThat(printed(SparseMatrix.coo(2, 3, Tensor.of(1.5), Tensor.of(1), Tensor.of(2))))
        .contains("(1, 2)  1.5\n[2 x 3 coo matrix of float64, 1 stored]");
    assertThat(printed(Series.of("s", Tensor.of(1.5, 2.5), Index.of("i", Strings.of("x", "y")))))
        .contains("float64")
        .contains("x      1.5")
        .contains("2 rows x 1 columns");
    ObjectId part = client.put(Partitioned.of(Tensor.of(1.0), 0));
    assertThat(printed(GlobalTensor.of(List.of(1L), List.of(1L), List.of(part))))
        .contains("1 partitions")
        .contains(part.toString())
        .contains("instance 0")
        .contains("position [0]");
    ObjectId rows = client.put(Partitioned.of(DataFrame.builder().column("n", 1L).build(), 0, 0));
    assertThat(printed(GlobalDataFrame.of(List.of(rows)))).contains(rows.toString());
    assertThat(printed(ObjectCollection.of("vineyard::Tensor<double>", List.of(part))))
        .contains(part.toString());
  }

  private static ZonedTimes midnight() {
    Instant start = Instant.parse("2019-12-31T16:00:00Z");
    return ZonedTimes.ofInstants(ZoneId.of("Asia/Singapore"), List.of(Optional.of(start)));
  }
}
