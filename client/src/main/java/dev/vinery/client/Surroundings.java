package dev.vinery.client;

import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Which daemon a process means that names none: what its environment says, in the order of the
/// official client, then the default paths of sockets. Immutable.
///
/// A socket goes before an endpoint, wherever each of them is named, because memory is shared
/// through it. What a variable says goes before what the configuration file says. The file is
/// `vineyard-config.yaml`, in YAML:
///
/// ```yaml
/// Vineyard:
///   IPCSocket: vineyard.sock          # from the file's directory; passed over if it is not there
///   RPCEndpoint: host1:9600,host2:9600
/// ```
///
/// Source: the official client's `vineyard/core/client.py`.
final class Surroundings {
  static final String SOCKET_VARIABLE = "VINEYARD_IPC_SOCKET";
  static final String ENDPOINT_VARIABLE = "VINEYARD_RPC_ENDPOINT";

  /// Names a configuration file, or a directory where one may be.
  static final String CONFIG_VARIABLE = "VINEYARD_CONFIG";

  private static final String CONFIG_DIRECTORY = "/var/run";
  private static final List<String> CONFIG_FILES =
      List.of("vineyard-config.yaml", "vineyard/vineyard-config.yaml");

  /// Bytes of the longest file that is read: it holds two settings.
  private static final int CONFIG_MAX_BYTES = 1 << 20;

  /// Where a daemon listens by default if it may.
  private static final Path SYSTEM_SOCKET = Path.of("/var/run/vineyard.sock");

  /// Where it listens otherwise, from the user's home.
  private static final Path USER_SOCKET = Path.of(".local/vineyard/vineyard.sock");

  private final Map<String, String> environment;

  Surroundings(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /// Where the daemon may be: one socket, or endpoints of which the first that answers is meant.
  ///
  /// @throws ConnectionException if there is nothing that could be meant, or a setting makes no
  ///   sense
  List<Address> candidates() {
    String socket = variable(SOCKET_VARIABLE);
    if (!socket.isEmpty()) {
      return List.of(new Address.Local(Path.of(socket)));
    }
    Optional<Path> file = configurationFile();
    Map<?, ?> settings = file.map(Surroundings::read).orElse(Map.of());
    Optional<Path> configured =
        setting(settings, "IPCSocket").map(path -> file.orElseThrow().resolveSibling(path));
    if (configured.filter(Files::exists).isPresent()) {
      return List.of(new Address.Local(configured.get()));
    }
    String endpoints = variable(ENDPOINT_VARIABLE);
    if (!endpoints.isEmpty()) {
      return endpoints(endpoints, ENDPOINT_VARIABLE);
    }
    Optional<String> listed = setting(settings, "RPCEndpoint");
    if (listed.isPresent()) {
      return endpoints(listed.get(), "RPCEndpoint in " + file.orElseThrow());
    }
    return List.of(defaultSocket());
  }

  private String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  private Optional<Path> configurationFile() {
    String named = variable(CONFIG_VARIABLE);
    Path path = Path.of(named.isEmpty() ? CONFIG_DIRECTORY : named).toAbsolutePath();
    return Files.isDirectory(path)
        ? CONFIG_FILES.stream().map(path::resolve).filter(Files::isRegularFile).findFirst()
        : Optional.of(path).filter(Files::isRegularFile);
  }

  /// The settings in a file; none if they are those of something else.
  private static Map<?, ?> read(Path file) {
    try {
      if (Files.size(file) > CONFIG_MAX_BYTES) {
        throw wrong(file + " is longer than " + CONFIG_MAX_BYTES + " bytes");
      }
      var yaml = new Load(LoadSettings.builder().setLabel(file.toString()).build());
      Object document = yaml.loadFromString(Files.readString(file));
      return document instanceof Map<?, ?> all && all.get("Vineyard") instanceof Map<?, ?> ours
          ? ours
          : Map.of();
    } catch (IOException e) {
      throw wrong(file + " cannot be read: " + e);
    } catch (YamlEngineException e) {
      throw wrong(file + " is no YAML: " + String.valueOf(e.getMessage()).replace('\n', ' '));
    }
  }

  private static Optional<String> setting(Map<?, ?> settings, String key) {
    return Optional.ofNullable(settings.get(key))
        .map(Object::toString)
        .filter(text -> !text.isBlank());
  }

  private static List<Address> endpoints(String list, String where) {
    try {
      return Arrays.stream(list.split(",", -1)).<Address>map(Address.Remote::parse).toList();
    } catch (IllegalArgumentException e) {
      throw wrong(where + ": " + e.getMessage());
    }
  }

  private Address defaultSocket() {
    String home = variable("HOME");
    List<Path> sockets =
        home.isEmpty()
            ? List.of(SYSTEM_SOCKET)
            : List.of(SYSTEM_SOCKET, Path.of(home).resolve(USER_SOCKET));
    return sockets.stream()
        .filter(Files::exists)
        .findFirst()
        .<Address>map(Address.Local::new)
        .orElseThrow(() ->
            wrong(
                "no daemon listens at "
                    + String.join(" or ", sockets.stream().map(Path::toString).toList())
                    + ": start one with vineyardd, or set "
                    + SOCKET_VARIABLE
                    + " or "
                    + ENDPOINT_VARIABLE));
  }

  private static ConnectionException wrong(String message) {
    return new ConnectionException(Status.CONNECTION_FAILED, message);
  }
}
