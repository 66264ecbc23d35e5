package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LimitsTest {
  private static final long GIB = 1L << 30;

  @TempDir private Path root;

  @Test
  void theFileSizeLimitIsTheKernels() throws Exception {
    String soft =
        Files.readAllLines(Path.of("/proc/self/limits")).stream()
            .filter(line -> line.startsWith("Max file size"))
            .map(line -> line.substring("Max file size".length()).strip().split(" +", -1)[0])
            .findFirst()
            .orElseThrow();

    assertThat(Limits.fileSizeLimitBytes())
        .isEqualTo(soft.equals("unlimited") ? Limits.UNLIMITED : Long.parseLong(soft));
  }

  @Test
  void theMemoryIsThatOfTheHost() throws Exception {
    long kib =
        Files.readAllLines(Path.of("/proc/meminfo")).stream()
            .filter(line -> line.startsWith("MemTotal:"))
            .map(line -> Long.parseLong(line.split(" +", -1)[1]))
            .findFirst()
            .orElseThrow();

    assertThat(Limits.memoryBytes()).isEqualTo(kib * 1024);
  }

  @Test
  void theControlGroupsOfThisProcessAreReadable() {
    assertThat(Limits.cgroupMemoryLimitBytes()).isPositive();
  }

  @Test
  void noControlGroupMeansNoLimit() {
    assertThat(ControlGroups.memoryLimitBytes(root)).isEqualTo(Limits.UNLIMITED);
  }

  @Test
  void theLowestLimitOnTheWayUpHolds() throws Exception {
    write("proc/self/cgroup", "0::/a/b\n");
    write("sys/fs/cgroup/a/b/memory.max", "max\n");
    write("sys/fs/cgroup/a/memory.max", 2 * GIB + "\n");
    assertThat(ControlGroups.memoryLimitBytes(root)).isEqualTo(2 * GIB);

    write("sys/fs/cgroup/a/b/memory.max", GIB + "\n");
    assertThat(ControlGroups.memoryLimitBytes(root)).isEqualTo(GIB);

    write("sys/fs/cgroup/memory.max", GIB / 2 + "\n");
    assertThat(ControlGroups.memoryLimitBytes(root)).isEqualTo(GIB / 2);
  }

  @Test
  void aContainerSeesItsOwnGroupAsTheRoot() throws Exception {
    write("proc/self/cgroup", "0::/system.slice/docker-1234.scope\n");
    write("sys/fs/cgroup/memory.max", GIB + "\n");

    assertThat(ControlGroups.memoryLimitBytes(root)).isEqualTo(GIB);
  }

  @Test
  void theFirstVersionIsUnderstoodToo() throws Exception {
    write("proc/self/cgroup", "12:cpu,cpuacct:/x\n9:hugetlb,memory:/x/y\n0::/\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(ControlGroups.memoryLimitBytes(root)).isEqualTo(Limits.UNLIMITED);

    write("sys/fs/cgroup/memory/x/memory.limit_in_bytes", 3 * GIB + "\n");
    assertThat(ControlGroups.memoryLimitBytes(root)).isEqualTo(3 * GIB);
  }

  private void write(String name, String text) throws Exception {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
