/// What travels between clients and daemons: records on one side, bytes on the other; no sockets.
///
/// Read first [dev.vinery.protocol.Request], [dev.vinery.protocol.Reply] and
/// [dev.vinery.protocol.Codec]. Objects are described by [dev.vinery.protocol.Metadata].
package dev.vinery.protocol;
