/// Values that people put and get.
@org.jspecify.annotations.NullMarked
module dev.vinery.types {
  requires static org.jspecify;
  requires transitive dev.vinery.client;

  exports dev.vinery.types;
}
