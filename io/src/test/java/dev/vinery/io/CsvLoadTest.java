package dev.vinery.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import dev.vinery.client.Client;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.ObjectId;
import dev.vinery.types.Column;
import dev.vinery.types.DataFrame;
import dev.vinery.types.GlobalDataFrame;
import dev.vinery.types.Partition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a file of CSV becomes as a frame, and what it does not.
final class CsvLoadTest {
  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon(512 << 20);

  @TempDir private Path directory;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  /// The rows of a frame, the fields of each between bars.
  private static List<String> rows(Client client, ObjectId id) {
    List<String> rows = new ArrayList<>();
    try (GlobalDataFrame whole = client.get(id, GlobalDataFrame.class)) {
      for (Partition partition : whole.partitions()) {
        try (DataFrame frame = partition.value(DataFrame.class)) {
          for (long row = 0; row < frame.rowCount(); row++) {
            long at = row;
            rows.add(
                frame.columns().values().stream()
                    .map(column -> column.isMissing(at) ? "-" : column.formatRow(at))
                    .collect(Collectors.joining("|")));
          }
        }
      }
    }
    return rows;
  }

  private static List<String> kinds(Client client, ObjectId id) {
    try (GlobalDataFrame whole = client.get(id, GlobalDataFrame.class);
        DataFrame frame = whole.partitions().getFirst().value(DataFrame.class)) {
      return frame.columns().entrySet().stream()
          .map(column -> column.getKey() + ":" + column.getValue().elementName())
          .toList();
    }
  }

  private static List<String> load(String uri) throws Exception {
    try (Client client = DAEMON.connect()) {
      return rows(client, Drivers.of(client).load(uri, Map.of()));
    }
  }

  private static List<String> kinds(String uri) throws Exception {
    try (Client client = DAEMON.connect()) {
      return kinds(client, Drivers.of(client).load(uri, Map.of()));
    }
  }

  @Test
  void typesAreFoundOut() throws Exception {
    Path file =
        file(
            "all.csv",
            """
            whole,real,flag,time,day,text,half
            1,1.5,true,2024-05-01 12:30:00,2024-05-01,x,1
            -2,2,FALSE,2024-05-01T12:30:15.25,1969-12-31,"a ""b"", c",
            3,1e3,False,2024-05-01 12:31,2024-02-29,éé,2
            """);

    assertThat(load("file://" + file + "#header_row=true"))
        .containsExactly(
            "1|1.5|true|2024-05-01T12:30:00Z|2024-05-01T00:00:00Z|x|1.0",
            "-2|2.0|false|2024-05-01T12:30:15.250Z|1969-12-31T00:00:00Z|a \"b\", c|-",
            "3|1000.0|false|2024-05-01T12:31:00Z|2024-02-29T00:00:00Z|éé|2.0");
    assertThat(kinds("file://" + file + "#header_row=true"))
        .containsExactly(
            "whole:int64",
            "real:float64",
            "flag:bool",
            "time:datetime64[ns]",
            "day:datetime64[ns]",
            "text:str",
            "half:float64");
  }

  @Test
  void columnsWithoutAHeaderAreNumbered() throws Exception {
    Path file = file("plain.e", "1 2 x\n3 4 y");

    assertThat(kinds(file + "#delimiter=space")).containsExactly("f0:int64", "f1:int64", "f2:str");
    assertThat(load(file + "#delimiter= ")).containsExactly("1|2|x", "3|4|y");
  }

  @Test
  void columnsAreSelectedNamedAndTyped() throws Exception {
    Path file = file("three.csv", "a,b,c\n1,2,3\n");
    String uri = "file://" + file + "#header_row=true&";

    assertThat(kinds(uri + "schema=c,0&column_types=int32,string"))
        .containsExactly("c:int32", "a:str");
    assertThat(kinds(uri + "schema=b&include_all_columns=true"))
        .containsExactly("b:int64", "a:int64", "c:int64");
    assertThat(kinds(file + "#schema=x,y")).containsExactly("x:str", "y:str");
  }

