package dev.vinery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.protocol.ObjectId;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import dev.vinery.types.DataFrame;
import dev.vinery.types.ElementType;
import dev.vinery.types.Pair;
import dev.vinery.types.Strings;
import dev.vinery.types.Tensor;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What Java puts, the official Python client gets equal, and the other way round, through our
/// daemon and through the official one, with the Java client at either door. The values are those
/// of `interop/values.py`.
final class InteropTest {
  private static final Path SCRIPTS = Path.of("interop").toAbsolutePath();
  private static final long MEMORY_BYTES = 256 << 20;

  @TempDir private Path directory;

  /// How the Java client reaches a daemon.
  enum Door {
    SHARED_MEMORY,
    TCP;

    private Client connect(Path socket, int port) {
      return switch (this) {
        case SHARED_MEMORY -> Vinery.connect(socket);
        case TCP -> Vinery.connect("127.0.0.1", port);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void bothLanguagesAgreeThroughOurDaemon(Door door) throws Exception {
    Path socket = directory.resolve("ours");
    var options = DaemonOptions.of(socket, MEMORY_BYTES).withRpcPort(OptionalInt.of(0));
    try (Daemon daemon = Daemon.start(options);
        Client client = door.connect(socket, daemon.rpcPort().orElseThrow())) {
      pythonGetsWhatJavaPuts(client, socket);
      javaGetsWhatPythonPuts(client, socket);
    }
  }

  @ParameterizedTest
  @EnumSource
  void bothLanguagesAgreeThroughTheOfficialDaemon(Door door) throws Exception {
    Path socket = directory.resolve("official");
    try (var daemon = new OfficialDaemon(socket);
        Client client = door.connect(socket, daemon.port)) {
      pythonGetsWhatJavaPuts(client, socket);
      javaGetsWhatPythonPuts(client, socket);
    }
  }

  private static void pythonGetsWhatJavaPuts(Client client, Path socket) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(socket.toString()));
    Map<String, Object> values = bothWays();
    values.putAll(onlyFromJava());
    for (Map.Entry<String, Object> value : values.entrySet()) {
      if (value.getValue() instanceof byte[]) {
        arguments.add(value.getKey() + "=" + client.put(value.getValue()));
      } else {
        client.put(value.getValue(), "java/" + value.getKey());
      }
    }
    assertThat(python("check_values.py", arguments)).as("values that differ in Python").isEmpty();
  }

  private static void javaGetsWhatPythonPuts(Client client, Path socket) throws Exception {
    Map<String, ObjectId> unnamed = new LinkedHashMap<>();
    for (String line : python("make_values.py", List.of(socket.toString())).lines().toList()) {
      int tab = line.indexOf('\t');
      unnamed.put(line.substring(0, tab), ObjectId.parse(line.substring(tab + 1)));
    }
    Map<String, Object> wanted = bothWays();
    wanted.putAll(onlyFromPython());
    for (Map.Entry<String, Object> value : wanted.entrySet()) {
      String name = value.getKey();
      ObjectId id =
          unnamed.containsKey(name) ? unnamed.get(name) : client.getName("python/" + name);
      assertThat(comparable(client.get(id))).as(name).isEqualTo(comparable(value.getValue()));
    }
  }

  /// Values in a form that can be compared: numbers of one width, bytes as text.
  private static Object comparable(Object value) {
    return switch (value) {
      case Integer number -> number.longValue();
      case byte[] bytes -> Arrays.toString(bytes);
      case MemorySegment bytes -> Arrays.toString(bytes.toArray(ValueLayout.JAVA_BYTE));
      case Pair(var first, var second) -> comparable(Arrays.asList(first, second));
      case List<?> list ->
          list.stream().map(each -> each == null ? "nothing" : comparable(each)).toList();
      case Map<?, ?> map -> {
        var comparable = new LinkedHashMap<Object, Object>();
        map.forEach((key, each) -> comparable.put(key, comparable(each)));
        yield comparable;
      }
      default -> value;
    };
  }

  private static Map<String, Object> bothWays() {
    var values = new LinkedHashMap<String, Object>();
    values.put("true", true);
    values.put("false", false);
    values.put("zero", 0);
    values.put("negative", -7);
    values.put("largest", Long.MAX_VALUE);
    values.put("smallest", Long.MIN_VALUE);
    values.put("half", 0.5);
    values.put("text", "aé\u0000\ud83c\udf47 \"quoted\"\n");
    values.put("empty text", "");
    values.put("bytes", new byte[] {0, -1, -128});
    values.put("no bytes", new byte[0]);
    values.put("list", Arrays.asList(1, "a", 2.5, null, true, List.of(3, List.of("b"))));
    values.put("empty list", List.of());
    values.put("list of bytes", List.of(new byte[] {'x', 'y', 'z'}, new byte[0]));
    values.put("list of tensors", List.of(Tensor.of(1, 2), Tensor.of(0.5)));
    values.put("pair", new Pair("key", 42));
    values.putAll(tensors());
    values.putAll(frames());
    return values;
  }

