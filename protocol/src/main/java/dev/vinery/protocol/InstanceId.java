package dev.vinery.protocol;

/// Numbers of daemons in a cluster, which stand as plain `long` in records.
public final class InstanceId {
  /// Where an object lives whose members live on several instances.
  public static final long UNSPECIFIED = -1L;

  private InstanceId() {}

  /// The key of an instance in `cluster_meta` and in the metadata store: `i` and a decimal number.
  public static String key(long instanceId) {
    return "i" + Long.toUnsignedString(instanceId);
  }
}
