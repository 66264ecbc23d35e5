package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.client.VineryObject;
import dev.vinery.types.DataFrame;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The second process of the demonstration: gets a table by its name and looks at it in place.
@Command(name = "demo-reader", hidden = true, description = "Reads what the demonstration put.")
final class DemoReader implements Callable<Integer> {
  private static final long SHOWN_ROWS = 5;
  private static final Path MAPPINGS = Path.of("/proc/self/maps");

  private final Console console;
  private final Target target;

  @Parameters(paramLabel = "NAME", description = "The table's name.")
  private String name = "";

  @Option(names = "--figures", required = true, description = "Where to write what was found.")
  private Path figures = Path.of("");

  DemoReader(Console console, Target target) {
    this.console = console;
    this.target = target;
  }

  @Override
  public Integer call() throws IOException {
    var out = console.out();
    try (Client client = target.connect();
        VineryObject object = client.getObject(client.getName(name));
        DataFrame frame = object.value(DataFrame.class)) {
      out.printf(
          "   %s, %d rows x %d columns, %s%n",
          object.typeName(),
          frame.rowCount(),
          frame.columnCount(),
          ByteSize.print(Footprint.of(object.metadata()).bytes()));
      MemorySegment values = frame.tensor(DemoFigures.MEASURED.getFirst()).values();
      mappingOf(values.address())
          .ifPresent(mapping -> out.printf("   in place, nothing copied: %s%n", mapping));
      out.println();
      FrameTable.print(frame, SHOWN_ROWS, console);
      out.println();
      DemoFigures found = DemoFigures.of(frame);
      print(found);
      found.write(figures);
    }
    return ExitStatus.DONE;
  }

  private void print(DemoFigures found) {
    List<TextTable.Column> headings = new ArrayList<>();
    headings.add(TextTable.Column.text("mean by " + DemoFigures.GROUP));
    DemoFigures.MEASURED.forEach(column -> headings.add(TextTable.Column.number(column)));
    var table = new TextTable(headings);
    found
        .means()
        .forEach((group, means) -> {
          List<String> cells = new ArrayList<>(List.of(group));
          means.forEach(mean -> cells.add("%.3f".formatted(mean)));
          table.row(cells);
        });
    table.print(console.out(), console.columns());
  }

  /// What the kernel says of the memory at an address: which file it is of, and who may do what.
  private static Optional<String> mappingOf(long address) throws IOException {
    for (String line : Files.readAllLines(MAPPINGS)) {
      String[] fields = line.split(" +", 6);
      String[] range = fields[0].split("-", 2);
      if (fields.length == 6
          && Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), address) <= 0
          && Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0) {
        return Optional.of(
            "%s is mapped %s".formatted(fields[5].replace(" (deleted)", ""), rights(fields[1])));
      }
    }
    return Optional.empty();
  }

  private static String rights(String flags) {
    return (flags.contains("w") ? "writable" : "read-only")
        + (flags.contains("s") ? " and shared" : " and private");
  }
}
