package dev.vinery.arrow;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/// Tables in files of Arrow's own format. Needs `java.nio` of `java.base` opened to Arrow.
public final class ArrowFiles {
  private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

  /// What a stream begins with.
  private static final byte[] CONTINUATION = {-1, -1, -1, -1};

  private ArrowFiles() {}

  /// Reads a file or a stream of Arrow, compressed or not. Columns that are indexes into a
  /// dictionary are decoded.
  ///
  /// @param memory where the table will lie
  /// @return a table, which the caller closes
  /// @throws IOException if the file cannot be read, or is none of Arrow
  public static ArrowTable read(Path file, BufferAllocator memory) throws IOException {
    try (ArrowReader reader = open(file, memory)) {
      return read(reader, memory);
    } catch (RuntimeException e) {
      // Arrow trusts its files: wrong ones end in any exception.
      throw new IOException(file + " is no file of Arrow: " + e.getMessage(), e);
    }
  }

  /// Opens a file or a stream of Arrow, compressed or not, to be read batch by batch.
  ///
  /// @param memory where the batches will lie
  /// @return a reader, which the caller closes; a damaged file makes it throw any exception
  /// @throws IOException if the file cannot be read, or is none of Arrow
  public static ArrowReader open(Path file, BufferAllocator memory) throws IOException {
    byte[] start = start(file);
    boolean whole = Arrays.equals(start, MAGIC);
    if (!whole && !Arrays.equals(Arrays.copyOf(start, CONTINUATION.length), CONTINUATION)) {
      throw new IOException(file + " is no file of Arrow: it begins otherwise");
    }
    var in = new FileInputStream(file.toFile()); // closed with the reader
    return whole
        ? new ArrowFileReader(in.getChannel(), memory, CommonsCompressionFactory.INSTANCE)
        : new ArrowStreamReader(in, memory, CommonsCompressionFactory.INSTANCE);
  }

  private static byte[] start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAGIC.length);
    }
  }

  /// Reads all batches that are left in a reader.
  ///
  /// @param memory where the table will lie: that of the reader, or one with the same root
  /// @return a table, which the caller closes
  public static ArrowTable read(ArrowReader reader, BufferAllocator memory) throws IOException {
    List<VectorSchemaRoot> batches = new ArrayList<>();
    boolean complete = false;
    try {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      while (reader.loadNextBatch()) {
        batches.add(taken(root, reader, memory));
      }
      Schema schema = batches.isEmpty() ? root.getSchema() : batches.getFirst().getSchema();
      complete = true;
      return new ArrowTable(schema, batches, false);
    } finally {
      if (!complete) {
        batches.forEach(VectorSchemaRoot::close);
      }
    }
  }

  /// Takes what a reader has loaded, so that it can load the next batch. Columns that are indexes
  /// into a dictionary are decoded.
  ///
  /// @param loaded the root of the reader
  /// @param memory that of the reader, or one with the same root
  /// @return the batch, which the caller closes
  public static VectorSchemaRoot taken(
      VectorSchemaRoot loaded, ArrowReader reader, BufferAllocator memory) throws IOException {
    List<FieldVector> vectors = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (FieldVector vector : loaded.getFieldVectors()) {
      FieldVector taken;
      if (vector.getField().getDictionary() != null) {
        Dictionary dictionary =
            reader.getDictionaryVectors().get(vector.getField().getDictionary().getId());
        if (dictionary == null) {
          throw new IOException("the dictionary of column '" + vector.getName() + "' is missing");
        }
        taken = decoded(vector, dictionary, memory);
      } else {
        var transfer = vector.getTransferPair(vector.getField(), memory);
        transfer.transfer();
        taken = (FieldVector) transfer.getTo();
      }
      vectors.add(taken);
      fields.add(taken.getField());
    }
    return new VectorSchemaRoot(
        new Schema(fields, loaded.getSchema().getCustomMetadata()), vectors, loaded.getRowCount());
  }

  private static FieldVector decoded(
      FieldVector indexes, Dictionary dictionary, BufferAllocator memory) {
    try (var decoded = (FieldVector) DictionaryEncoder.decode(indexes, dictionary, memory)) {
      Field is = decoded.getField();
      var named = new Field(indexes.getName(), is.getFieldType(), is.getChildren());
      var transfer = decoded.getTransferPair(named, memory);
      transfer.transfer();
      return (FieldVector) transfer.getTo();
    }
  }

  /// Writes a file, in place of one that there may be.
  public static void write(ArrowTable table, Path file) throws IOException {
    try (ArrowReader reader = new TableReader(table, table.allocator())) {
      write(reader, file);
    }
  }

  /// Writes all batches of a reader, which stays the caller's, to a file, in place of one that
  /// there may be.
  public static void write(ArrowReader batches, Path file) throws IOException {
    VectorSchemaRoot root = batches.getVectorSchemaRoot();
    try (var out = new FileOutputStream(file.toFile());
        var writer = new ArrowFileWriter(root, batches, out.getChannel())) {
      writer.start();
      while (batches.loadNextBatch()) {
        writer.writeBatch();
      }
      writer.end();
    }
  }
}
