package dev.vinery.protocol;

/// The request or its bytes are not what the protocol allows; nothing was changed.
public final class ProtocolException extends StoreException {
  private static final long serialVersionUID = 1L;

  public ProtocolException(String detail) {
    super(Status.INVALID, detail);
  }
}
