/// The Java client: values and blobs in memory shared with a daemon of the same host, or copied
/// over TCP from and to any other.
///
/// Read first [dev.vinery.client.Vinery], [dev.vinery.client.Client] and
/// [dev.vinery.client.VineryObject]. What becomes of values is said by [dev.vinery.client.Builder]s
/// and [dev.vinery.client.Resolver]s. Inside, [dev.vinery.client.DaemonClient] is the client
/// through either door; [dev.vinery.client.Blobs] is what differs between them.
package dev.vinery.client;
