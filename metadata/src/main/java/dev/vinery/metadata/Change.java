package dev.vinery.metadata;

/// One step of a commit. Immutable.
///
/// Keys are not empty; they and the values are valid Unicode.
public sealed interface Change {
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

  private static void requireKey(String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a key must not be empty");
    }
  }
}
