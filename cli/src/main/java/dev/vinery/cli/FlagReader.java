package dev.vinery.cli;

import dev.vinery.cli.Flag.Group;
import dev.vinery.cli.Flag.Kind;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the daemon's command line as gflags does.
///
/// `-name` and `--name` are the same, and so are dashes and underscores inside a name. A value
/// follows after `=` or as the next argument; a switch takes it after `=` only, is on by its name
/// alone and off by `--noname`. `--flagfile=PATH` stands for the flags in a file, one a line. The
/// later of two wins. Unlike gflags, arguments that are no flags are refused. Confined to one
/// thread.
final class FlagReader {
  /// How deep files of flags may name each other.
  private static final int MAX_FILE_DEPTH = 8;

  private static final String FILE = "flagfile";
  private static final String ENVIRONMENT_PREFIX = "GLOG_";

  private final FlagValues.Builder values = new FlagValues.Builder();

  private FlagReader() {}

  /// Reads the flags of a command line, over those for logging in the environment.
  ///
  /// @throws UsageException at the first flag that is unknown or has a wrong value
  static FlagValues read(List<String> arguments, Map<String, String> environment) {
    var reader = new FlagReader();
    reader.readEnvironment(environment);
    reader.readArguments(arguments, 0);
    return reader.values.build();
  }

  private void readEnvironment(Map<String, String> environment) {
    for (Flag flag : DaemonFlags.all()) {
      String value = environment.get(ENVIRONMENT_PREFIX + flag.name());
      if (flag.group() == Group.LOGGING && value != null) {
        try {
          values.put(flag, value);
        } catch (UsageException e) {
          throw new UsageException(
              "environment variable " + ENVIRONMENT_PREFIX + flag.name() + ": " + e.getMessage());
        }
      }
    }
  }

  private void readArguments(List<String> arguments, int fileDepth) {
    Deque<String> rest = new ArrayDeque<>(arguments);
    while (!rest.isEmpty()) {
      String argument = rest.removeFirst();
      if (argument.equals("--") && rest.isEmpty()) {
        return;
      }
      if (!argument.startsWith("-") || argument.equals("-") || argument.equals("--")) {
        throw new UsageException(
            "'%s' is no flag; the value of a switch stands after '=', as in --rpc=false"
                .formatted(argument.equals("--") ? rest.removeFirst() : argument));
      }
      readFlag(argument.substring(argument.startsWith("--") ? 2 : 1), rest, fileDepth);
    }
  }

  private void readFlag(String argument, Deque<String> rest, int fileDepth) {
    int equals = argument.indexOf('=');
    String name = (equals < 0 ? argument : argument.substring(0, equals)).replace('-', '_');
    String value = equals < 0 ? null : argument.substring(equals + 1);
    if (name.equals(FILE)) {
      readFiles(value == null ? next(FILE, "PATH", rest) : value, fileDepth);
      return;
    }
    Flag flag = DaemonFlags.find(name);
    if (flag == null) {
      readNegated(name, value);
    } else if (value != null) {
      values.put(flag, value);
    } else if (flag.kind() == Kind.SWITCH) {
      values.put(flag, "true");
    } else {
      values.put(flag, next(name, flag.placeholder(), rest));
    }
  }

  private void readNegated(String name, @Nullable String value) {
    Flag flag = name.startsWith("no") ? DaemonFlags.find(name.substring(2)) : null;
    if (flag == null) {
      throw unknown(name);
    }
    if (flag.kind() != Kind.SWITCH) {
      throw new UsageException(
          "--%s means nothing: --%s is no switch".formatted(name, flag.name()));
    }
    if (value != null) {
      throw new UsageException(
          "--%s takes no value; write --%s=%s".formatted(name, flag.name(), value));
    }
    values.put(flag, "false");
  }

  /// A value that looks like a flag is more likely a forgotten value.
  private static String next(String name, String placeholder, Deque<String> rest) {
    String value = rest.pollFirst();
    if (value == null || value.startsWith("--")) {
      throw new UsageException(
          "--%s needs a value: --%s=%s".formatted(name, name, value == null ? placeholder : value));
    }
    return value;
  }

  private void readFiles(String paths, int fileDepth) {
    if (fileDepth == MAX_FILE_DEPTH) {
      throw new UsageException(
          "--flagfile=%s: files of flags name each other more than %d deep"
              .formatted(paths, MAX_FILE_DEPTH));
    }
    for (String path : paths.split(",", -1)) {
      int line = 0;
      for (String text : lines(path)) {
        line++;
        if (text.isBlank() || text.strip().startsWith("#")) {
          continue;
        }
        try {
          readArguments(words(text.strip()), fileDepth + 1);
        } catch (UsageException e) {
          throw new UsageException("line " + line + " of " + path + ": " + e.getMessage());
        }
      }
    }
  }

  private static List<String> lines(String path) {
    try {
      return Files.readAllLines(Path.of(path));
    } catch (NoSuchFileException e) {
      throw new UsageException("--flagfile=" + path + ": there is no such file");
    } catch (CharacterCodingException e) {
      throw new UsageException("--flagfile=" + path + ": this is no text in UTF-8");
    } catch (IOException e) {
      throw new UsageException("--flagfile=" + path + ": cannot be read: " + e.getMessage());
    }
  }

  /// A line is one flag, with its value after `=` or after a space.
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    int space = line.indexOf(' ');
    if (space < 0 || line.lastIndexOf('=', space) >= 0) {
      words.add(line);
    } else {
      words.add(line.substring(0, space));
      words.add(line.substring(space).strip());
    }
    return words;
  }

  private static UsageException unknown(String name) {
    List<String> names = DaemonFlags.all().stream().map(Flag::name).toList();
    return new UsageException(
        "unknown flag --%s; %s"
            .formatted(
                name,
                Spelling.nearest(name, names)
                    .map(near -> "did you mean --" + near + "?")
                    .orElse("vineyardd --help lists them all")));
  }
}
