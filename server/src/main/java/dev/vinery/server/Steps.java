package dev.vinery.server;

import dev.vinery.protocol.ProtocolException;

/// Steps that one request may spend on matching patterns: so many at first, and some more for every
/// text that is looked at. A request that needs more is refused. Confined to one thread.
final class Steps {
  /// Steps for one request, which take a fraction of a second.
  private static final long FIRST = 50_000_000;

  /// Steps for each character of a text, and for the text as such.
  private static final long EACH = 50;

  private long left = FIRST;

  /// Notes that another text is to be looked at.
  void add(String text) {
    left += EACH * (text.length() + 1);
  }

  /// @throws ProtocolException if none are left
  void take(long steps) {
    left -= steps;
    if (left < 0) {
      throw new ProtocolException("the pattern takes too many steps on the texts there are");
    }
  }
}
