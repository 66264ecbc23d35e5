package dev.vinery.protocol;

/// The daemon cannot be reached, refused the credentials, or went away. A caller may connect again.
public final class ConnectionException extends StoreException {
  private static final long serialVersionUID = 1L;

  public ConnectionException(Status status, String detail) {
    super(oneOf(status, Status.CONNECTION_FAILED, Status.CONNECTION_ERROR), detail);
  }

  public ConnectionException(Status status, String detail, Throwable cause) {
    super(oneOf(status, Status.CONNECTION_FAILED, Status.CONNECTION_ERROR), detail, cause);
  }
}
