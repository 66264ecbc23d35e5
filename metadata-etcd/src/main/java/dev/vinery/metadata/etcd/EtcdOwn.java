package dev.vinery.metadata.etcd;

import dev.vinery.protocol.MetadataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// An etcd of this process that serves, and the place that goes with it. Safe for use by several
/// threads.
///
/// @param member its number in its cluster, all 64 bits
/// @param client where it serves clients
/// @param place a directory of ours, removed with all that is in it
record EtcdOwn(EtcdServer server, long member, URI client, Path place) implements AutoCloseable {
  /// Leaves the cluster, ends the etcd and removes its place.
  ///
  /// It leaves first, because the members that stay would count it as one that fails: of two, none
  /// could go on.
  @Override
  public void close() {
    if (server.alive()) {
      try (var asking = EtcdMetadataStore.client(List.of(client))) {
        new EtcdMembers(asking).remove(member);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (MetadataException e) {
        // It cannot be asked any more; the peers remove it when they miss its daemon.
      }
    }
    server.close();
    remove(place);
  }

  static void remove(Path place) {
    try (Stream<Path> files = Files.walk(place)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.deleteIfExists(file);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (IOException | UncheckedIOException left) {
      // A directory of temporary files is cleaned by the system.
    }
  }
}
