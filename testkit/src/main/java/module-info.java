/// What the tests of several modules share.
@org.jspecify.annotations.NullMarked
module dev.vinery.testkit {
  requires static org.jspecify;
  requires transitive dev.vinery.posix;
  requires transitive dev.vinery.protocol;
  requires transitive org.junit.jupiter.api;

  exports dev.vinery.testkit;
}
