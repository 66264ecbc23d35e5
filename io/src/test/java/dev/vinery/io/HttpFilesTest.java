package dev.vinery.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.vinery.client.Client;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.ObjectId;
import dev.vinery.types.DataFrame;
import dev.vinery.types.GlobalDataFrame;
import dev.vinery.types.Partition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Files that come from a web server.
final class HttpFilesTest {
  private static final int ROWS = 20_000;

  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon(64 << 20);

  private final byte[] text =
      IntStream.range(0, ROWS)
          .mapToObj(i -> i + ",text " + i + "\n")
          .collect(Collectors.joining("", "n,t\n", ""))
          .getBytes(StandardCharsets.UTF_8);
  private final Queue<String> ranges = new ConcurrentLinkedQueue<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/ranges.csv", exchange -> answer(exchange, true));
    server.createContext("/whole.csv", exchange -> answer(exchange, false));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange, boolean withRanges) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = 0;
    if (withRanges) {
      exchange.getResponseHeaders().add("Accept-Ranges", "bytes");
      if (range != null) {
        ranges.add(range);
        from = Integer.parseInt(range.replaceAll("\\D", ""));
      }
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().add("Content-Length", Integer.toString(text.length));
      exchange.sendResponseHeaders(200, -1);
    } else {
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, text.length - from);
      try (var body = exchange.getResponseBody()) {
        body.write(text, from, text.length - from);
      }
    }
    exchange.close();
  }

  private String url(String name) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
  }

  private static List<Double> firstNumbers(Client client, ObjectId id, long[] rows) {
    try (var whole = client.get(id, GlobalDataFrame.class)) {
      return whole.partitions().stream()
          .map((Partition partition) -> {
            try (DataFrame frame = partition.value(DataFrame.class)) {
              rows[0] += frame.rowCount();
              return frame.tensor("n").getDouble(0);
            }
          })
          .toList();
    }
  }

  @Test
  void aFileIsReadInPartsWhereTheServerTakesRanges() throws Exception {
    try (Client client = DAEMON.connect()) {
      long[] rows = {0};
      ObjectId id =
          Drivers.of(client)
              .load(url("ranges.csv") + "#header_row=true", Map.of("num_workers", "2"));

      assertThat(firstNumbers(client, id, rows)).hasSize(2).startsWith(0.0);
      assertThat(rows[0]).isEqualTo(ROWS);
      assertThat(ranges).isNotEmpty();
    }
  }

  @Test
  void aFileIsReadInOnePieceWhereItDoesNot() throws Exception {
    try (Client client = DAEMON.connect()) {
      long[] rows = {0};
      ObjectId id =
          Drivers.of(client).load(url("whole.csv"), Map.of("header_row", "1", "num_workers", "2"));

      assertThat(firstNumbers(client, id, rows)).containsExactly(0.0);
      assertThat(rows[0]).isEqualTo(ROWS);
      assertThat(ranges).isEmpty();
    }
  }

  @Test
  void whatTheServerRefusesIsToldByItsUrl() {
    try (Client client = DAEMON.connect()) {
      Drivers drivers = Drivers.of(client);
      assertThatThrownBy(() -> drivers.open(url("none.csv"), Map.of()))
          .isInstanceOf(IOException.class)
          .hasMessage(url("none.csv") + ": the server answers 404");
      assertThatThrownBy(() -> drivers.open("http://127.0.0.1:1/x", Map.of()))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("http://127.0.0.1:1/x: ");
    }
  }
}
