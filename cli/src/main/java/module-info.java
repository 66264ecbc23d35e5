/// The command `vinery` and the daemon `vineyardd`.
@org.jspecify.annotations.NullMarked
module dev.vinery.cli {
  requires static org.jspecify;
  requires dev.vinery.server;
  requires dev.vinery.types;
  requires info.picocli;

  opens dev.vinery.cli to
      info.picocli;
}
