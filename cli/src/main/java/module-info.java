/// The command `vinery` and the daemon `vineyardd`.
@org.jspecify.annotations.NullMarked
module dev.vinery.cli {
  requires static org.jspecify;
  // Only of the command vinery; the daemon's module path has no Arrow. Bound as a service.
  requires static dev.vinery.arrow;
  requires dev.vinery.metadata;
  requires static dev.vinery.io;
  requires static dev.vinery.parquet;
  requires dev.vinery.posix;
  requires dev.vinery.server;
  requires dev.vinery.types;
  requires de.siegmar.fastcsv;
  requires info.picocli;
  requires java.logging; // through which libraries of etcd's module log
  requires jdk.unsupported; // which they use

  uses dev.vinery.metadata.MetadataBackend;

  // Drivers, which are bound by this.
  uses dev.vinery.io.Driver;

  // Parquet files.
  uses dev.vinery.arrow.TableFormat;

  provides dev.vinery.arrow.TableFormat with
      dev.vinery.cli.OrcTables;
  provides dev.vinery.io.Driver with
      dev.vinery.cli.BucketDriver;
  provides System.LoggerFinder with
      dev.vinery.cli.ConsoleLoggerFinder;

  opens dev.vinery.cli to
      info.picocli;
}
