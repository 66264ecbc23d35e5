package dev.vinery.orc;

import dev.vinery.arrow.RowRange;
import dev.vinery.arrow.TableFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.hadoop.conf.Configuration;
import org.apache.orc.CompressionKind;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.orc.StripeInformation;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;

/// ORC files, read and written by ORC's own library. Safe for use by several threads.
///
/// Read, time stamps are nanoseconds. Written, numbers without a sign get the next longer type, and
/// a column of a type that ORC has not, such as a time of day, is refused.
public final class OrcFormat implements TableFormat {
  private static final byte[] MAGIC = "ORC".getBytes(StandardCharsets.US_ASCII);

  /// Rows that the library is given at once.
  private static final int STEP_ROWS = 1024;

  /// A format without settings.
  public OrcFormat() {}

  @Override
  public String suffix() {
    return ".orc";
  }

  @Override
  public ArrowReader open(Path file, BufferAllocator memory, int batchRows, RowRange rows)
      throws IOException {
    Reader reader = reader(file);
    return OrcRows.open(reader, rows.within(reader.getNumberOfRows()), memory, batchRows);
  }

  /// {@inheritDoc}
  ///
  /// These are the file's stripes.
  @Override
  public List<RowRange> groups(Path file) throws IOException {
    List<RowRange> groups = new ArrayList<>();
    try (Reader reader = reader(file)) {
      long from = 0;
      for (StripeInformation stripe : reader.getStripes()) {
        groups.add(new RowRange(from, from + stripe.getNumberOfRows()));
        from += stripe.getNumberOfRows();
      }
    }
    return groups;
  }

  private static Reader reader(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw new IOException("it is no ORC file: it begins otherwise");
      }
    }
    Configuration settings = settings();
    try {
      return OrcFile.createReader(
          OneFile.NAME,
          OrcFile.readerOptions(settings)
              .filesystem(new OneFile(file, settings))
              .useUTCTimestamp(true));
    } catch (IOException | RuntimeException e) {
      throw new IOException("it is damaged: " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason was given");
  }

  /// Those of the library alone, without files that would have to be looked for.
  private static Configuration settings() {
    return new Configuration(false);
  }

  @Override
  public void write(ArrowReader batches, BufferAllocator memory, Path file) throws IOException {
    VectorSchemaRoot root = batches.getVectorSchemaRoot();
    TypeDescription type = OrcTypes.toOrc(root.getSchema());
    Configuration settings = settings();
    var options =
        OrcFile.writerOptions(settings)
            .fileSystem(new OneFile(file, settings))
            .setSchema(type)
            .compress(CompressionKind.ZSTD)
            .useUTCTimestamp(true)
            .overwrite(true);
    try (Writer writer = OrcFile.createWriter(OneFile.NAME, options)) {
      VectorizedRowBatch step = type.createRowBatch(STEP_ROWS);
      while (batches.loadNextBatch()) {
        write(root, step, writer);
      }
    }
  }

  private static void write(VectorSchemaRoot root, VectorizedRowBatch step, Writer writer)
      throws IOException {
    List<FieldVector> columns = root.getFieldVectors();
    for (int from = 0; from < root.getRowCount(); from += STEP_ROWS) {
      step.reset();
      step.size = Math.min(STEP_ROWS, root.getRowCount() - from);
      for (int column = 0; column < columns.size(); column++) {
        for (int row = 0; row < step.size; row++) {
          OrcValues.copy(columns.get(column), from + row, step.cols[column], row);
        }
      }
      writer.addRowBatch(step);
    }
  }
}
