package dev.vinery.cli;

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

/// A folder of jars beside that of the commands' modules, which is loaded when something in it is
/// needed, into a class loader of its own. Immutable.
///
/// The jars are on a class path there and no modules: some have a package in common, and they look
/// for parts of each other where a class path has them.
///
/// @param name of the folder
record JarFolder(String name) {
  /// Loads what the folder provides.
  ///
  /// @throws IOException if it is not there, or has nothing of the kind
  <S> S load(Class<S> service) throws IOException {
    Path folder =
        find().orElseThrow(() -> new IOException("this installation has no folder " + name));
    List<URL> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path jar : files) {
        jars.add(url(jar.toUri()));
      }
    }
    var loader =
        new URLClassLoader(name, jars.toArray(URL[]::new), ClassLoader.getSystemClassLoader());
    return ServiceLoader.load(service, loader).stream()
        .filter(provider -> loader.equals(provider.type().getClassLoader()))
        .findFirst()
        .orElseThrow(() -> new IOException("nothing in %s is a %s".formatted(folder, service)))
        .get();
  }

  private Optional<Path> find() {
    return ModuleLayer.boot()
        .configuration()
        .findModule(String.valueOf(JarFolder.class.getModule().getName()))
        .map(ResolvedModule::reference)
        .flatMap(ModuleReference::location)
        .map(Path::of)
        .map(Path::getParent)
        .map(own -> own.resolveSibling(name))
        .filter(Files::isDirectory);
  }

  private static URL url(URI uri) {
    try {
      return uri.toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError("a file's address has a known scheme", e);
    }
  }
}
