package dev.vinery.metadata;

import dev.vinery.protocol.MetadataException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// A back end that the metadata stores of several daemons share. Safe for use by several threads.
///
/// Found as a service. Its module may be in a layer of its own, so that a daemon without a cluster
/// loads nothing of it.
public interface MetadataBackend {
  /// How users call it, for example `etcd`.
  String name();

  /// Opens a store, and waits until the back end answers. Where there is none, and it would be on
  /// this host, starts one, which ends when the store is closed or this process dies.
  ///
  /// @param report told what happens, in phrases for people; also later, by other threads
  /// @return a store, which the caller closes
  /// @throws IllegalArgumentException if the options are none for this back end
  /// @throws MetadataException if there is no back end to be reached or started, with a reason of
  ///   one line that says what to do
  MetadataStore open(Options options, Consumer<String> report) throws InterruptedException;

  /// Where a back end is, and how one is started. Immutable.
  ///
  /// @param endpoint where it listens, as users write it: one address, or several with commas
  /// @param prefix begins every key of the cluster
  /// @param patience how long to wait for it
  /// @param ownMember whether a program is started here, and joins, though the back end answers
  /// @param program what to start, or nothing to look for it
  /// @param directory where what is started keeps its data, which then stay; or nothing for a place
  ///   that is removed
  /// @param reservedPort a TCP port that nothing started here may take
  record Options(
      String endpoint,
      String prefix,
      Duration patience,
      boolean ownMember,
      Optional<String> program,
      Optional<Path> directory,
      OptionalInt reservedPort) {}
}
