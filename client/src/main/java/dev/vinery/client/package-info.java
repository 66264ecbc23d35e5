/// The Java client: values and blobs in memory shared with a daemon of the same host.
///
/// Read first [dev.vinery.client.Vinery], [dev.vinery.client.Client] and
/// [dev.vinery.client.VineryObject]. What becomes of values is said by [dev.vinery.client.Builder]s
/// and [dev.vinery.client.Resolver]s.
package dev.vinery.client;
