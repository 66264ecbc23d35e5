/// Where metadata that outlives a call is kept.
@org.jspecify.annotations.NullMarked
module dev.vinery.metadata {
  requires static org.jspecify;
  requires transitive dev.vinery.protocol;

  exports dev.vinery.metadata;
}
