package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.types.DataFrame;
import dev.vinery.types.ElementType;
import dev.vinery.types.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vinery put`: makes an object of a file.
@Command(
    name = "put",
    description = {
      "Puts a file into shared memory and prints the id of the object.",
      "A file that ends in .csv or .tsv becomes a table: it needs a header; a column whose values"
          + " are all whole numbers, numbers or booleans becomes one of these, any other holds"
          + " strings; empty fields, NA, NaN, null and None are missing. A file that ends in"
          + " .npy becomes the array that NumPy wrote, one that ends in .parquet, .arrow, .arrows,"
          + " .ipc or .feather an Arrow table; any other file an array of bytes."
    },
    mixinStandardHelpOptions = true,
    footer = {"%nExamples:", "  vinery put flights.csv --name flights", "  vinery put picture.png"})
final class PutCommand implements Callable<Integer> {
  /// What a file is put as.
  enum Format {
    CSV,
    TSV,
    NPY,
    ARROW,
    PARQUET,
    BYTES
  }

  private static final List<String> ARROW_SUFFIXES =
      List.of(".arrow", ".arrows", ".ipc", ".feather");

  private final Console console;
  private final Target target;

  @Parameters(paramLabel = "FILE", description = "The file to put.")
  private Path file = Path.of("");

  @Mixin private final NameOption name = new NameOption();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}. Default: what the end of the file's name says.")
  private Optional<Format> format = Optional.empty();

  @Option(
      names = "--roomiest",
      description =
          "Put it to the daemon of the cluster that has the most room, and persist it, so that all"
              + " find it.")
  private boolean roomiest;

  @Option(names = "--json", description = "For programs: an object, sizes in bytes.")
  private boolean json;

  PutCommand(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  @Override
  public Integer call() {
    // First, because reading a large file takes longer than to see that nobody wants it.
    try (Client client = connect();
        Arena arena = Arena.ofShared()) {
      requireFile();
      Object value =
          switch (format.orElseGet(this::guessed)) {
            case CSV -> table(',');
            case TSV -> table('\t');
            case NPY -> NpyFile.read(file, map(arena));
            case ARROW -> ArrowView.read(file);
            case PARQUET -> ArrowView.readParquet(file);
            case BYTES -> bytes(arena);
          };
      ObjectId id = put(client, value);
      tell(client.getMetadata(id), value);
    }
    return ExitStatus.DONE;
  }

  private Client connect() {
    Client client = target.connect();
    if (!roomiest) {
      return client;
    }
    try (client) {
      return client.connectToRoomiest();
    }
  }

  private void requireFile() {
    if (!Files.exists(file)) {
      throw new FileException("there is no file " + file);
    }
    if (!Files.isRegularFile(file)) {
      throw new FileException(file + " is no plain file");
    }
    if (!Files.isReadable(file)) {
      throw new FileException("permission denied: " + file);
    }
  }

  private Format guessed() {
    String lower = file.toString().toLowerCase(Locale.ROOT);
    if (lower.endsWith(".csv")) {
      return Format.CSV;
    }
    if (lower.endsWith(".npy")) {
      return Format.NPY;
    }
    if (lower.endsWith(".parquet")) {
      return Format.PARQUET;
    }
    if (ARROW_SUFFIXES.stream().anyMatch(lower::endsWith)) {
      return Format.ARROW;
    }
    return lower.endsWith(".tsv") ? Format.TSV : Format.BYTES;
  }

  private DataFrame table(char separator) {
    var rows = new AtomicLong();
    try (var _ =
        Progress.begin(console, () -> "reading %s: %,d rows".formatted(file, rows.get()))) {
      return CsvTable.read(file, separator, rows);
    }
  }

  private Tensor bytes(Arena arena) {
    MemorySegment bytes = map(arena);
    return Tensor.of(ElementType.UINT8, List.of(bytes.byteSize()), bytes);
  }

  private MemorySegment map(Arena arena) {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw new FileException(file + " cannot be read: " + ErrorText.of(e), e);
    }
  }

  private ObjectId put(Client client, Object value) {
    try (var _ = Progress.begin(console, () -> "putting " + file + target.transfers().text())) {
      ObjectId id =
          name.given().map(given -> client.put(value, given)).orElseGet(() -> client.put(value));
      if (roomiest && name.given().isEmpty()) {
        client.persist(id);
      }
      return id;
    }
  }

  private void tell(Metadata metadata, Object value) {
    long sizeBytes = Footprint.of(metadata).bytes();
    if (json) {
      var fields = new LinkedHashMap<String, Json>();
      fields.put("id", new Json.Text(metadata.id().toString()));
      name.given().ifPresent(given -> fields.put("name", new Json.Text(given)));
      fields.put("typeName", new Json.Text(metadata.typeName()));
      fields.put("sizeBytes", Json.Whole.signed(sizeBytes));
      console.out().println(JsonText.print(Json.Fields.of(fields)));
      return;
    }
    String shape =
        value instanceof DataFrame frame
            ? "%d rows x %d columns, ".formatted(frame.rowCount(), frame.columnCount())
            : "";
    console.out().println(metadata.id());
    if (console.errIsTerminal()) {
      console.err().println(metadata.typeName() + ", " + shape + ByteSize.print(sizeBytes));
    }
  }
}
