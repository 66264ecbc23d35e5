package dev.vinery.io;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Cuts files of CSV into parts.
final class CsvReading {
  /// Text that makes one part of a frame, in bytes.
  private static final long FRAME_PART_BYTES = 32 << 20;

  /// Parts of one frame.
  private static final long MAX_PARTS = 4096;

  private CsvReading() {}

  /// Looks into the first file for what the columns are, and plans how to read all.
  ///
  /// @throws IOException if it cannot be read, or all files are empty
  /// @throws IllegalArgumentException if an option does not fit the columns
  static Reading plan(List<TextFile> texts, CsvSettings settings, ReadRequest request)
      throws IOException {
    List<CsvFile> files = new ArrayList<>();
    for (TextFile text : texts) {
      boolean header = settings.header() || (settings.firstHeader() && files.isEmpty());
      var file = new CsvFile(text, settings, header);
      try {
        if (!file.isEmpty()) {
          files.add(file);
        }
      } catch (IOException e) {
        throw Failures.in(text.name(), e);
      }
    }
    if (files.isEmpty()) {
      throw new IOException(texts.getFirst().name() + ": it is empty");
    }
    CsvFile first = files.getFirst();
    try {
      CsvSchema schema = first.schema();
      List<String> names = first.names();
      List<BatchPart> parts = new ArrayList<>();
      for (List<CsvPart.Slice> slices : slices(files, request)) {
        parts.add(new CsvPart(slices, schema, names, settings.dialect()));
      }
      return new Reading.Batches(parameters(settings, names), totalBytes(files), parts);
    } catch (IOException e) {
      throw Failures.in(first.text().name(), e);
    }
  }

  /// What the official drivers tell of such a stream.
  private static Map<String, String> parameters(CsvSettings settings, List<String> names) {
    var parameters = new HashMap<String, String>();
    String delimiter = String.valueOf((char) settings.dialect().delimiter());
    parameters.put("delimiter", delimiter);
    parameters.put("header_row", settings.header() ? "1" : "0");
    if (settings.header()) {
      parameters.put("header_line", String.join(delimiter, names) + "\n");
    }
    return parameters;
  }

  private static long totalBytes(List<CsvFile> files) {
    long total = 0;
    for (CsvFile file : files) {
      long sizeBytes = file.text().file().sizeBytes();
      if (sizeBytes < 0) {
        return StoredFile.UNKNOWN;
      }
      total += sizeBytes;
    }
    return total;
  }

  /// Cuts the files, as if they followed each other, into parts of one length. Files that cannot be
  /// read from the middle belong as a whole to the part that they begin in.
  private static List<List<CsvPart.Slice>> slices(List<CsvFile> files, ReadRequest request) {
    long total = files.stream().mapToLong(CsvReading::weight).sum();
    long count = request.workers();
    if (request.whole()) {
      count = Math.clamp(total / FRAME_PART_BYTES + 1, count, Math.max(count, MAX_PARTS));
    }
    List<List<CsvPart.Slice>> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(new ArrayList<>());
    }
    long begin = 0;
    for (CsvFile file : files) {
      long end = begin + weight(file);
      for (int i = 0; i < count; i++) {
        long from = Math.max(begin, bound(total, i, count));
        long to = Math.min(end, bound(total, i + 1, count));
        boolean startsHere = from == begin && from < to;
        if (file.text().isPlain() && from < to) {
          parts
              .get(i)
              .add(new CsvPart.Slice(file, from - begin, to == end ? Long.MAX_VALUE : to - begin));
        } else if (startsHere) {
          parts.get(i).add(new CsvPart.Slice(file, 0, Long.MAX_VALUE));
        }
      }
      begin = end;
    }
    return parts;
  }

  private static long bound(long total, long part, long count) {
    return Math.toIntExact(part) * (total / count) + Math.min(part, total % count);
  }

  private static long weight(CsvFile file) {
    return Math.max(1, file.text().file().sizeBytes());
  }
}
