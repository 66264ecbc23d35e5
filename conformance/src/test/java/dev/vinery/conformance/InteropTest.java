package dev.vinery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.protocol.ObjectId;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import dev.vinery.types.Pair;
import dev.vinery.types.SparseMatrix;
import dev.vinery.types.TensorView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What one language puts, the other gets equal: each value of each family, from Java to Python,
/// from Python to Java and from Java to Java, through our daemon and through the official one, with
/// Java at either door.
///
/// With `-Dvinery.types.page=FILE` the results are written into that page.
final class InteropTest {
  private static final long MEMORY_BYTES = 256 << 20;
  private static final String NONE = "–"; // in place of a result
  private static final String HERE = "127.0.0.1";

  /// A way to a daemon.
  ///
  /// @param name for people
  /// @param local whether Java shares memory with the daemon
  /// @param client Java's, which puts
  /// @param reader Java's, which gets what `client` has put
  /// @param address what Python connects to
  private record Door(String name, boolean local, Client client, Client reader, String address) {}

  @TempDir private Path directory;
  private final TypesPage page = new TypesPage();
  private final List<String> failures = new ArrayList<>();
  private final List<MatrixFamily> families = new ArrayList<>();

  @Test
  void bothLanguagesAgreeThroughBothDaemons() throws Exception {
    families.add(new MatrixFamily("values", MatrixValues.all(), InteropTest::comparable));
    families.add(ArrowMatrix.family(directory));
    Path ours = directory.resolve("ours");
    var options = DaemonOptions.of(ours, MEMORY_BYTES).withRpcPort(OptionalInt.of(0));
    try (var daemon = Daemon.start(options)) {
      exchange("our daemon", ours, daemon.rpcPort().orElseThrow());
    }
    Path official = directory.resolve("official");
    try (var daemon = new OfficialDaemon(official, MEMORY_BYTES)) {
      exchange("official daemon", official, daemon.port());
    }

    String pagePath = System.getProperty("vinery.types.page", "");
    if (!pagePath.isEmpty()) {
      page.writeInto(Path.of(pagePath));
    }
    assertThat(failures).as("values that differ").isEmpty();
  }

  private void exchange(String daemon, Path socket, int port) throws Exception {
    try (Client client = Vinery.connect(socket);
        Client reader = Vinery.connect(socket)) {
      exchange(new Door(daemon, true, client, reader, socket.toString()));
    }
    try (Client client = Vinery.connect(HERE, port);
        Client reader = Vinery.connect(HERE, port)) {
      exchange(new Door(daemon + " over TCP", false, client, reader, socket.toString()));
    }
  }

  private void exchange(Door door) throws Exception {
    for (MatrixFamily family : families) {
      exchange(family, door);
    }
  }

  private void exchange(MatrixFamily family, Door door) throws Exception {
    List<List<String>> fromPython = python("put", family, door, Map.of());
    assertThat(fromPython.stream().map(List::getFirst))
        .as("values that both languages list")
        .containsExactlyInAnyOrderElementsOf(family.values().keySet());
    Set<String> notForPython = new HashSet<>();
    for (List<String> line : fromPython) {
      if (line.get(1).equals("python") || line.get(1).equals("neither")) {
        notForPython.add(line.getFirst());
      }
    }
    javaToJavaAndPython(family, door, notForPython);
    for (List<String> line : fromPython) {
      String name = line.getFirst();
      String way = "Python to Java, " + door.name();
      switch (line.getLast()) {
        case "-" -> page.add(name, way, NONE);
        case String error when error.startsWith("!") -> note(name, way, error);
        case String id -> {
          Object value = Objects.requireNonNull(family.values().get(name));
          note(name, way, difference(family, door.reader(), ObjectId.parse(id), value));
        }
      }
    }
  }

  private void javaToJavaAndPython(MatrixFamily family, Door door, Set<String> notForPython)
      throws Exception {
    var ids = new LinkedHashMap<String, ObjectId>();
    family
        .values()
        .forEach((name, value) -> {
          String way = "Java to Java, " + door.name();
          if (!door.local() && value instanceof Exchanged local && local.needsSharedMemory()) {
            page.add(name, way, NONE);
            return;
          }
          ObjectId id =
              value instanceof Exchanged exchanged
                  ? exchanged.put(door.client())
                  : door.client().put(value);
          note(name, way, difference(family, door.reader(), id, value));
          if (!notForPython.contains(name)) {
            ids.put(name, id);
          }
        });
    var errors = new LinkedHashMap<String, String>();
    python("check", family, door, ids).forEach(line -> errors.put(line.getFirst(), line.getLast()));
    for (String name : family.values().keySet()) {
      String way = "Java to Python, " + door.name();
      if (ids.containsKey(name)) {
        note(name, way, errors.getOrDefault(name, ""));
      } else {
        page.add(name, way, NONE);
      }
    }
  }

  /// @param error empty if the value came back equal
  private void note(String name, String way, String error) {
    page.add(name, way, error.isEmpty() ? "equal" : "**differs**");
    if (!error.isEmpty()) {
      failures.add(way + ", " + name + ": " + error);
    }
  }

  /// @return empty if there is none
  private static String difference(MatrixFamily family, Client reader, ObjectId id, Object value) {
    try {
      Object wanted = value instanceof Exchanged exchanged ? exchanged.wanted() : value;
      Object got =
          value instanceof Exchanged exchanged ? exchanged.get(reader, id) : reader.get(id);
      Object comparableGot = family.comparable().apply(got);
      return comparableGot.equals(family.comparable().apply(wanted))
          ? ""
          : "wanted " + wanted + ", got " + comparableGot;
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  /// Values in a form that can be compared: numbers of one width, bytes as text, views as copies.
  private static Object comparable(Object value) {
    return switch (value) {
      case Byte _, Short _, Integer _ -> ((Number) value).longValue();
      case Float number -> number.doubleValue();
      case byte[] bytes -> Arrays.toString(bytes);
      case MemorySegment bytes -> Arrays.toString(bytes.toArray(ValueLayout.JAVA_BYTE));
      case Pair(var first, var second) -> comparable(Arrays.asList(first, second));
      case TensorView view -> view.toTensor();
      case SparseMatrix matrix ->
          List.of(matrix.form(), matrix.values().elementType(), matrix.toDense());
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

  /// Runs `exchange.py` and returns its lines, cut at the tabs.
  private static List<List<String>> python(
      String action, MatrixFamily family, Door door, Map<String, ObjectId> ids) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(action, family.module(), door.address()));
    ids.forEach((name, id) -> arguments.add(name + "=" + id));
    return PythonProcess.run("exchange.py", arguments.toArray()).stream()
        .map(line -> List.of(line.split("\t", 3)))
        .toList();
  }
}
