package dev.vinery.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What both commands answer without a daemon.
class CommandLineTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {"ls", "status", "get x", "rm x", "name list", "inspect x", "put /dev/null"})
  void withoutADaemonEveryVerbSaysHowToStartOne(String verb) {
    Path socket = directory.resolve("none.sock");

    Ran ran = Ran.withSocket(socket, verb.split(" ", -1));

    assertThat(ran.status()).isEqualTo(ExitStatus.NO_DAEMON);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .endsWith(
            ": no daemon listens at "
                + socket
                + ": start one with vineyardd --socket "
                + socket
                + "\n")
        .hasLineCount(1);
  }

  @Test
  void anEndpointWhereNobodyListensIsToldWithWhatToDo() throws IOException {
    int port;
    try (var probe = new ServerSocket(0)) {
      port = probe.getLocalPort();
    }

    String message =
        "vinery ls: no daemon listens at 127.0.0.1:"
            + port
            + ": start one with vineyardd --rpc_socket_port "
            + port
            + ", or check the port\n";
    assertThat(Ran.withEndpoint("127.0.0.1:" + port, "ls"))
        .isEqualTo(new Ran(ExitStatus.NO_DAEMON, "", message));
  }

  @Test
  void aPortThatIsSomebodyElsesIsTold() throws Exception {
    try (var web = new ServerSocket(0);
        var executor = Executors.newSingleThreadExecutor()) {
      var serving =
          executor.submit(() -> {
            try (var peer = web.accept()) {
              peer.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
              return peer.getInputStream().readAllBytes().length;
            }
          });

      Ran ran = Ran.withEndpoint("127.0.0.1:" + web.getLocalPort(), "ls");

      assertThat(ran.status()).isEqualTo(ExitStatus.NO_DAEMON);
      assertThat(ran.err()).endsWith("is no daemon: give its --rpc_socket_port\n").hasLineCount(1);
      assertThat(serving.get()).isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "'' ~ vinery: a verb is missing; see vinery --help",
        "lss ~ vinery: there is no verb 'lss', did you mean 'ls'?; see vinery --help",
        "frobnicate ~ vinery: 'frobnicate' is not expected here; see vinery --help",
        "name ~ vinery name: a verb is missing; see vinery name --help",
        "get ~ vinery get: Missing required parameter: 'NAME|ID'; see vinery get --help",
        "ls --sise ~ vinery ls: Unknown option: '--sise'; see vinery ls --help",
        "ls --endpoint=a --socket=b ~ vinery ls: --socket and --endpoint are two daemons: give one"
            + " of them",
        "ls --endpoint=a:99999 ~ vinery ls: Invalid value for option '--endpoint': a port must be"
            + " from 1 to 65535: 99999; see vinery ls --help",
        "get x --limit=-1 ~ vinery get: --limit must not be negative: -1",
        "ls --names --blobs ~ vinery ls: --names and --blobs exclude each other: blobs have no"
            + " names"
      })
  void aWrongCommandLineIsToldInOneLine(String line, String message) {
    List<String> arguments = line.isEmpty() ? List.of() : List.of(line.split(" ", -1));

    assertThat(Ran.vinery(Map.of(), arguments))
        .isEqualTo(new Ran(ExitStatus.USAGE, "", message + "\n"));
  }

  @Test
  void debuggingShowsTheStack() {
    Ran ran = Ran.vinery(Map.of("VINERY_DEBUG", "1"), List.of("ls", "--socket=/no/such"));

    assertThat(ran.err()).contains("no daemon listens").contains("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "put",
        "get",
        "ls",
        "inspect",
        "rm",
        "name",
        "name put",
        "name get",
        "name drop",
        "name list",
        "status",
        "completion"
      })
  void everyVerbHasAHelp(String verb) {
    Ran ran = Ran.vinery(Map.of(), List.of((verb + " --help").split(" ", -1)));

    assertThat(ran.status()).isZero();
    assertThat(ran.out()).startsWith("Usage: vinery " + verb);
    assertThat(ran.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
  }

  @Test
  void theHelpListsVerbsAndExitStatuses() {
    Ran ran = Ran.vinery(Map.of(), List.of("--help"));

    assertThat(ran.out())
        .contains("serve", "demo", "completion", "3   No daemon can be reached.")
        .doesNotContain("demo-reader");
  }

  @Test
  void theCompletionIsAScriptThatKnowsTheVerbs() {
    Ran ran = Ran.vinery(Map.of(), List.of("completion"));

    assertThat(ran.status()).isZero();
    assertThat(ran.out()).contains("complete -F", "inspect", "--regex");
  }

  @Test
  void servingTakesTheFlagsOfTheDaemon() {
    assertThat(vineyardd("--help").status()).isZero();
    assertThat(Ran.vinery(Map.of(), List.of("serve", "--sise=2G")).status())
        .isEqualTo(ExitStatus.USAGE);
  }

  @Test
  void theDaemonsHelpNamesEveryFlagAndFitsATerminal() {
    Ran ran = vineyardd("--help");

    assertThat(DaemonFlags.all().stream().filter(flag -> !flag.meaning().isEmpty()))
        .allSatisfy(flag -> assertThat(ran.out()).contains("--" + flag.name()));
    assertThat(ran.out()).contains("alsologtostderr");
    assertThat(ran.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
  }

  @Test
  void versionsAreTold() {
    assertThat(vineyardd("--version").out())
        .matches("vineyardd [0-9].* \\(protocol 0\\.24\\.2\\)\n");
    assertThat(Ran.vinery(Map.of(), List.of("--version")).out())
        .matches("vinery [0-9].* \\(protocol 0\\.24\\.2\\)\n");
  }

  @Test
  void aDaemonsWrongFlagIsToldInOneLine() {
    assertThat(vineyardd("--sise=2G"))
        .isEqualTo(
            new Ran(
                ExitStatus.USAGE, "", "vineyardd: unknown flag --sise; did you mean --size?\n"));
  }

  private static Ran vineyardd(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int status =
        Vineyardd.run(
            List.of(arguments),
            Map.of(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Ran(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
