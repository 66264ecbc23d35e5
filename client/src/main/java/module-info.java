/// The Java client.
@org.jspecify.annotations.NullMarked
module dev.vinery.client {
  requires static org.jspecify;
  requires dev.vinery.posix;
  requires transitive dev.vinery.protocol;
  requires org.snakeyaml.engine.v2;

  exports dev.vinery.client;

  uses dev.vinery.client.Builder;
  uses dev.vinery.client.Resolver;
}
