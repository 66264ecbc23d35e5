package dev.vinery.client;

import java.util.function.Function;

/// Turns values of one type into drafts of objects. Of several builders that fit a value, the one
/// for the most specific type is used. Found by [java.util.ServiceLoader], or registered on one
/// client. Implementations are safe for use by several threads.
///
/// @param <T> the type of the values
public interface Builder<T> {
  Class<T> type();

  /// Says how a value is to be stored. The value must not change before it is.
  ///
  /// @param drafts does the same for values inside this one
  /// @throws IllegalArgumentException if this value cannot be stored
  Draft draft(T value, Function<Object, Draft> drafts);
}
