package dev.vinery.client;

/// Whether blobs travel compressed over TCP. A daemon that does not want that is not asked to.
public enum Compression {
  /// Where it makes transfers faster, as far as samples and the times of earlier transfers tell;
  /// never within one host.
  AUTO,
  /// Always.
  ON,
  /// Never.
  OFF
}