  @Test
  void whatIsMissingIsMissingUnlessItIsQuoted() throws Exception {
    Path file =
        file("missing.csv", "n,r,t,b\n1,NaN,NA,true\nNA,1.0,\"NA\",null\n,null,\"\",false\n");

    assertThat(load(file + "#header_row=1"))
        .containsExactly("1.0|-|-|true", "-|1.0|NA|-", "-|-||false");
  }

  @Test
  void aTypeIsTheSameInAllPartsOfAFrame() throws Exception {
    var text = new StringBuilder("n,b,t\n");
    for (int i = 0; i < 1_000_000; i++) {
      text.append(i).append(",true,some text of some length\n");
    }
    text.append(",,\n");
    Path file = file("long.csv", text.toString());
    try (Client client = DAEMON.connect();
        GlobalDataFrame whole =
            client.get(
                Drivers.of(client)
                    .load(file.toString(), Map.of("header_row", "1", "num_workers", "2")),
                GlobalDataFrame.class)) {
      assertThat(whole.partitions().size()).isGreaterThan(1);
      long rows = 0;
      for (Partition partition : whole.partitions()) {
        try (DataFrame frame = partition.value(DataFrame.class)) {
          assertThat(frame.columns().values().stream().map(Column::elementName))
              .containsExactly("float64", "str", "str");
          assertThat(frame.tensor("n").getDouble(0)).isEqualTo((double) rows);
          rows += frame.rowCount();
        }
      }
      assertThat(rows).isEqualTo(1_000_001);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "ISO-8859-1", "windows-1252"})
  void encodingsAreReadAsTheyAreSaid(String encoding) throws Exception {
    String text = "größe,n\nÄpfel,1\nüé,2\n";
    Path file =
        Files.write(directory.resolve("text.csv"), text.getBytes(Charset.forName(encoding)));

    assertThat(load(file + "#header_row=true&encoding=" + encoding))
        .containsExactly("Äpfel|1", "üé|2");
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstName() throws Exception {
    Path file = file("marked.csv", "\uFEFFa,b\r\n1,2\r\n\r\n3,4\r\n");

    assertThat(kinds(file + "#header_row=true")).containsExactly("a:int64", "b:int64");
    assertThat(load(file + "#header_row=true")).containsExactly("1|2", "3|4");
  }

  @Test
  void compressedFilesAreReadLikeOthers() throws Exception {
    String text = manyRows(20_000);
    Path gzip = directory.resolve("rows.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    Path zstd = directory.resolve("rows.csv.zst");
    try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(zstd))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    List<String> expected = load(file("rows.csv", text) + "#header_row=true");

    assertThat(expected).hasSize(20_000);
    assertThat(load(gzip + "#header_row=true&num_workers=2")).isEqualTo(expected);
    assertThat(load(zstd + "#header_row=true")).isEqualTo(expected);
  }

  /// Rows of which some have line feeds, delimiters and quotes in their quotes.
  private static String manyRows(int count) {
    return IntStream.range(0, count)
        .mapToObj(i ->
            switch (i % 5) {
              case 0 -> i + ",\"line " + i + "\nand \"\"more\"\", here\"\n";
              case 1 -> i + ",5\" wide\n";
              default -> i + ",plain " + i + "\n";
            })
        .collect(Collectors.joining("", "n,text\n", ""));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 32})
  void manyWorkersReadTheSameRowsInTheSameOrder(int workers) throws Exception {
    Path file = file("rows.csv", manyRows(50_000));
    List<String> rows = load(file + "#header_row=true&num_workers=" + workers);

    assertThat(rows).hasSize(50_000);
    for (int i = 0; i < rows.size(); i += 997) {
      assertThat(rows.get(i)).startsWith(i + "|");
    }
    assertThat(rows.get(5)).isEqualTo("5|line 5\nand \"more\", here");
    assertThat(rows.get(6)).isEqualTo("6|5\" wide");
  }

