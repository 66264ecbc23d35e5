package dev.vinery.types;

/// Two values that belong together, stored as a sequence of two.
public record Pair(Object first, Object second) {}
