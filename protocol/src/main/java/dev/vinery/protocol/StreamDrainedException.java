package dev.vinery.protocol;

/// The stream is finished and every chunk was pulled.
public final class StreamDrainedException extends StoreException {
  private static final long serialVersionUID = 1L;

  public StreamDrainedException(String detail) {
    super(Status.STREAM_DRAINED, detail);
  }
}
