package dev.vinery.cli;

import dev.vinery.server.Daemon;

/// Which release this is, and which protocol it speaks.
final class Version {
  /// The release, as the build wrote it into the module.
  static final String OURS =
      Version.class.getModule().getDescriptor().rawVersion().orElse("unknown");

  /// The reference implementation's release whose clients it serves.
  static final String PROTOCOL = Daemon.PROTOCOL_VERSION;

  /// What the daemon says of itself.
  static final String DAEMON = "vineyardd " + OURS + " (protocol " + PROTOCOL + ")";

  private Version() {}
}
