package dev.vinery.benchmarks;

import dev.vinery.client.Client;
import dev.vinery.client.Vinery;
import dev.vinery.io.Drivers;
import dev.vinery.io.Meter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `IO`: a file of CSV to a finished data frame, beside other readers, and how soon the first chunk
/// of a stream is there.
final class FileLoads implements Suite {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;
  private static final int ROUNDS = 3;

  /// Each is opened so often in one process, the first time while the process is new.
  private static final int OPENINGS = 9;

  private static final Map<String, String> OPTIONS =
      Map.of("header_row", "true", "num_workers", "2");

  @Override
  public String id() {
    return "IO";
  }

  @Override
  public String title() {
    return "Files of CSV to data frames and streams, through our Java client on our daemon";
  }

  @Override
  public boolean optional() {
    return true; // it takes minutes
  }

  @Override
  public void run(SideBySide daemons, SuiteReport report) throws IOException {
    Path directory =
        Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"), "vinery-trips"));
    long sizeBytes = daemons.options().quick() ? 64 * MIB : GIB;
    Path file = TripsFile.of(directory, sizeBytes);
    try (Client client = Vinery.connect(daemons.daemon(Side.OURS).socket())) {
      report.add(frames(client, file, sizeBytes, daemons.daemon(Side.OFFICIAL)));
      client.clear();
      var first =
          new MarkdownTable(
              "first chunk of a stream of", "first in a new JVM", "then p50", "then most");
      for (long size : new long[] {MIB, 64 * MIB, sizeBytes}) {
        List<Double> millis = FirstChunk.measure(daemons, TripsFile.of(directory, size), OPENINGS);
        Spread later = Spread.of(millis.subList(1, millis.size()), each -> each);
        first.row(
            Figures.size(size),
            millis(millis.getFirst()),
            millis(later.median()),
            millis(later.max()));
      }
      report.add(first);
    }
  }

  private static String millis(double value) {
    return String.format(Locale.ROOT, "%.0f ms", value);
  }

  /// Reads the file with all readers in turn, the slowest once only.
  private static MarkdownTable frames(
      Client client, Path file, long sizeBytes, DaemonProcess official) throws IOException {
    List<Double> ours = new ArrayList<>();
    Map<CsvReader, List<Double>> others = new EnumMap<>(CsvReader.class);
    for (int round = 0; round < ROUNDS; round++) {
      long rows = addOurs(client, file, ours);
      for (CsvReader reader : CsvReader.values()) {
        if (round > 0 && reader == CsvReader.VINEYARD_IO) {
          continue;
        }
        CsvReader.Once once = reader.read(file, official);
        if (once.rows() != rows) {
          throw new IllegalStateException(
              "%s found %d rows, we %d".formatted(reader.title(), once.rows(), rows));
        }
        others.computeIfAbsent(reader, _ -> new ArrayList<>()).add(once.seconds());
      }
    }
    var table =
        new MarkdownTable(
            "CSV of trips, " + Figures.size(sizeBytes) + ", 2 workers",
            "s",
            "MB/s",
            "our speed / its");
    double own = Spread.of(ours, each -> each).median();
    row(table, "Vinery to a GlobalDataFrame", own, sizeBytes, own);
    row(table, "the same, first in a new JVM", ours.getFirst(), sizeBytes, own);
    for (CsvReader reader : CsvReader.values()) {
      double seconds = Spread.of(others.getOrDefault(reader, List.of()), each -> each).median();
      row(table, reader.title(), seconds, sizeBytes, own);
    }
    return table;
  }

  private static void row(
      MarkdownTable table, String name, double seconds, long sizeBytes, double own) {
    table.row(
        name,
        Figures.number(seconds),
        Figures.number(sizeBytes / seconds / 1e6),
        Figures.ratio(seconds / own));
  }

  /// @return how many rows the file has
  private static long addOurs(Client client, Path file, List<Double> seconds) throws IOException {
    var meter = new Meter();
    long start = System.nanoTime();
    try {
      Drivers.of(client).load(file.toString(), OPTIONS, meter);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this", e);
    }
    seconds.add((System.nanoTime() - start) / 1e9);
    client.clear();
    return meter.rows();
  }
}
