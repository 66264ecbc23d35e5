package dev.vinery.io;

import java.io.IOException;
import java.util.List;

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
      default -> throw new IllegalArgumentException("no driver reads files of format " + format);
    };
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
}
