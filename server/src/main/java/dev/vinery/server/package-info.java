/// The engine: blobs, objects, names and sessions, served on a socket.
///
/// Read first [dev.vinery.server.Connection], which follows one request from the socket to its
/// reply, then [dev.vinery.server.Dispatcher] and [dev.vinery.server.BlobHandler]. Users meet
/// [dev.vinery.server.Daemon] and [dev.vinery.server.DaemonOptions] only.
package dev.vinery.server;
