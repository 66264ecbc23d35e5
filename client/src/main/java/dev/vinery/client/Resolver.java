package dev.vinery.client;

/// Turns objects of one family of types into values. Of several resolvers that fit an object, the
/// one with the longest prefix is used; of several with that prefix, the one whose values are of
/// the narrowest type that can be what was asked for. Found by [java.util.ServiceLoader], or
/// registered on one client. Implementations are safe for use by several threads.
public interface Resolver {
  /// What the names of the types begin with, for example `vineyard::Tensor`.
  String typeNamePrefix();

  /// What all its values are; `Object` if they have nothing in common.
  default Class<?> valueType() {
    return Object.class;
  }

  /// Makes a value of an object. Metadata is not to be trusted: every size is checked against the
  /// length of the blob before its bytes are touched.
  ///
  /// @param object becomes the value's, which closes it with itself; a value that needs no shared
  ///   memory closes it here
  /// @param wanted the type that was asked for, `Object` if any will do; a resolver that cannot
  ///   make one returns what it can
  /// @return the value, or `object` itself if this resolver does not know its type after all
  /// @throws dev.vinery.protocol.StoreException if the metadata is wrong
  Object resolve(VineryObject object, Class<?> wanted);
}
