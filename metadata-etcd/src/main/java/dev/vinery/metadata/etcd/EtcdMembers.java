package dev.vinery.metadata.etcd;

import dev.vinery.protocol.MetadataException;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Cluster;
import io.etcd.jetcd.cluster.Member;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The members of an etcd cluster. Safe for use by several threads; throws [MetadataException] if
/// etcd does not answer.
final class EtcdMembers {
  /// How often a change of the members is tried. etcd refuses changes until those it has have been
  /// connected for five seconds.
  private static final int TRIES = 14;

  private static final Duration RETRY_WAIT = Duration.ofMillis(500);

  private final Cluster cluster;

  EtcdMembers(Client client) {
    this.cluster = client.getClusterClient();
  }

  List<Member> all() {
    return EtcdMetadataStore.answered(cluster.listMember()).getMembers();
  }

  /// Those that have served, for a member that was added and has not started yet has no addresses.
  List<Member> started() {
    return all().stream().filter(member -> !member.getClientURIs().isEmpty()).toList();
  }

  /// The member that listens for its peers at an address.
  Optional<Member> find(URI peer) {
    return all().stream().filter(member -> member.getPeerURIs().contains(peer)).findFirst();
  }

  /// Adds a member, which has to start then: until it has, the others count it as one that fails.
  ///
  /// @return its number, all 64 bits
  long add(URI peer) throws InterruptedException {
    return settled(() -> cluster.addMember(List.of(peer))).getMember().getId();
  }

  /// Removes a member, unless there is no such or no other.
  void remove(long id) throws InterruptedException {
    List<Member> all = all();
    if (all.size() > 1 && all.stream().anyMatch(member -> member.getId() == id)) {
      var _ = settled(() -> cluster.removeMember(id));
    }
  }

  private static <T> T settled(Supplier<CompletableFuture<T>> change) throws InterruptedException {
    for (int tried = 1; ; tried++) {
      try {
        return EtcdMetadataStore.answered(change.get());
      } catch (MetadataException e) {
        if (tried == TRIES) {
          throw e;
        }
        Thread.sleep(RETRY_WAIT);
      }
    }
  }

  /// Where these members listen for clients.
  static Stream<URI> clientUris(List<Member> members) {
    return members.stream().flatMap(member -> member.getClientURIs().stream());
  }
}
