package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;

/// A client as loads see it. What it puts are objects of one blob, with the metadata of a tensor as
/// the official Python client writes it. Confined to one thread at a time.
interface LoadClient extends AutoCloseable {

  /// Makes a blob, fills and seals it.
  ///
  /// @return its id
  long createBlob(long sizeBytes) throws PosixException;

  /// Makes an object of a sealed blob: metadata only.
  ///
  /// @return its id
  long createObject(long blob, long sizeBytes) throws PosixException;

  /// Makes a blob and an object of it.
  ///
  /// @return the id of the object
  default long put(long sizeBytes) throws PosixException {
    return createObject(createBlob(sizeBytes), sizeBytes);
  }

  /// Puts several objects of a blob each, as this client does it best.
  ///
  /// @param into where their ids go, from an index on
  default void putMany(int count, long sizeBytes, long[] into, int from) throws PosixException {
    for (int i = 0; i < count; i++) {
      into[from + i] = put(sizeBytes);
    }
  }

  /// Gets an object and checks what is in its blob.
  void get(long object, long sizeBytes) throws PosixException;

  /// Gets the metadata of an object.
  void getMetadata(long object) throws PosixException;

  /// @throws IllegalStateException if it does not exist
  void exists(long object) throws PosixException;

  void label(long object, String key, String value) throws PosixException;

  /// Lists objects by their type name.
  ///
  /// @return how many there were
  int list(String pattern, int limit) throws PosixException;

  void persist(long object) throws PosixException;

  void putName(String name, long object) throws PosixException;

  long getName(String name) throws PosixException;

  /// Deletes an object and its blob, as this client does.
  void delete(long object) throws PosixException;

  /// Clears objects and blobs away, as quickly as can be.
  ///
  /// @param ids of which the first `count` are deleted
  /// @param trim whether the system gets their pages back
  void discard(long[] ids, int count, boolean trim) throws PosixException;

  @Override
  void close();
}
