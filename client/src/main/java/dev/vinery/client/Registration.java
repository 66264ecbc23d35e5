package dev.vinery.client;

/// A builder or resolver that one client uses, until this is closed.
public interface Registration extends AutoCloseable {
  @Override
  void close();
}
