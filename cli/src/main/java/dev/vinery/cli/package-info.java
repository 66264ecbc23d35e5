/// The commands: `vineyardd`, which runs a daemon, and `vinery`, for people and scripts.
///
/// [Vineyardd] and [VineryCommand] are the two entry points; [DaemonFlags] lists what the daemon
/// can be told.
package dev.vinery.cli;
