package dev.vinery.protocol;

/// The metadata store behind the daemon failed. The change may or may not have been made there.
public final class MetadataException extends StoreException {
  private static final long serialVersionUID = 1L;

  public MetadataException(Status status, String detail) {
    super(oneOf(status, Status.ETCD_ERROR, Status.REDIS_ERROR), detail);
  }
}
