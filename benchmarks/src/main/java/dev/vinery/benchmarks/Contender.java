package dev.vinery.benchmarks;

/// Who is compared: a client and the daemon it talks to.
///
/// @param client which client
/// @param side which daemon
record Contender(ClientKind client, Side side) {}
