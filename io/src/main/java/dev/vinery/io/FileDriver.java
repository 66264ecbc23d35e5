package dev.vinery.io;

import dev.vinery.arrow.ArrowFiles;
import dev.vinery.arrow.TableFormat;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;

/// Reads and writes files of all formats at one place. Safe for use by several threads.
public final class FileDriver implements Driver {
  private final Place place;
  private final Set<String> placeOptions;

  /// A driver of files whose place takes no options.
  public FileDriver(Place place) {
    this(place, Set.of());
  }

  /// A driver of files.
  ///
  /// @param placeOptions names of the options that the place itself reads
  public FileDriver(Place place, Set<String> placeOptions) {
    this.place = place;
    this.placeOptions = Set.copyOf(placeOptions);
  }

  @Override
  public String scheme() {
    return place.scheme();
  }

  @Override
  public Reading read(ReadRequest request) throws IOException {
    Location location = request.location();
    List<StoredFile> files = place.find(location);
    var settings = new Settings(location.options(), placeOptions);
    FileFormat format = FileFormat.of(settings, files.getFirst().name());
    return switch (format) {
      case CSV -> csv(files, settings, request);
      case ARROW ->
          tables(files, settings, request, (file, memory, _) -> ArrowFiles.open(file, memory));
      case PARQUET, ORC -> tables(files, settings, request, tableFormat(format));
      case BYTES -> bytes(files, settings);
    };
  }

  /// @throws IllegalArgumentException if the module for the format is not there
  static TableFormat tableFormat(FileFormat format) {
    for (TableFormat tables : ServiceLoader.load(TableFormat.class)) {
      if (tables.suffix().equals(format.suffix())) {
        return tables;
      }
    }
    throw new IllegalArgumentException(
        "nothing here reads or writes %s files: a module for them is missing"
            .formatted(format.suffix()));
  }

  private Reading csv(List<StoredFile> files, Settings settings, ReadRequest request)
      throws IOException {
    CsvSettings csv = CsvSettings.of(settings);
    List<TextFile> texts =
        files.stream()
            .map(file ->
                new TextFile(place, file, Compression.of(settings, file.name()), csv.charset()))
            .toList();
    settings.requireAllKnown();
    return CsvReading.plan(texts, csv, request);
  }

  /// Deals out whole files, or, if there are more workers than files and all are here already,
  /// groups of rows.
  private Reading tables(
      List<StoredFile> files, Settings settings, ReadRequest request, TableFormat format)
      throws IOException {
    TablePart.Opener opener =
        (file, memory, rows) -> format.open(file, memory, TablePart.BATCH_ROWS, rows);
    if (request.workers() <= files.size()
        || !files.stream().allMatch(file -> place.local(file).isPresent())) {
      return tables(files, settings, request, opener);
    }
    settings.requireAllKnown();
    List<TablePart.Piece> pieces = new ArrayList<>();
    for (StoredFile file : files) {
      pieces.addAll(TablePart.pieces(new LocalCopy(place, file), format));
    }
    return dealt(pieces, files, request.workers(), opener);
  }

  private Reading tables(
      List<StoredFile> files, Settings settings, ReadRequest request, TablePart.Opener opener) {
    settings.requireAllKnown();
    List<TablePart.Piece> pieces =
        files.stream().map(file -> TablePart.Piece.whole(new LocalCopy(place, file))).toList();
    return dealt(pieces, files, request.workers(), opener);
  }

  private static Reading dealt(
      List<TablePart.Piece> pieces, List<StoredFile> files, int workers, TablePart.Opener opener) {
    int count = Math.min(pieces.size(), workers);
    List<BatchPart> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) pieces.size() * i / count);
      int to = (int) ((long) pieces.size() * (i + 1) / count);
      parts.add(new TablePart(TablePart.joined(pieces.subList(from, to)), opener));
    }
    return new Reading.Batches(Map.of(), totalBytes(files), parts);
  }

  private static long totalBytes(List<StoredFile> files) {
    return files.stream().anyMatch(file -> file.sizeBytes() < 0)
        ? StoredFile.UNKNOWN
        : files.stream().mapToLong(StoredFile::sizeBytes).sum();
  }

  private Reading bytes(List<StoredFile> files, Settings settings) {
    List<BytePart> parts = new ArrayList<>();
    for (StoredFile file : files) {
      Compression compression = Compression.of(settings, "");
      parts.add(to -> {
        try (InputStream in = compression.expand(place.read(file, 0))) {
          in.transferTo(to);
        } catch (IOException e) {
          throw Failures.in(file.name(), e);
        }
      });
    }
    settings.requireAllKnown();
    return new Reading.Bytes(Map.of(), totalBytes(files), parts);
  }

  @Override
  public Writing write(Location location) throws IOException {
    var settings = new Settings(location.options(), placeOptions);
    FileFormat format = FileFormat.ofWritten(settings, location.path());
    Compression compression = Compression.of(settings, location.path());
    FileWriting.Encoding encoding = FileWriting.encoding(format, settings);
    settings.requireAllKnown();
    return new FileWriting(place.create(location.path()), location.path(), compression, encoding);
  }
}
