package dev.vinery.io;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/// A column that reads its values from rows of text, until they are taken as a vector. Confined to
/// one thread.
sealed interface CsvColumn extends AutoCloseable permits FixedColumn, TextColumn {
  static CsvColumn of(CsvType type, CsvField field) {
    return switch (type) {
      case INT8, INT16, INT32, INT64 -> new WholeColumn(type, field);
      case FLOAT32, FLOAT64 -> new RealColumn(type, field);
      case BOOL -> new FlagColumn(field);
      case TIMESTAMP -> new TimeColumn(field);
      case TEXT -> new TextColumn(field);
    };
  }

  /// Reads the values of all rows and adds them to those that it has.
  ///
  /// @throws BadRowException if one is none of this column's
  void append(TextBlock block, CsvRows rows) throws BadRowException;

  /// The values so far, as a vector over the memory of this column: valid until the next values
  /// come.
  FieldVector vector(BufferAllocator allocator);

  /// Forgets the values.
  void clear();

  @Override
  void close();

  static FieldVector vector(
      CsvField field,
      CsvType type,
      BufferAllocator allocator,
      int count,
      int missing,
      List<ArrowBuf> buffers) {
    FieldVector vector =
        new Field(field.columnName(), FieldType.nullable(type.arrowType()), List.of())
            .createVector(allocator);
    vector.loadFieldBuffers(new ArrowFieldNode(count, missing), buffers);
    buffers.forEach(ArrowBuf::close); // the vector has its own references
    return vector;
  }
}
