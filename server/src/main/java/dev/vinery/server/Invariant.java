package dev.vinery.server;

/// Checks of what must hold whatever clients do. Always on.
final class Invariant {
  private Invariant() {}

  static void check(boolean holds, String broken) {
    if (!holds) {
      throw new AssertionError(broken);
    }
  }
}
