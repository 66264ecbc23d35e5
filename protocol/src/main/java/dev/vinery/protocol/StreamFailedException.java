package dev.vinery.protocol;

/// The stream ended too early: its producer said so or left, or somebody dropped it. What was in it
/// before has been pulled.
public final class StreamFailedException extends StoreException {
  private static final long serialVersionUID = 1L;

  public StreamFailedException(String detail) {
    super(Status.STREAM_FAILED, detail);
  }
}
