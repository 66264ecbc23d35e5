package dev.vinery.protocol;

/// No object, blob or name of that kind is known.
public final class ObjectNotFoundException extends StoreException {
  private static final long serialVersionUID = 1L;

  public ObjectNotFoundException(String detail) {
    super(Status.OBJECT_NOT_FOUND, detail);
  }
}
