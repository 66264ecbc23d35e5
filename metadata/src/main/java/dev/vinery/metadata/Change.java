package dev.vinery.metadata;

/// One step of a commit. Immutable.
///
/// Keys are not empty; they and the values are valid Unicode.
public sealed interface Change {
  /// The most that a character takes: one of four bytes is two characters.
  long UTF8_BYTES_PER_CHAR = 3;

  /// A step that concerns one key; also how a [Watch] reports what happened to that key.
  sealed interface OfKey extends Change {
    String key();
  }

  /// Binds a key to a value, whatever it was bound to, and ends its attachment to a lease.
  ///
  /// @param value JSON text
  record Put(String key, String value) implements OfKey {
    public Put {
      requireKey(key);
    }
  }

  /// Binds a key like [Put]; the key is deleted when the lease ends. Watches report a [Put].
  ///
  /// @param value JSON text
  /// @param leaseId the [Lease#id()] of a living lease
  record LeasedPut(String key, String value, long leaseId) implements Change {
    public LeasedPut {
      requireKey(key);
    }
  }

  /// Unbinds a key. Nothing happens if it is not bound.
  record Delete(String key) implements OfKey {
    public Delete {
      requireKey(key);
    }
  }

  /// Unbinds every key that begins with a prefix. Watches report a [Delete] for each.
  record DeleteRange(String prefix) implements Change {}

  /// How many bytes of UTF-8 the key and the value take at most.
  default long bytesAtMost() {
    long chars =
        switch (this) {
          case Put(var key, var value) -> key.length() + value.length();
          case LeasedPut(var key, var value, _) -> key.length() + value.length();
          case Delete(var key) -> key.length();
          case DeleteRange(var prefix) -> prefix.length();
        };
    return UTF8_BYTES_PER_CHAR * chars;
  }

  private static void requireKey(String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a key must not be empty");
    }
  }
}
