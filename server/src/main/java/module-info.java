/// The engine: blobs, objects, names and sessions, served on sockets of this host and over TCP.
@org.jspecify.annotations.NullMarked
module dev.vinery.server {
  requires static org.jspecify;
  requires dev.vinery.posix;
  requires transitive dev.vinery.protocol;
  requires transitive dev.vinery.metadata;
  requires jdk.net;
  requires re2j; // has no module descriptor: the name is the jar's

  exports dev.vinery.server;
}
