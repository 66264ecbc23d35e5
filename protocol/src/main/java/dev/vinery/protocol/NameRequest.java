package dev.vinery.protocol;

/// Requests about the name table.
public sealed interface NameRequest extends Request {
  /// `put_name_request`: bind a name; an existing binding is replaced.
  record Put(String name, ObjectId id) implements NameRequest {}

  /// `get_name_request`: look a name up.
  ///
  /// @param blocking whether to answer only when it is bound (wire field `wait`)
  record Get(String name, boolean blocking) implements NameRequest {}

  /// `list_name_request`: names that match, with what they are bound to.
  ///
  /// @param regex whether the pattern is a regular expression and not a shell wildcard
  /// @param limit how many are wanted at most
  record Find(String pattern, boolean regex, long limit) implements NameRequest {}

  /// `drop_name_request`: unbind a name; an unknown one is no error.
  record Drop(String name) implements NameRequest {}
}
