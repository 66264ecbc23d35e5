package dev.vinery.metadata;

/// A running report of changes to a [WatchListener]. Safe for use by several threads.
public interface Watch extends AutoCloseable {
  /// Ends the report. A call to the listener that is under way may finish after this returns; no
  /// other follows. Closing again does nothing.
  @Override
  void close();
}
