package dev.vinery.io;

/// What a driver is asked to read. Immutable.
///
/// @param location of which the driver reads all options
/// @param workers how many parts are best read side by side, at least 1; a driver may find less
/// @param whole whether all is read before anybody looks: then parts may be many and short, and are
///   read by so many workers in turn
public record ReadRequest(Location location, int workers, boolean whole) {}
