/// Drivers that read files into streams and frames, and write streams to files.
@org.jspecify.annotations.NullMarked
module dev.vinery.io {
  requires static org.jspecify;
  requires transitive dev.vinery.arrow;
  requires com.github.luben.zstd_jni;
  requires de.siegmar.fastcsv;
  requires java.net.http;

  exports dev.vinery.io;

  uses dev.vinery.arrow.TableFormat;
  uses dev.vinery.io.Driver;

  provides dev.vinery.io.Driver with
      dev.vinery.io.HttpFiles.Encrypted,
      dev.vinery.io.HttpFiles.Plain,
      dev.vinery.io.LocalFiles;
}
