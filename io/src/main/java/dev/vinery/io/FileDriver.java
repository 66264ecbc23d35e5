package dev.vinery.io;

import dev.vinery.arrow.ArrowFiles;
import dev.vinery.arrow.TableFormat;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/// Files of all formats at one place. Safe for use by several threads.
final class FileDriver implements Driver {
  private final Place place;

  FileDriver(Place place) {
    this.place = place;
  }

  @Override
  public String scheme() {
    return place.scheme();
  }

  @Override
  public Reading read(ReadRequest request) throws IOException {
    Location location = request.location();
    List<StoredFile> files = place.find(location);
    var settings = new Settings(location.options());
    FileFormat format = FileFormat.of(settings, files.getFirst().name());
    return switch (format) {
      case CSV -> csv(files, settings, request);
      case ARROW ->
          tables(files, settings, request, (file, memory) -> ArrowFiles.open(file, memory));
      case PARQUET, ORC -> {
        TableFormat tables = tableFormat(format);
        yield tables(
            files,
            settings,
            request,
            (file, memory) -> tables.open(file, memory, TablePart.BATCH_ROWS));
      }
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

  /// Deals whole files out to the parts.
  private Reading tables(
      List<StoredFile> files, Settings settings, ReadRequest request, TablePart.Opener opener) {
    settings.requireAllKnown();
    int count = Math.min(files.size(), request.workers());
    List<BatchPart> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = (int) ((long) files.size() * i / count);
      int to = (int) ((long) files.size() * (i + 1) / count);
      parts.add(
          new TablePart(
              files.subList(from, to).stream().map(file -> new LocalCopy(place, file)).toList(),
              opener));
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
    var settings = new Settings(location.options());
    FileFormat format = FileFormat.ofWritten(settings, location.path());
    Compression compression = Compression.of(settings, location.path());
    FileWriting.Encoding encoding = FileWriting.encoding(format, settings);
    settings.requireAllKnown();
    return new FileWriting(place.create(location.path()), location.path(), compression, encoding);
  }
}
