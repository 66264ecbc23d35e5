package dev.vinery.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.arrow.ArrowFiles;
import dev.vinery.arrow.ArrowMemory;
import dev.vinery.arrow.ArrowTable;
import dev.vinery.arrow.Samples;
import dev.vinery.client.Address;
import dev.vinery.client.Client;
import dev.vinery.client.ConnectOptions;
import dev.vinery.client.Vinery;
import dev.vinery.client.VineryObject;
import dev.vinery.client.contract.Door;
import dev.vinery.client.contract.OurDaemon;
import dev.vinery.protocol.ObjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Arrow values of every type between Java and Python, in every direction, through our daemon and
/// through the official one, with Java at either door. What a value should be stands in an Arrow
/// file that the side which puts it writes: so each side has one list of values, and the other side
/// compares with what Arrow's own libraries read.
final class ArrowInteropTest {
  private static final long MEMORY_BYTES = 256 << 20;

  /// What Python's client reads under no type name at all, not even what it has put itself.
  private static final List<String> UNREADABLE_IN_PYTHON =
      List.of(
          "Date(MILLISECOND)",
          "Time(",
          "Timestamp(SECOND, Asia",
          "Timestamp(MILLISECOND, Asia",
          "Timestamp(MICROSECOND, Asia",
          "Timestamp(NANOSECOND, Asia",
          "fixed-size lists");

  @TempDir private Path directory;
  private BufferAllocator memory;

  @BeforeEach
  void openMemory() {
    memory = new RootAllocator();
  }

  @AfterEach
  void nothingIsLeft() {
    memory.close();
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void bothLanguagesAgreeThroughOurDaemon(Door door) throws Exception {
    try (var daemon = new OurDaemon(directory.resolve("ours"), MEMORY_BYTES)) {
      exchange(daemon.socket(), door.address(daemon));
    }
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void bothLanguagesAgreeThroughTheOfficialDaemon(Door door) throws Exception {
    try (var daemon = new OfficialDaemon(directory.resolve("official"), MEMORY_BYTES)) {
      exchange(daemon.socket(), door.address(daemon));
    }
  }

  /// @param socket what Python connects to
  /// @param address what Java connects to
  private void exchange(Path socket, Address address) throws Exception {
    try (Client writer = Vinery.connect(address, ConnectOptions.DEFAULT);
        Client reader = Vinery.connect(address, ConnectOptions.DEFAULT);
        BufferAllocator views = new RootAllocator();
        var _ = ArrowMemory.accountTo(reader, views)) {
      javaGetsWhatPythonPuts(reader, socket);
      othersGetWhatJavaPuts(writer, reader, socket);
    }
  }

  private void javaGetsWhatPythonPuts(Client client, Path socket) throws Exception {
    Path folder = Files.createTempDirectory(directory, "python");
    int number = 0;
    for (String name : PythonProcess.run("arrow_make.py", socket, folder)) {
      ObjectId id = client.getName("arrow/python/" + name);
      if (name.startsWith("opaque")) {
        assertThat(client.get(id)).as(name).isInstanceOf(VineryObject.class);
        number++;
        continue;
      }
      List<List<String>> wanted = read(folder.resolve(number++ + ".arrow"));
      try (ArrowTable got = ArrowContents.table(client.get(id))) {
        assertThat(ArrowContents.columns(got)).as(name).isEqualTo(wanted);
        assertThat(got.isPolars()).as(name).isEqualTo(name.startsWith("polars"));
        if (name.equals("table")) {
          assertThat(got.schema().getCustomMetadata()).containsEntry("made by", "Python ü");
        }
      }
    }
    assertThat(number).isGreaterThan(100);
  }

  private void othersGetWhatJavaPuts(Client writer, Client reader, Path socket) throws Exception {
    Path folder = Files.createTempDirectory(directory, "java");
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, Object> value : values().entrySet()) {
      int number = names.size();
      names.add(value.getKey());
      ObjectId id = writer.put(value.getValue(), "arrow/java/" + number);
      try (ArrowTable put = ArrowContents.table(value.getValue())) {
        ArrowFiles.write(put, folder.resolve(number + ".arrow"));
        try (ArrowTable got = ArrowContents.table(reader.get(id))) {
          assertThat(ArrowContents.columns(got))
              .as(value.getKey())
              .isEqualTo(ArrowContents.columns(put));
        }
      }
    }
    var unread = new TreeSet<String>();
    List<String> differing = new ArrayList<>();
    for (String line : PythonProcess.run("arrow_check.py", socket, folder)) {
      String name = names.get(Integer.parseInt(line.substring(0, line.indexOf('\t'))));
      if (isUnreadableInPython(name)) {
        unread.add(name);
      } else {
        differing.add(name + line.substring(line.indexOf('\t')));
      }
    }
    assertThat(differing).as("what Python got otherwise").isEmpty();
    assertThat(unread)
        .as("a newer client may read more: then take it from the list")
        .containsExactlyInAnyOrderElementsOf(
            names.stream().filter(ArrowInteropTest::isUnreadableInPython).toList());
  }

  private static boolean isUnreadableInPython(String name) {
    return UNREADABLE_IN_PYTHON.stream().anyMatch(name::startsWith);
  }

  /// Vectors of every type, and tables of those that Python reads.
  private Map<String, Object> values() {
    var values = new LinkedHashMap<String, Object>(Samples.all(memory));
    for (int rows : new int[] {0, 1, 20}) {
      List<FieldVector> columns = new ArrayList<>();
      List<FieldVector> more = new ArrayList<>();
      Samples.all(memory)
          .forEach((name, vector) -> {
            boolean fits = vector.getValueCount() == rows && !isUnreadableInPython(name);
            (fits ? columns : more).add(vector);
          });
      more.forEach(FieldVector::close);
      var batch = new VectorSchemaRoot(columns);
      batch.setRowCount(rows);
      values.put("batch of " + rows, batch);
    }
    VectorSchemaRoot first = plain(7);
    values.put("table", ArrowTable.of(first.getSchema(), List.of(first, plain(1), plain(9))));
    values.put("table for polars", ArrowTable.of(forPolars()).asPolars());
    return values;
  }

  private VectorSchemaRoot plain(int rows) {
    return batch(rows, Samples.flatTypes());
  }

  /// Polars makes milliseconds of seconds, and bytes of any width of those of one width.
  private VectorSchemaRoot forPolars() {
    return batch(
        5,
        Samples.flatTypes().stream()
            .filter(type -> !type.toString().contains("(SECOND"))
            .filter(type -> !(type instanceof ArrowType.FixedSizeBinary))
            .toList());
  }

  private VectorSchemaRoot batch(int rows, List<ArrowType> types) {
    List<FieldVector> columns = new ArrayList<>();
    types.stream()
        .filter(type -> !isUnreadableInPython(type.toString()))
        .forEach(type -> columns.add(Samples.flat("c" + columns.size(), type, rows, true, memory)));
    var batch = new VectorSchemaRoot(columns);
    batch.setRowCount(rows);
    return batch;
  }

  private List<List<String>> read(Path file) throws IOException {
    try (ArrowTable table = ArrowFiles.read(file, memory)) {
      return ArrowContents.columns(table);
    }
  }
}
