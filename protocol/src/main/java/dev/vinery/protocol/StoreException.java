package dev.vinery.protocol;

import java.util.EnumSet;
import java.util.Set;

/// A request that the store understood and refused. Its [Status] is what goes on the wire.
///
/// A subclass exists where a caller would act differently; every other status uses this class.
public sealed class StoreException extends RuntimeException
    permits ConnectionException,
        MetadataException,
        ObjectExistsException,
        ObjectNotFoundException,
        ObjectNotSealedException,
        ProtocolException,
        StoreFullException,
        StreamDrainedException,
        StreamFailedException {
  private static final long serialVersionUID = 1L;

  private final Status status;
  private final String detail;

  public StoreException(Status status, String detail) {
    super(detail);
    this.status = status;
    this.detail = detail;
  }

  StoreException(Status status, String detail, Throwable cause) {
    super(detail, cause);
    this.status = status;
    this.detail = detail;
  }

  public final Status status() {
    return status;
  }

  /// The message, for people: what goes on the wire beside the status.
  public final String detail() {
    return detail;
  }

  /// Refuses a subclass that was handed a status of another kind.
  static Status oneOf(Status status, Status first, Status... more) {
    Set<Status> allowed = EnumSet.of(first, more);
    if (!allowed.contains(status)) {
      throw new IllegalArgumentException("status " + status + " is none of " + allowed);
    }
    return status;
  }

  /// Returns the exception that stands for `status`: what the daemon threw is what the client sees.
  public static StoreException of(Status status, String detail) {
    return switch (status) {
      case INVALID -> new ProtocolException(detail);
      case OBJECT_EXISTS -> new ObjectExistsException(detail);
      case OBJECT_NOT_FOUND -> new ObjectNotFoundException(detail);
      case OBJECT_NOT_SEALED -> new ObjectNotSealedException(detail);
      case CONNECTION_FAILED, CONNECTION_ERROR -> new ConnectionException(status, detail);
      case ETCD_ERROR, REDIS_ERROR -> new MetadataException(status, detail);
      case STORE_FULL -> new StoreFullException(detail);
      case STREAM_DRAINED -> new StreamDrainedException(detail);
      case STREAM_FAILED -> new StreamFailedException(detail);
      default -> new StoreException(status, detail);
    };
  }
}
