package dev.vinery.server;

import dev.vinery.protocol.ObjectId;

/// A named part of an object: another object, or a blob.
///
/// @param typeName the member's, without type parameters if it is a blob
/// @param instanceId where the member lives
/// @param signature the member's, by which a global object finds whichever copy is nearest; 0 if it
///   has none
record Member(String name, ObjectId id, String typeName, long instanceId, long signature) {}
