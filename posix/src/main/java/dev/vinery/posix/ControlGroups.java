package dev.vinery.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The control groups a process is in, as far as they limit its memory.
///
/// `/proc/self/cgroup` has a line `0::PATH` for version 2 and `N:CONTROLLER,...:PATH` for each
/// hierarchy of version 1. A group's limit holds for all below it, so every group up to the root
/// counts. Inside a container the path may be that of the host while only the container's own group
/// is visible, as the root; then the others are simply not found.
final class ControlGroups {
  /// Version 1 writes the largest multiple of a page for no limit. No host has as much as this.
  private static final long UNLIMITED_FROM_BYTES = 1L << 62;

  private static final Path MOUNT = Path.of("sys/fs/cgroup");

  private ControlGroups() {}

  /// The lowest limit, in bytes, or [Limits#UNLIMITED].
  ///
  /// @param root where the file system begins
  static long memoryLimitBytes(Path root) {
    long limit = Limits.UNLIMITED;
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      String[] fields = line.split(":", 3);
      if (fields.length != 3) {
        continue;
      }
      if (fields[1].isEmpty()) {
        limit = Math.min(limit, lowest(root.resolve(MOUNT), fields[2], "memory.max"));
      } else if (List.of(fields[1].split(",")).contains("memory")) {
        Path mount = root.resolve(MOUNT).resolve("memory");
        limit = Math.min(limit, lowest(mount, fields[2], "memory.limit_in_bytes"));
      }
    }
    return limit;
  }

  private static long lowest(Path mount, String group, String file) {
    long limit = Limits.UNLIMITED;
    Path path = Path.of("/").relativize(Path.of(group));
    for (Path each = path; each != null; each = each.getParent()) {
      limit = Math.min(limit, limitIn(mount.resolve(each).resolve(file)));
    }
    return Math.min(limit, limitIn(mount.resolve(file)));
  }

  private static long limitIn(Path file) {
    for (String line : lines(file)) {
      try {
        long limit = Long.parseLong(line.strip());
        return limit >= UNLIMITED_FROM_BYTES ? Limits.UNLIMITED : limit;
      } catch (NumberFormatException max) {
        return Limits.UNLIMITED;
      }
    }
    return Limits.UNLIMITED;
  }

  /// The lines of a file, none if it cannot be read: a group that is not shown does not limit us in
  /// a way we could know.
  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException notShown) {
      return List.of();
    }
  }
}
