/// Values that people put and get, laid out as the official Python client lays them out.
///
/// Read first [dev.vinery.types.Tensor], [dev.vinery.types.DataFrame] and
/// [dev.vinery.types.Strings]. What a `Client` gets is a view over shared memory and keeps that
/// memory in place until it is closed or forgotten. Inside, the codec of each family holds its
/// builders, `Of…`, and its resolvers, `From…`.
package dev.vinery.types;
