package dev.vinery.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArrowFilesTest {
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

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Path file = directory.resolve("table.arrow");
    VectorSchemaRoot first = Samples.batch(20, true, memory);
    VectorSchemaRoot last = Samples.batch(3, false, memory);
    try (var table = ArrowTable.of(first.getSchema(), List.of(first, last))) {
      ArrowFiles.write(table, file);
      try (ArrowTable read = ArrowFiles.read(file, memory)) {
        assertThat(read.schema()).isEqualTo(table.schema());
        assertThat(read.toString(100)).isEqualTo(table.toString(100));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LZ4_FRAME", "ZSTD"})
  void compressedFilesAreRead(CompressionUtil.CodecType codec) throws IOException {
    Path file = directory.resolve("table.feather");
    try (VectorSchemaRoot batch = Samples.batch(500, true, memory)) {
      try (var out = new FileOutputStream(file.toFile());
          var writer =
              new ArrowFileWriter(
                  batch,
                  null,
                  out.getChannel(),
                  Map.of(),
                  IpcOption.DEFAULT,
                  CommonsCompressionFactory.INSTANCE,
                  codec)) {
        writer.writeBatch();
        writer.end();
      }
      try (ArrowTable read = ArrowFiles.read(file, memory)) {
        assertThat(read.toString(1000)).isEqualTo(ArrowTable.of(batch).toString(1000));
      }
    }
  }

  @Test
  void streamsAreReadAndDictionariesDecoded() throws IOException {
    Path file = directory.resolve("stream.arrows");
    try (VarCharVector words = words("red", "green");
        VarCharVector column = words("green", "red", "green");
        var encoded = (FieldVector) DictionaryEncoder.encode(column, dictionary(words));
        VectorSchemaRoot batch = VectorSchemaRoot.of(encoded);
        var out = new FileOutputStream(file.toFile());
        var writer =
            new ArrowStreamWriter(batch, new MapDictionaryProvider(dictionary(words)), out)) {
      batch.setRowCount(3);
      writer.writeBatch();
      writer.end();
    }

    try (ArrowTable table = ArrowFiles.read(file, memory)) {
      assertThat(table.column("colour").value(0)).isEqualTo("green");
      assertThat(table.column("colour").value(1)).isEqualTo("red");
      assertThat(table.rowCount()).isEqualTo(3);
    }
  }

  private static Dictionary dictionary(VarCharVector words) {
    return new Dictionary(words, new DictionaryEncoding(1, false, null));
  }

  private VarCharVector words(String... words) {
    var vector = new VarCharVector("colour", memory);
    vector.allocateNew();
    for (int i = 0; i < words.length; i++) {
      vector.setSafe(i, words[i].getBytes(StandardCharsets.UTF_8));
    }
    vector.setValueCount(words.length);
    return vector;
  }

  @Test
  void whatIsNoFileOfArrowIsSaidToBeNone() throws IOException {
    Path file = Files.writeString(directory.resolve("x.arrow"), "no table at all, but some text");

    assertThatThrownBy(() -> ArrowFiles.read(file, memory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("x.arrow");
  }
}
