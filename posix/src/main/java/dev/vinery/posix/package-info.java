/// Linux system calls by the foreign function interface: memory files, mappings, UNIX sockets,
/// descriptors and waiting. Nothing else in the project is unsafe.
///
/// Read [SharedMemory], [UnixSocket] and `Native` (how every call is made) first.
///
/// A blocking call holds its carrier, so none belongs on a virtual thread. Descriptors are plain
/// numbers: whoever receives one owns it and closes it once, with [Descriptor#close(int)].
package dev.vinery.posix;
