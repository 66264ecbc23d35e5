package dev.vinery.types;

import java.util.ArrayList;
import java.util.List;

/// Values that will be parts of another one, and are closed if it does not come about. Confined to
/// one thread.
final class Parts implements AutoCloseable {
  private final List<AutoCloseable> open = new ArrayList<>();

  <T> T add(T part) {
    if (part instanceof AutoCloseable closeable) {
      open.add(closeable);
    }
    return part;
  }

  /// Leaves the parts open.
  ///
  /// @param done whether the other value has come about
  void keepIf(boolean done) {
    if (done) {
      open.clear();
    }
  }

  @Override
  public void close() {
    for (AutoCloseable part : open) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException(
            "closing a " + part.getClass().getTypeName() + " failed", e);
      }
    }
  }
}