  private static Map<String, Object> tensors() {
    var tensors = new LinkedHashMap<String, Object>();
    tensors.put("tensor int8", Tensor.of(new byte[] {-128, 0, 1, 127}));
    tensors.put("tensor uint8", Tensor.of(new byte[] {0, 0, 1, -1}).as(ElementType.UINT8));
    tensors.put("tensor int16", Tensor.of(new short[] {Short.MIN_VALUE, 0, 1, Short.MAX_VALUE}));
    tensors.put("tensor uint16", Tensor.of(new short[] {0, 0, 1, -1}).as(ElementType.UINT16));
    tensors.put("tensor int32", Tensor.of(Integer.MIN_VALUE, 0, 1, Integer.MAX_VALUE));
    tensors.put("tensor uint32", Tensor.of(0, 0, 1, -1).as(ElementType.UINT32));
    tensors.put("tensor int64", Tensor.of(Long.MIN_VALUE, 0L, 1L, Long.MAX_VALUE));
    tensors.put("tensor uint64", Tensor.of(0L, 0L, 1L, -1L).as(ElementType.UINT64));
    tensors.put("tensor float32", Tensor.of(-Float.MAX_VALUE, 0f, 1f, Float.MAX_VALUE));
    tensors.put("tensor float64", Tensor.of(-Double.MAX_VALUE, 0.0, 1.0, Double.MAX_VALUE));
    tensors.put("tensor bool", Tensor.of(true, false, true));
    tensors.put(
        "tensor odd numbers",
        Tensor.of(
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            -0.0,
            Double.MIN_VALUE));
    tensors.put("tensor of one", Tensor.of(3.5).reshaped());
    tensors.put("tensor of none", Tensor.of(new short[0]));
    tensors.put("tensor of no columns", Tensor.of(new double[0]).reshaped(2, 0));
    tensors.put("tensor 2 x 3", Tensor.of(LongStream.range(0, 6).toArray()).reshaped(2, 3));
    tensors.put("tensor 2 x 3 x 4", Tensor.of(floats(24)).reshaped(2, 3, 4));
    tensors.put("tensor of texts", strings("a", null, "", "é\ud83c\udf47"));
    tensors.put("tensor of no texts", Strings.of());
    return tensors;
  }

  private static Strings strings(@Nullable String... values) {
    return Strings.ofOptional(Arrays.stream(values).map(Optional::ofNullable).toList());
  }

  private static float[] floats(int count) {
    var floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = i;
    }
    return floats;
  }

  private static Map<String, Object> frames() {
    var frames = new LinkedHashMap<String, Object>();
    frames.put(
        "frame",
        DataFrame.builder()
            .column("whole", 1, -2, 1L << 62)
            .column("real", 0.5, Double.NaN, Double.POSITIVE_INFINITY)
            .column("flag", true, false, true)
            .column("text", strings("a", null, "é"))
            .column("byte", Tensor.of(new byte[] {1, 2, -1}).as(ElementType.UINT8))
            .column("single", Tensor.of(1.5f, 2.5f, Float.NaN))
            .build());
    frames.put(
        "frame with numbers for names",
        DataFrame.builder()
            .column(0, Tensor.of(1.5, 2.5))
            .column(7, Tensor.of(true, false))
            .build());
    frames.put(
        "frame with named rows",
        DataFrame.builder().column("a", 1L, 2L).index(Strings.of("x", "y")).build());
    frames.put(
        "frame without rows",
        DataFrame.builder()
            .column("a", Tensor.of(new double[0]))
            .column("b", Tensor.of(new long[0]))
            .build());
    frames.put("frame without columns", DataFrame.builder().build());
    frames.put("frame of one cell", DataFrame.builder().column("only", -1L).build());
    return frames;
  }

  private static Map<String, Object> onlyFromJava() {
    return Map.of(
        "not a number",
        Double.NaN,
        "infinite",
        Double.NEGATIVE_INFINITY,
        "beyond 64 bits",
        BigInteger.TWO.pow(100),
        "many digits",
        0.1);
  }

  private static Map<String, Object> onlyFromPython() {
    return Map.of(
        "dictionary",
            Map.of(
                "a",
                List.of(1L, Arrays.asList(2.5, null)),
                "b",
                new byte[] {'x'},
                "c",
                Set.of(true)),
        "nothing", Optional.empty(),
        "column-major tensor", Tensor.of(LongStream.range(0, 6).toArray()).reshaped(2, 3),
        "series", Tensor.of(1.5, Double.NaN),
        "frame with missing texts",
            DataFrame.builder().column("t", strings("a", null, "c")).build());
  }

  private static String python(String script, List<String> arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(interpreter(), SCRIPTS.resolve(script).toString()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().put("PYTHONPATH", SCRIPTS.toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor())
        .as("exit status of %s, which printed: %s", script, output)
        .isZero();
    return output;
  }

  private static String interpreter() {
    return System.getProperty("vinery.python", "python3");
  }

  /// The daemon of the package `vineyard-bdist`.
  private static final class OfficialDaemon implements AutoCloseable {
    private final Process process;
    private final int port;

    private OfficialDaemon(Path socket) throws Exception {
      var find = "import os, vineyard.bdist as b; print(os.path.dirname(b.__file__))";
      Process finder = new ProcessBuilder(interpreter(), "-c", find).start();
      String folder =
          new String(finder.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(finder.waitFor()).isZero();
      port = freePort();
      process =
          new ProcessBuilder(
                  folder + File.separator + "vineyardd",
                  "--meta=local",
                  "--size=256M",
                  "--rpc_socket_port=" + port,
                  "--socket=" + socket)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      long start = System.nanoTime();
      while (!Files.exists(socket)) {
        assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(30).toNanos());
        Thread.onSpinWait();
      }
    }

    /// A port that nobody uses at the moment; this daemon cannot choose one itself.
    private static int freePort() throws IOException {
      try (var probe = new ServerSocket(0)) {
        return probe.getLocalPort();
      }
    }

    /// Asked to end, about one in ten of these daemons never does.
    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }
}
