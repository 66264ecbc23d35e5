/// The engine: blobs, objects, names and sessions, served on sockets of this host and over TCP.
///
/// Read first [dev.vinery.server.Connection], which follows one request from the socket to its
/// reply, then [dev.vinery.server.Dispatcher] and [dev.vinery.server.BlobHandler]. Users meet
/// [dev.vinery.server.Daemon] and [dev.vinery.server.DaemonOptions], with what these name, only.
package dev.vinery.server;
