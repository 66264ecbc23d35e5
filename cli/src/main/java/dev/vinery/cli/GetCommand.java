package dev.vinery.cli;

import dev.vinery.arrow.ArrowTable;
import dev.vinery.client.Client;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.ObjectId;
import dev.vinery.types.Column;
import dev.vinery.types.DataFrame;
import dev.vinery.types.GlobalDataFrame;
import dev.vinery.types.GlobalTensor;
import dev.vinery.types.Index;
import dev.vinery.types.ObjectCollection;
import dev.vinery.types.ObjectTensor;
import dev.vinery.types.Partition;
import dev.vinery.types.Series;
import dev.vinery.types.SparseColumn;
import dev.vinery.types.SparseMatrix;
import dev.vinery.types.Strings;
import dev.vinery.types.Tensor;
import dev.vinery.types.ZonedTimes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vinery get`: the value of an object.
@Command(
    name = "get",
    description = "Prints the value of an object: a table, an array, a number, a text.",
    mixinStandardHelpOptions = true,
    footer = {
      "%nExamples:",
      "  vinery get flights --limit 5",
      "  vinery get flights --json | jq -s length",
      "  vinery get flights --out flights.csv",
      "  vinery get picture --out picture.npy"
    })
final class GetCommand implements Callable<Integer> {
  /// Parts of a spread value whose contents are printed.
  private static final int SHOWN_PARTS = 10;

  private static final long DEFAULT_ROWS = 10;

  /// Bytes of a blob that are shown.
  private static final long SHOWN_BYTES = 256;

  private static final int BYTES_PER_LINE = 16;

  private final Console console;
  private final Target target;

  @Parameters(paramLabel = "NAME|ID", description = "Which object.")
  private String object = "";

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      description = {
        "How many rows or elements are printed at most; 0 is no limit.",
        "Default: 10 rows, and with --json all."
      })
  private Optional<Long> limit = Optional.empty();

  @Option(
      names = "--json",
      description = {
        "For programs: of a table a line for each row, with an object from names to values;"
            + " else the value. What is missing is null."
      })
  private boolean json;

  @Option(
      names = {"--out", "--output"},
      paramLabel = "FILE",
      description = {
        "Write the value into a file instead, as its name ends: a table into .parquet, .csv,"
            + " .arrow or .feather; an array of numbers into .npy as NumPy reads it. Into any other"
            + " go the bytes of a blob or an array, and an Arrow table as Arrow."
      })
  private Optional<Path> output = Optional.empty();

  GetCommand(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  @Override
  public Integer call() {
    limit
        .filter(given -> given < 0)
        .ifPresent(given -> {
          throw new UsageException("--limit must not be negative: " + given);
        });
    try (Client client = target.connect()) {
      ObjectId id = Reference.resolve(client, object);
      Object value = get(client, id);
      Optional<ArrowTable> arrow = ArrowView.tableOf(value);
      if (output.isPresent()) {
        ValueFile.write(value, output.get());
      } else if (arrow.isPresent()) {
        printArrow(arrow.get());
      } else if (json) {
        printJson(value);
      } else {
        print(value);
      }
    }
    return ExitStatus.DONE;
  }

  private Object get(Client client, ObjectId id) {
    try (var _ = Progress.begin(console, () -> "getting " + object + target.transfers().text())) {
      return client.get(id);
    }
  }

  private void printArrow(ArrowTable table) {
    if (json) {
      ArrowView.printJson(table, most(Long.MAX_VALUE), console);
    } else {
      ArrowView.print(table, most(DEFAULT_ROWS), console);
    }
  }

  private long most(long otherwise) {
    return limit.map(given -> given == 0 ? Long.MAX_VALUE : given).orElse(otherwise);
  }

  private void print(Object value) {
    var out = console.out();
    switch (value) {
      case DataFrame frame -> FrameTable.print(frame, most(DEFAULT_ROWS), console);
      case Tensor tensor -> out.println(tensor);
      case ObjectTensor objects ->
          objects.toString().lines().map(Text::harmless).forEach(out::println);
      case Series series -> FrameTable.print(series.toFrame(), most(DEFAULT_ROWS), console);
      case Index index -> print(index.labels());
      case SparseColumn column -> printColumn(column);
      case ZonedTimes times -> printColumn(times);
      case SparseMatrix matrix -> printMatrix(matrix);
      case GlobalTensor tensor -> printPartitions(tensor, tensor.partitions());
      case GlobalDataFrame frame -> printPartitions(frame, frame.partitions());
      case ObjectCollection collection -> printPartitions(collection, collection.partitions());
      case Strings strings -> printColumn(strings);
      case Number number -> out.println(number);
      case MemorySegment bytes -> printBytes(bytes);
      case String text -> out.println(console.outIsTerminal() ? Text.harmless(text) : text);
      case VineryObject unknown ->
          out.println(
              "%s %s: no value for this type here; vinery inspect shows what it is made of"
                  .formatted(Text.harmless(unknown.typeName()), unknown.id()));
      default ->
          out.println(Text.harmless(JsonText.print(ValueJson.of(value, most(Long.MAX_VALUE)))));
    }
  }

  private void printColumn(Column column) {
    long shown = Math.min(most(DEFAULT_ROWS), column.length());
    for (long i = 0; i < shown; i++) {
      console.out().println(Text.harmless(column.format(i)));
    }
    String kind = column instanceof Strings ? "strings" : "of " + column.elementName();
    console
        .out()
        .println("[%d %s%s]".formatted(column.length(), kind, cut(shown, column.length())));
  }

  private static String cut(long shown, long count) {
    return shown < count ? ", the first " + shown + " shown" : "";
  }

  /// Row, column and value of the elements that are stored.
  private void printMatrix(SparseMatrix matrix) {
    long stored = matrix.storedCount();
    long shown = Math.min(most(DEFAULT_ROWS), stored);
    var count = new AtomicLong();
    matrix.forEach((row, column, index) -> {
      if (count.getAndIncrement() < shown) {
        console.out().println("(%d, %d)  %s".formatted(row, column, matrix.values().format(index)));
      }
    });
    console
        .out()
        .println(
            "[%d x %d %s matrix of %s, %d stored%s]"
                .formatted(
                    matrix.rows(),
                    matrix.columns(),
                    matrix.form().name().toLowerCase(Locale.ROOT),
                    matrix.values().elementName(),
                    stored,
                    cut(shown, stored)));
  }

  /// Lists the parts, and prints the first ones of those that are here.
  private void printPartitions(Object whole, List<Partition> partitions) {
    console.out().println(Text.harmless(whole.toString()));
    int shown = 0;
    for (Partition part : partitions) {
      console.out().println("  " + Text.harmless(part.toString()));
      if (part.isLocal() && shown < SHOWN_PARTS) {
        Object value = part.value(Object.class);
        ArrowView.tableOf(value).ifPresentOrElse(this::printArrow, () -> print(value));
        shown++;
      }
    }
  }

  private void printBytes(MemorySegment bytes) {
    var hex = HexFormat.ofDelimiter(" ");
    long shown = Math.min(SHOWN_BYTES, bytes.byteSize());
    for (long at = 0; at < shown; at += BYTES_PER_LINE) {
      byte[] line =
          bytes.asSlice(at, Math.min(BYTES_PER_LINE, shown - at)).toArray(ValueLayout.JAVA_BYTE);
      console.out().println("%08x  %-47s  %s".formatted(at, hex.formatHex(line), letters(line)));
    }
    console.out().println("[" + ByteSize.print(bytes.byteSize()) + "]");
  }

  private static String letters(byte[] line) {
    var letters = new StringBuilder();
    for (byte each : line) {
      letters.append(each >= ' ' && each < 0x7F ? (char) each : '.');
    }
    return letters.toString();
  }

  private void printJson(Object value) {
    if (value instanceof DataFrame frame) {
      long rows = Math.min(most(Long.MAX_VALUE), frame.rowCount());
      for (long row = 0; row < rows; row++) {
        console.out().println(JsonText.print(ValueJson.row(frame, row)));
      }
    } else {
      console.out().println(JsonText.print(ValueJson.of(value, most(Long.MAX_VALUE))));
    }
  }
}
