package dev.vinery.server;

import java.io.IOException;
import java.util.Locale;

/// The TCP port of a daemon is not to be had.
public final class PortTakenException extends IOException {
  private static final long serialVersionUID = 1L;

  PortTakenException(int port, IOException cause) {
    super("cannot listen on TCP port %d: %s".formatted(port, reason(cause)), cause);
  }

  private static String reason(IOException cause) {
    String reason = String.valueOf(cause.getMessage());
    return reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
  }
}
