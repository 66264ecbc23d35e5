package dev.vinery.io;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import dev.vinery.client.Client;
import dev.vinery.client.Draft;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ProtocolException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// Whole objects in directories, as the official `vineyard.io.serialize` writes them and
/// `deserialize` reads them.
///
/// ```
/// 1-0/                    the first of one part
///   metadata.json         of the object: its fields, and its type name as __typename
///   NAME/                 a member
///     metadata.json
///     NAME/blob           a blob, compressed by zstd
///     NAME/blob.meta.json its length, and how it is compressed
/// ```
public final class ObjectFiles {
  private static final String PART = "1-0";
  private static final String METADATA = "metadata.json";
  private static final String BLOB = "blob";
  private static final String BLOB_METADATA = "blob.meta.json";
  private static final String STORED_TYPE = "__typename";
  private static final String PATH = "__path";
  private static final String IS_GLOBAL = "__global";
  private static final String MEMBERS = "__streams";
  private static final String OPTIONS = "__options";
  private static final String METHOD = "compression_method";
  private static final String ZSTD = "zstd";

  /// What belongs to the place where an object was, and not to the object.
  private static final Set<String> OF_THE_PLACE =
      Set.of(
          Metadata.ID,
          Metadata.TYPE_NAME,
          Metadata.INSTANCE_ID,
          Metadata.SIGNATURE,
          Metadata.TRANSIENT,
          Metadata.GLOBAL,
          Metadata.CREATED_MILLIS,
          Metadata.NAME,
          Metadata.LABELS,
          STORED_TYPE,
          PATH,
          IS_GLOBAL,
          MEMBERS);

  /// Longest blob that is compressed, in bytes: a longer one would not fit into an array.
  private static final long MAX_COMPRESSED_BYTES = 1 << 30;

  /// Bytes that are written at a time.
  private static final long WRITE_BYTES = 1 << 20;

  private final Client client;

  /// @param client stays the caller's
  public ObjectFiles(Client client) {
    this.client = client;
  }

