package dev.vinery.protocol;

/// The daemon has no room for that many bytes. Nothing was allocated.
public final class StoreFullException extends StoreException {
  private static final long serialVersionUID = 1L;

  public StoreFullException(String detail) {
    super(Status.STORE_FULL, detail);
  }
}
