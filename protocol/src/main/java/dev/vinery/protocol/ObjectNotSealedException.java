package dev.vinery.protocol;

/// The blob is still being written by another client.
public final class ObjectNotSealedException extends StoreException {
  private static final long serialVersionUID = 1L;

  public ObjectNotSealedException(String detail) {
    super(Status.OBJECT_NOT_SEALED, detail);
  }
}
