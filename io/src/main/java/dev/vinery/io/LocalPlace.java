package dev.vinery.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Files of this host, or of a network file system that it has mounted. Immutable.
final class LocalPlace implements Place {
  private static final String PATTERN_CHARACTERS = "*?[{";

  @Override
  public String scheme() {
    return "file";
  }

  @Override
  public List<StoredFile> find(Location location) throws IOException {
    Path path = Path.of(location.path());
    return isPattern(path.toString()) && !Files.exists(path)
        ? matching(path)
        : List.of(stored(path));
  }

  private static boolean isPattern(String text) {
    return text.chars().anyMatch(c -> PATTERN_CHARACTERS.indexOf(c) >= 0);
  }

  private static List<StoredFile> matching(Path pattern) throws IOException {
    List<Path> found = new ArrayList<>(List.of(Path.of(pattern.isAbsolute() ? "/" : "")));
    for (Path name : pattern) {
      List<Path> next = new ArrayList<>();
      for (Path parent : found) {
        next.addAll(children(parent, name));
      }
      found = next;
    }
    if (found.isEmpty()) {
      throw new IOException(pattern + ": no file matches");
    }
    Collections.sort(found);
    List<StoredFile> files = new ArrayList<>();
    for (Path path : found) {
      files.add(stored(path));
    }
    return files;
  }

  private static List<Path> children(Path parent, Path name) throws IOException {
    Path directory = parent.toString().isEmpty() ? Path.of(".") : parent;
    if (!isPattern(name.toString())) {
      Path child = parent.resolve(name);
      return Files.exists(child) ? List.of(child) : List.of();
    }
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<Path> children = new ArrayList<>();
    boolean hidden = name.toString().startsWith(".");
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, name.toString())) {
      for (Path entry : entries) {
        if (hidden || !entry.getFileName().toString().startsWith(".")) {
          children.add(parent.resolve(entry.getFileName()));
        }
      }
    }
    return children;
  }

  private static StoredFile stored(Path path) throws IOException {
    BasicFileAttributes file;
    try {
      file = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException e) {
      throw Failures.in(path.toString(), e);
    }
    if (file.isDirectory()) {
      throw new IOException(
          path + ": it is a directory; name its files, for example " + path + "/*.csv");
    }
    if (!Files.isReadable(path)) {
      throw new IOException(path + ": permission denied");
    }
    if (!file.isRegularFile()) {
      throw new IOException(path + ": it is no plain file");
    }
    return new StoredFile(path.toString(), file.size(), true);
  }

  @Override
  public InputStream read(StoredFile file, long offset) throws IOException {
    FileChannel channel = FileChannel.open(Path.of(file.name()), StandardOpenOption.READ);
    if (offset > 0) {
      channel.position(offset);
    }
    return Channels.newInputStream(channel);
  }

  @Override
  public Optional<Path> local(StoredFile file) {
    return Optional.of(Path.of(file.name()));
  }

  @Override
  public NewFile create(String name) throws IOException {
    Path target = Path.of(name).toAbsolutePath();
    if (Files.isDirectory(target)) {
      throw new IOException(target + ": it is a directory");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      return new Device(target); // a device or a pipe, which nothing can take the place of
    }
    Path directory = target.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new IOException(directory + ": there is no such directory");
    }
    if (!Files.isWritable(directory)) {
      throw new IOException(directory + ": permission denied");
    }
    Path partial = Files.createTempFile(directory, "." + target.getFileName() + ".", ".part");
    return new LocalFile(partial, target);
  }

  /// A file beside the one that it will be.
  private record LocalFile(Path path, Path target) implements NewFile {
    @Override
    public void complete() throws IOException {
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(path);
    }
  }

  /// Something that is written as it is.
  private record Device(Path path) implements NewFile {
    @Override
    public void complete() {}

    @Override
    public void close() {}
  }
}
