package dev.vinery.protocol;

/// There is already something under that id.
public final class ObjectExistsException extends StoreException {
  private static final long serialVersionUID = 1L;

  public ObjectExistsException(String detail) {
    super(Status.OBJECT_EXISTS, detail);
  }
}
