/// Loads that run the official daemon and ours side by side.
@org.jspecify.annotations.NullMarked
module dev.vinery.benchmarks {
  requires static org.jspecify;
  requires dev.vinery.arrow;
  requires dev.vinery.client;
  requires dev.vinery.io;
  requires dev.vinery.metadata;
  requires dev.vinery.posix;
  requires dev.vinery.protocol;
  requires dev.vinery.types;
  requires java.logging;
  requires jmh.core;

  uses dev.vinery.metadata.MetadataBackend;
}
