package dev.vinery.posix;

/// Who is at the other end of a UNIX socket, as the kernel noted it when the connection was made.
///
/// @param pid process, as this process's namespace counts it; 0 if it is not visible from here
/// @param uid effective user, an unsigned number
/// @param gid effective group, an unsigned number
public record PeerCredentials(int pid, int uid, int gid) {}
