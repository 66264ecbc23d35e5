package dev.vinery.server;

/// The ways into a daemon. Tests of what does not depend on it take both.
enum Door {
  LOCAL,
  TCP
}