  @Test
  void filesOfAPatternFollowEachOtherByName() throws Exception {
    file("part-2.csv", "a,b\n5,6\n");
    file("part-1.csv", "a,b\n1,2\n3,4");
    file("part-3.csv", "");

    assertThat(load(directory + "/part-*.csv#header_row=true&num_workers=2"))
        .containsExactly("1|2", "3|4", "5|6");
    assertThatThrownBy(() -> load(directory + "/none-*.csv"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no file matches");
  }

  @Test
  void aHeaderAloneIsAFrameWithoutRows() throws Exception {
    Path file = file("header.csv", "a,b");

    assertThat(load(file + "#header_row=true")).isEmpty();
    assertThat(kinds(file + "#header_row=true")).containsExactly("a:str", "b:str");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1,2\\n3\\n                    | line 2: 1 field where there are 2 columns
          1,2\\n3,4\\n5,6,7\\n          | line 3: more fields than the 2 columns
          1,2\\n3,"x\\n                 | line 2: a quote is never closed
          1,2\\n3,"x"y\\n               | line 2: a quoted field must end with its quote, but there is 'y' behind it
          a,b\\nc,\\u0001\\n            | line 2: column 'f1' is not text in UTF-8; say which it is, for example encoding=latin1
          """)
  void aBadRowIsToldWithItsLine(String text, String message) throws Exception {
    byte[] bytes =
        text.replace("\\n", "\n")
            .replace("\\u0001", "\u00ff")
            .getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(directory.resolve("bad.csv"), bytes);
    assertThatNothingIsLeft(() ->
        assertThatThrownBy(() -> load(file.toString()))
            .isInstanceOf(IOException.class)
            .hasMessage(file + ", " + message));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void aTypeThatChangesHalfWayIsToldWithItsLine(String suffix) throws Exception {
    var text = new StringBuilder("n,x\n");
    for (int i = 2; i < 200_000; i++) {
      text.append(i == 150_000 ? "oops" : "12").append(",1\n");
    }
    Path file = directory.resolve("changes.csv" + suffix);
    try (OutputStream out =
        Compression.ofName(file.toString()).compress(Files.newOutputStream(file))) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    assertThatNothingIsLeft(() ->
        assertThatThrownBy(() -> load(file + "#header_row=true&num_workers=2"))
            .isInstanceOf(IOException.class)
            .hasMessage(
                file
                    + ", line 150000: column 'n' holds int64, but here is 'oops';"
                    + " column_types can say otherwise"));
    assertThat(load(file + "#header_row=true&column_types=string")).hasSize(199_998);
  }

  @Test
  void aCompressedFileThatEndsTooEarlyIsRefused() throws Exception {
    var compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write(manyRows(100_000).getBytes(StandardCharsets.UTF_8));
    }
    byte[] half = Arrays.copyOf(compressed.toByteArray(), compressed.size() / 2);
    Path file = Files.write(directory.resolve("half.csv.gz"), half);

    assertThatNothingIsLeft(() ->
        assertThatThrownBy(() -> load(file + "#header_row=true"))
            .isInstanceOf(IOException.class)
            .hasMessage(file + ": the gzip data end too early"));
  }

  @Test
  void whatCannotBeReadIsRefusedAtOnce() throws Exception {
    Path empty = file("empty.csv", "");
    Path twice = file("twice.csv", "a,a\n1,2\n");

    assertThatThrownBy(() -> load(directory + "/none.csv"))
        .hasMessage(directory + "/none.csv: there is no such file");
    assertThatThrownBy(() -> load(directory.toString())).hasMessageContaining("it is a directory");
    assertThatThrownBy(() -> load(empty.toString())).hasMessage(empty + ": it is empty");
    assertThatThrownBy(() -> load(twice + "#header_row=true"))
        .hasMessage(twice + ", line 1: two columns are named 'a'");
    assertThatThrownBy(() -> load("gopher://x/y"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no driver knows the scheme 'gopher'");
    assertThatThrownBy(() -> load(twice + "#delimeter=,"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no option 'delimeter' here");
    assertThatThrownBy(() -> load(twice + "#header_row=perhaps"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> load(twice + "#schema=z&header_row=false&column_types=int64,int8"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private interface Body {
    void run() throws Exception;
  }

  private static void assertThatNothingIsLeft(Body body) throws Exception {
    try (Client client = DAEMON.connect()) {
      long before = client.status().memoryUsageBytes();
      int objects = client.list("**", Integer.MAX_VALUE).size();
      body.run();
      assertThat(client.status().memoryUsageBytes()).isEqualTo(before);
      assertThat(client.list("**", Integer.MAX_VALUE)).hasSize(objects);
    }
  }
}
