package dev.vinery.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.arrow.ArrowFiles;
import dev.vinery.arrow.ArrowTable;
import dev.vinery.arrow.ArrowText;
import dev.vinery.arrow.BatchReader;
import dev.vinery.arrow.DataFrameStream;
import dev.vinery.arrow.RowRange;
import dev.vinery.client.Client;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.io.Drivers;
import dev.vinery.io.OpenedStream;
import dev.vinery.orc.OrcFormat;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StreamFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// ORC files of pyarrow read here, and those written here read by pyarrow.
final class OrcInteropTest {
  private static final int ROWS = 40_000;

  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon(256 << 20);

  @TempDir private static Path directory;

  private final OrcFormat orc = new OrcFormat();

  @BeforeAll
  static void make() throws Exception {
    PythonProcess.run("orc_files.py", "make", directory);
  }

  private static Path made() {
    return directory.resolve("made.orc");
  }

  /// The texts of all elements of one column.
  private static List<String> column(ArrowTable table, int number) {
    List<String> texts = new ArrayList<>();
    for (VectorSchemaRoot batch : table.batches()) {
      for (int row = 0; row < batch.getRowCount(); row++) {
        texts.add(ArrowText.element(batch.getVector(number), row));
      }
    }
    return texts;
  }

  @Test
  void whatPyarrowWritesIsReadAndWrittenForIt() throws Exception {
    Path arrow = directory.resolve("made.arrow");
    Path back = directory.resolve("back.orc");
    try (BufferAllocator memory = new RootAllocator();
        ArrowTable wanted = ArrowFiles.read(arrow, memory);
        ArrowTable got = orc.read(made(), memory)) {
      assertThat(got.schema().getFields()).hasSameSizeAs(wanted.schema().getFields());
      for (int i = 0; i < wanted.schema().getFields().size(); i++) {
        assertThat(column(got, i).equals(column(wanted, i)))
            .as("column %s is the same", wanted.schema().getFields().get(i))
            .isTrue();
      }
      orc.write(got, back);
    }
    assertThat(PythonProcess.run("orc_files.py", "check", back, arrow)).isEmpty();
  }

  @Test
  void workersShareTheStripesOfAFile() throws Exception {
    assertThat(orc.groups(made())).hasSizeGreaterThan(2);
    assertThat(orc.groups(made()).getLast().to()).isEqualTo(ROWS);
    List<Object> found = new ArrayList<>();
    try (Client client = DAEMON.connect();
        OpenedStream stream =
            Drivers.of(client).open(made().toString(), Map.of("num_workers", "3"))) {
      assertThat(stream.parts()).hasSize(3);
      for (ObjectId part : stream.parts()) {
        List<Object> some = ints(client, part);
        assertThat(some).isNotEmpty();
        found.addAll(some);
      }
      stream.join();
    }
    assertThat(found).hasSize(ROWS);
    for (int i = 0; i < ROWS; i++) {
      assertThat(found.get(i)).isEqualTo(i % 7 == 3 ? null : -i);
    }
  }

  private static List<Object> ints(Client client, ObjectId stream) throws IOException {
    List<Object> found = new ArrayList<>();
    try (BufferAllocator memory = new RootAllocator();
        BatchReader reader = client.get(stream, DataFrameStream.class).read(client, memory)) {
      while (reader.loadNextBatch()) {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        for (int row = 0; row < root.getRowCount(); row++) {
          found.add(root.getVector("int").getObject(row));
        }
      }
    }
    return found;
  }

  @Test
  void anyRangeOfRowsIsRead() throws Exception {
    try (BufferAllocator memory = new RootAllocator();
        var rows = orc.open(made(), memory, 4096, new RowRange(9_998, 20_000))) {
      int count = 0;
      while (rows.loadNextBatch()) {
        VectorSchemaRoot root = rows.getVectorSchemaRoot();
        if (count == 0) {
          assertThat(root.getVector("int").getObject(0)).isEqualTo(-9_998);
        }
        count += root.getRowCount();
      }
      assertThat(count).isEqualTo(10_002);
    }
  }

  @Test
  void aTruncatedFileFailsTheStreamForBothEnds() throws Exception {
    byte[] bytes = Files.readAllBytes(made());
    Path cut = Files.write(directory.resolve("cut.orc"), Arrays.copyOf(bytes, bytes.length - 1000));
    try (Client client = DAEMON.connect();
        OpenedStream stream = Drivers.of(client).open(cut.toString(), Map.of())) {
      assertThatThrownBy(() -> ints(client, stream.id()))
          .isInstanceOf(StreamFailedException.class)
          .hasMessageContaining(cut + ": it is damaged");
      assertThatThrownBy(stream::join)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(cut + ": it is damaged");
      stream.drop();
      assertThat(client.streams().list()).isEmpty();
    }
  }
}