  /// Writes an object with all that it consists of to a directory that is not there yet.
  ///
  /// @throws IOException if it is there, or cannot be written; then nothing is left
  public void save(ObjectId id, Path directory) throws IOException {
    if (Files.exists(directory)) {
      throw new IOException(directory + ": it exists already");
    }
    Path parent = directory.toAbsolutePath().getParent();
    Path partial = Files.createTempDirectory(parent, "." + directory.getFileName() + ".");
    boolean complete = false;
    try (VineryObject object = client.getObject(id)) {
      write(object, partial.resolve(PART), "");
      Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
      complete = true;
    } catch (IOException e) {
      throw Failures.in(directory.toString(), e);
    } finally {
      if (!complete) {
        delete(partial);
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(directory)) {
      paths = all.toList();
    }
    for (Path path : paths.reversed()) {
      Files.delete(path);
    }
  }

  /// @param name of the directory within the part
  private static void write(VineryObject object, Path directory, String name) throws IOException {
    Files.createDirectories(directory);
    if (object.isBlob()) {
      writeBlob(object.segment(), directory, name.isEmpty() ? BLOB : name + "/" + BLOB);
      return;
    }
    Map<String, VineryObject> members = object.members();
    var fields = new LinkedHashMap<String, Json>();
    fields.put(STORED_TYPE, new Json.Text(object.typeName()));
    fields.put(IS_GLOBAL, new Json.Flag(object.metadata().isGlobal()));
    fields.put(PATH, new Json.Text(name));
    object
        .metadata()
        .fields()
        .values()
        .forEach((field, value) -> {
          if (!OF_THE_PLACE.contains(field) && !members.containsKey(field)) {
            fields.put(field, value);
          }
        });
    print(Json.Fields.of(fields), directory.resolve(METADATA));
    for (Map.Entry<String, VineryObject> member : members.entrySet()) {
      if (member.getValue().isLocal()) {
        String below = name.isEmpty() ? member.getKey() : name + "/" + member.getKey();
        write(member.getValue(), directory.resolve(member.getKey()), below);
      }
    }
  }

  private static void print(Json json, Path file) throws IOException {
    Files.writeString(file, JsonText.print(json), StandardCharsets.UTF_8);
  }

  private static void writeBlob(MemorySegment bytes, Path directory, String name)
      throws IOException {
    boolean compressed = bytes.byteSize() > 0 && bytes.byteSize() <= MAX_COMPRESSED_BYTES;
    MemorySegment written =
        compressed
            ? MemorySegment.ofArray(Zstd.compress(bytes.toArray(ValueLayout.JAVA_BYTE)))
            : bytes;
    try (var channel =
        FileChannel.open(
            directory.resolve(BLOB), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < written.byteSize(); at += WRITE_BYTES) {
        ByteBuffer part =
            written.asSlice(at, Math.min(WRITE_BYTES, written.byteSize() - at)).asByteBuffer();
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
    }
    Map<String, Json> options = compressed ? Map.of(METHOD, new Json.Text(ZSTD)) : Map.of();
    print(
        Json.Fields.of(
            Map.of(
                OPTIONS,
                new Json.Text(JsonText.print(Json.Fields.of(options))),
                PATH,
                new Json.Text(name),
                Metadata.LENGTH,
                Json.Whole.signed(bytes.byteSize()))),
        directory.resolve(BLOB_METADATA));
  }

  /// Stores the object that a directory holds, and persists it.
  ///
  /// @return the id of the new object
  /// @throws IOException if there is none, or it is damaged; then nothing is stored
  public ObjectId load(Path directory) throws IOException {
    Path part = directory.resolve(PART);
    if (!Files.isDirectory(part)) {
      throw new IOException(directory + ": it holds no object of one part: there is no " + PART);
    }
    List<ObjectId> stored = new ArrayList<>();
    boolean complete = false;
    try {
      ObjectId id = client.create(read(part, stored));
      stored.add(id);
      client.persist(id);
      complete = true;
      return id;
    } catch (UncheckedIOException e) {
      throw Failures.in(directory.toString(), Objects.requireNonNull(e.getCause()));
    } catch (ProtocolException e) {
      throw new IOException(directory + ": its metadata is damaged: " + e.getMessage(), e);
    } finally {
      if (!complete) {
        client.delete(stored.reversed());
      }
    }
  }

  /// @param stored members of global objects, which must be persisted before these are made
  private Draft read(Path directory, List<ObjectId> stored) throws IOException {
    Path metadata = directory.resolve(METADATA);
    if (!Files.exists(metadata)) {
      return readBlob(directory);
    }
    Json.Fields fields = parse(metadata);
    boolean global = fields.flag(IS_GLOBAL, false);
    var draft = Draft.object(fields.text(STORED_TYPE)).put(Metadata.GLOBAL, global);
    fields
        .values()
        .forEach((name, value) -> {
          if (!OF_THE_PLACE.contains(name)) {
            draft.put(name, value);
          }
        });
    List<Path> members;
    try (Stream<Path> entries = Files.list(directory)) {
      members = entries.filter(Files::isDirectory).sorted().toList();
    }
    for (Path member : members) {
      Draft part = read(member, stored);
      if (global) {
        ObjectId id = client.create(part);
        stored.add(id);
        client.persist(id);
        part = new Draft.Existing(id);
      }
      draft.member(member.getFileName().toString(), part);
    }
    return draft.build();
  }

  private static Json.Fields parse(Path file) throws IOException {
    if (JsonText.parse(Files.readAllBytes(file)) instanceof Json.Fields fields) {
      return fields;
    }
    throw new IOException(file + ": it is no JSON object");
  }

  private static Draft readBlob(Path directory) throws IOException {
    Path file = directory.resolve(BLOB);
    Path metadata = directory.resolve(BLOB_METADATA);
    if (!Files.exists(metadata)) {
      return new Draft.OfBlob(Files.size(file), memory -> fill(memory, file, false));
    }
    Json.Fields fields = parse(metadata);
    boolean compressed =
        JsonText.parse(fields.text(OPTIONS, "{}")) instanceof Json.Fields options
            && options.text(METHOD, "").equals(ZSTD);
    return new Draft.OfBlob(
        fields.count(Metadata.LENGTH), memory -> fill(memory, file, compressed));
  }

  private static void fill(MemorySegment memory, Path file, boolean compressed) {
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = compressed ? new ZstdInputStream(raw) : raw) {
      byte[] bytes = new byte[(int) WRITE_BYTES];
      long at = 0;
      while (at < memory.byteSize()) {
        int count = in.readNBytes(bytes, 0, (int) Math.min(bytes.length, memory.byteSize() - at));
        if (count == 0) {
          throw new IOException(
              "%s: it ends after %d of %d bytes".formatted(file, at, memory.byteSize()));
        }
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at, count);
        at += count;
      }
      if (in.read() >= 0) {
        throw new IOException("%s: it is longer than %d bytes".formatted(file, at));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(Failures.in(file.toString(), e));
    }
  }
}
