package dev.vinery.io;

import java.util.List;
import java.util.Map;

/// What a driver has found to be read, in parts that are read side by side.
public sealed interface Reading {
  /// What readers of a stream are told of it.
  Map<String, String> parameters();

  /// How many bytes will be read in all; negative if nobody knows.
  long totalBytes();

  /// How many parts there are, at least one.
  int partCount();

  /// Record batches, which become a stream or a frame.
  ///
  /// @param parts in order, at least one
  record Batches(Map<String, String> parameters, long totalBytes, List<BatchPart> parts)
      implements Reading {
    public Batches {
      parameters = Map.copyOf(parameters);
      parts = List.copyOf(parts);
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("there must be a part to be read");
      }
    }

    @Override
    public int partCount() {
      return parts.size();
    }
  }

  /// Bytes, which become a stream of bytes.
  ///
  /// @param parts in order, at least one
  record Bytes(Map<String, String> parameters, long totalBytes, List<BytePart> parts)
      implements Reading {
    public Bytes {
      parameters = Map.copyOf(parameters);
      parts = List.copyOf(parts);
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("there must be a part to be read");
      }
    }

    @Override
    public int partCount() {
      return parts.size();
    }
  }

  /// Reading of record batches in these parts.
  static Reading of(BatchPart... parts) {
    return new Batches(Map.of(), -1, List.of(parts));
  }
}
