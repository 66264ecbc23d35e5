package dev.vinery.arrow;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.vinery.client.StreamWriter;
import dev.vinery.client.VineryObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageMetadataResult;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/// A chunk that is a whole stream of Arrow's own format: the schema, dictionaries if there are any,
/// and one batch, or more.
///
/// ```
/// int32   -1; older writers leave it out
/// int32   length of the metadata in bytes; 0 at the end of the stream
/// bytes   the metadata, a flat buffer, which says how long the body is
/// bytes   the body
/// ```
///
/// Metadata is copied before it is read; bodies are read where they lie.
final class IpcChunk implements BatchChunk {
  private static final ValueLayout.OfInt INT32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int CONTINUATION = -1;

  private final VineryObject chunk;
  private final MemorySegment bytes;
  private final Lease lease;
  private final Schema schema;
  private long position;

  private IpcChunk(VineryObject chunk, BufferAllocator memory) throws IOException {
    this.chunk = chunk;
    this.bytes = chunk.segment();
    this.lease = new Lease(chunk, memory);
    this.schema = readSchema();
  }

  /// Takes over a chunk.
  ///
  /// @throws IOException if it is something else
  static BatchChunk open(VineryObject chunk, BufferAllocator memory) throws IOException {
    boolean opened = false;
    try {
      var open = new IpcChunk(chunk, memory);
      opened = true;
      return open;
    } catch (RuntimeException e) {
      throw wrong(chunk, e);
    } finally {
      if (!opened) {
        chunk.close();
      }
    }
  }

  /// Arrow trusts what it reads: wrong bytes end in any exception.
  private static IOException wrong(VineryObject chunk, RuntimeException e) {
    return new IOException("chunk " + chunk.id() + " is no stream of Arrow: " + e.getMessage(), e);
  }

  private Schema readSchema() throws IOException {
    MessageMetadataResult first = nextMessage();
    if (first == null || first.headerType() != MessageHeader.Schema) {
      throw new IOException("chunk " + chunk.id() + " is no stream of Arrow: it has no schema");
    }
    return MessageSerializer.deserializeSchema(first);
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public boolean load(BatchReader into) throws IOException {
    try {
      MessageMetadataResult message = nextMessage();
      while (message != null) {
        if (load(message, nextBody(message), into)) {
          return true;
        }
        message = nextMessage();
      }
      return false;
    } catch (RuntimeException e) {
      throw wrong(chunk, e);
    }
  }

  /// Loads what is in a message, and lets go of its body if that fails, which Arrow does not.
  ///
  /// @return whether it was a batch
  private static boolean load(MessageMetadataResult message, ArrowBuf body, BatchReader into)
      throws IOException {
    boolean whole = false;
    try {
      switch (message.headerType()) {
        case MessageHeader.RecordBatch -> {
          try (var batch = MessageSerializer.deserializeRecordBatch(message, body)) {
            requirePlausible(batch);
            into.load(batch);
          }
        }
        case MessageHeader.DictionaryBatch -> {
          try (var dictionary = MessageSerializer.deserializeDictionaryBatch(message, body)) {
            requirePlausible(dictionary.getDictionary());
            into.load(dictionary);
          }
        }
        default -> body.close();
      }
      whole = true;
      return message.headerType() == MessageHeader.RecordBatch;
    } finally {
      if (!whole) {
        into.clear();
        ReferenceManager uses = body.getReferenceManager();
        if (uses.getRefCount() > 0) {
          uses.release(uses.getRefCount());
        }
      }
    }
  }

  /// Checks the numbers by which Arrow allocates memory: an element takes a bit at least, unless it
  /// is compressed, and a batch has as many rows as its first column.
  private static void requirePlausible(ArrowRecordBatch batch) {
    List<ArrowFieldNode> columns = batch.getNodes();
    if (!columns.isEmpty() && columns.getFirst().getLength() != batch.getLength()) {
      throw new IllegalArgumentException(
          "a batch of %d rows has a column of %d elements"
              .formatted(batch.getLength(), columns.getFirst().getLength()));
    }
    boolean compressed =
        batch.getBodyCompression().getCodec() != NoCompressionCodec.COMPRESSION_TYPE;
    long most =
        compressed || batch.getBuffers().isEmpty()
            ? Integer.MAX_VALUE
            : Byte.SIZE * batch.computeBodyLength();
    for (ArrowFieldNode column : columns) {
      if (column.getLength() > most || column.getLength() < 0) {
        throw new IllegalArgumentException(
            "a column of %d elements where there may be %d".formatted(column.getLength(), most));
      }
    }
  }

  /// Reads the metadata of the message that comes next; null at the end.
  private @Nullable MessageMetadataResult nextMessage() {
    if (position == bytes.byteSize()) {
      return null;
    }
    int length = nextInt();
    if (length == CONTINUATION) {
      length = nextInt();
    }
    if (length == 0) {
      return null;
    }
    byte[] metadata = bytes.asSlice(position, length).toArray(JAVA_BYTE);
    position += length;
    return MessageMetadataResult.create(ByteBuffer.wrap(metadata), length);
  }

  private int nextInt() {
    int value = bytes.get(INT32, position);
    position += Integer.BYTES;
    return value;
  }

  private ArrowBuf nextBody(MessageMetadataResult message) {
    MemorySegment body = bytes.asSlice(position, message.getMessageBodyLength());
    position += body.byteSize();
    return lease.buffer(body);
  }

  @Override
  public void close() {
    lease.close();
  }

  /// Writes a batch as the next chunk of a stream, in one copy.
  ///
  /// @throws IllegalArgumentException if a column is an index into a dictionary
  static void write(VectorSchemaRoot batch, StreamWriter into) {
    batch.getSchema().getFields().forEach(IpcChunk::requirePlain);
    try (ArrowRecordBatch buffers = new VectorUnloader(batch).getRecordBatch()) {
      var length = new Length();
      write(batch.getSchema(), buffers, length);
      write(batch.getSchema(), buffers, new Memory(into.next(length.sizeBytes)));
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written to it", e);
    }
  }

  private static void requirePlain(Field field) {
    if (field.getDictionary() != null) {
      throw new IllegalArgumentException(
          "column '" + field.getName() + "' is an index into a dictionary: decode it first");
    }
    field.getChildren().forEach(IpcChunk::requirePlain);
  }

  private static void write(Schema schema, ArrowRecordBatch batch, WritableByteChannel into)
      throws IOException {
    try (var channel = new WriteChannel(into)) {
      MessageSerializer.serialize(channel, schema, IpcOption.DEFAULT);
      MessageSerializer.serialize(channel, batch, IpcOption.DEFAULT);
      ArrowStreamWriter.writeEndOfStream(channel, IpcOption.DEFAULT);
    }
  }

  /// Counts what would be written.
  private static final class Length implements WritableByteChannel {
    private long sizeBytes;

    @Override
    public int write(ByteBuffer from) {
      int part = from.remaining();
      from.position(from.limit());
      sizeBytes += part;
      return part;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  /// Writes to memory, which it fills.
  private static final class Memory implements WritableByteChannel {
    private final MemorySegment bytes;
    private long position;

    private Memory(MemorySegment bytes) {
      this.bytes = bytes;
    }

    @Override
    public int write(ByteBuffer from) {
      int part = from.remaining();
      MemorySegment.copy(MemorySegment.ofBuffer(from), 0, bytes, position, part);
      from.position(from.limit());
      position += part;
      return part;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
