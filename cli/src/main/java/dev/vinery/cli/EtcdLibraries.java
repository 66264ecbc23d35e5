package dev.vinery.cli;

import dev.vinery.metadata.MetadataBackend;
import java.io.IOException;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.logging.LogManager;

/// Loads the module for etcd, and the libraries that it needs, into a class loader of their own.
///
/// They are some fifty, of which a daemon without a cluster shall load nothing, and lie in a folder
/// beside that of the daemon's modules. They are on a class path there and no modules: two of them
/// have a package in common, and they look for parts of each other where a class path has them.
final class EtcdLibraries {
  private static final Path FOLDER = Path.of("lib-etcd");

  private EtcdLibraries() {}

  /// @throws IOException if they are not there, or cannot be read
  static MetadataBackend load() throws IOException {
    // They would write lines of their own to the error stream.
    LogManager.getLogManager().reset();
    List<URL> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(), "*.jar")) {
      for (Path jar : files) {
        jars.add(url(jar.toUri()));
      }
    }
    var loader =
        new URLClassLoader("etcd", jars.toArray(URL[]::new), ClassLoader.getSystemClassLoader());
    return ServiceLoader.load(MetadataBackend.class, loader)
        .findFirst()
        .orElseThrow(() -> new IOException("there is nothing for etcd in " + FOLDER));
  }

  private static Path folder() throws IOException {
    Optional<Path> folder =
        ModuleLayer.boot()
            .configuration()
            .findModule(String.valueOf(EtcdLibraries.class.getModule().getName()))
            .map(ResolvedModule::reference)
            .flatMap(ModuleReference::location)
            .map(Path::of)
            .map(Path::getParent)
            .map(own -> own.resolveSibling(FOLDER));
    if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
      throw new IOException(
          "this installation has no folder " + FOLDER + ", so it knows no etcd; use --meta=local");
    }
    return folder.get();
  }

  private static URL url(URI uri) {
    try {
      return uri.toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError("a file's address has a known scheme", e);
    }
  }
}
