package dev.vinery.arrow;

import dev.vinery.client.Draft;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;

/// [Schema] as `vineyard::SchemaProxy`: Arrow's own schema message, as a list of numbers in JSON.
final class SchemaCodec {
  static final String TYPE_NAME = "vineyard::SchemaProxy";

  private static final String BINARY = "schema_binary_";
  private static final String BYTES = "bytes";

  /// What an older client stored instead.
  private static final String BUFFER = "buffer_";

  /// What stands in front of the length of a message, but for very old ones.
  private static final int CONTINUATION = 0xFFFFFFFF;

  private static final KnownSchemas KNOWN = new KnownSchemas();

  private SchemaCodec() {}

  /// @throws IllegalArgumentException if a field is of a type that has no layout
  static Draft.OfObject draft(Schema schema) {
    byte[] message = asStored(schema).serializeAsMessage();
    List<Json> numbers = new ArrayList<>(message.length);
    for (byte each : message) {
      numbers.add(Json.Whole.signed(Byte.toUnsignedInt(each)));
    }
    return Draft.object(TYPE_NAME)
        .putStructured(BINARY, Json.Fields.of(Map.of(BYTES, new Json.Items(numbers))))
        .put(Metadata.SIZE_BYTES, message.length)
        .build();
  }

  /// The schema with offsets of 64 bits, which are what is stored.
  static Schema asStored(Schema schema) {
    return new Schema(
        schema.getFields().stream().map(field -> asStored(field, field.getName())).toList(),
        schema.getCustomMetadata());
  }

  private static Field asStored(Field field, String name) {
    VectorDrafts.requireLayout(field);
    ArrowType type =
        switch (field.getType()) {
          case ArrowType.Utf8 _ -> ArrowType.LargeUtf8.INSTANCE;
          case ArrowType.Binary _ -> ArrowType.LargeBinary.INSTANCE;
          case ArrowType.List _ -> ArrowType.LargeList.INSTANCE;
          case ArrowType other -> other;
        };
    return new Field(
        name,
        new FieldType(field.isNullable(), type, null, field.getMetadata()),
        field.getChildren().stream().map(child -> asStored(child, VectorDrafts.ITEM)).toList());
  }

  static Schema read(VineryObject object) {
    if (object.findMember(BUFFER).isPresent()) {
      return decode(object, object.member(BUFFER).segment().toArray(ValueLayout.JAVA_BYTE));
    }
    String text = object.metadata().text(BINARY);
    Schema known = KNOWN.find(text);
    if (known != null) {
      return known;
    }
    Schema schema = decode(object, message(object));
    KNOWN.remember(text, schema);
    return schema;
  }

  private static Schema decode(VineryObject object, byte[] message) {
    requireWhole(object, message);
    try (var channel = new ReadChannel(new ByteArrayReadableSeekableByteChannel(message))) {
      Schema schema = MessageSerializer.deserializeSchema(channel);
      schema.getFields().forEach(SchemaCodec::requirePlain);
      return schema;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // Arrow trusts these bytes: wrong ones end in any of its or the JDK's exceptions.
      throw Layout.wrong(object, "field '" + BINARY + "' is no schema: " + e.getMessage());
    }
  }

  /// Checks the length in front, by which Arrow allocates memory.
  private static void requireWhole(VineryObject object, byte[] message) {
    var buffer = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    long said = buffer.remaining() < 2 * Integer.BYTES ? -1 : buffer.getInt();
    if (said == CONTINUATION && buffer.capacity() >= 2 * Integer.BYTES) {
      said = buffer.getInt();
    }
    if (said < 0 || said > buffer.remaining()) {
      throw Layout.wrong(
          object,
          "field '%s' has %d bytes and says that it has %d"
              .formatted(BINARY, message.length, said));
    }
  }

  private static void requirePlain(Field field) {
    if (field.getName() == null) {
      throw new IllegalArgumentException("a field has no name");
    }
    field.getChildren().forEach(SchemaCodec::requirePlain);
  }

  private static byte[] message(VineryObject object) {
    if (object.metadata().structured(BINARY) instanceof Json.Fields fields
        && fields.find(BYTES) instanceof Json.Items(var numbers)) {
      var bytes = ByteBuffer.allocate(numbers.size());
      for (Json number : numbers) {
        if (!(number instanceof Json.Whole(var value, _)) || value < 0 || value > 0xFF) {
          throw Layout.wrong(object, "field '" + BINARY + "' holds " + number + " for a byte");
        }
        bytes.put((byte) value);
      }
      return bytes.array();
    }
    throw Layout.wrong(object, "field '" + BINARY + "' is no list of bytes");
  }
}
