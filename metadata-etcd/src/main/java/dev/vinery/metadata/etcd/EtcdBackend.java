package dev.vinery.metadata.etcd;

import dev.vinery.metadata.MetadataBackend;
import dev.vinery.metadata.MetadataStore;
import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.Status;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.cluster.Member;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// etcd: one that answers, or one that is started. Safe for use by several threads.
///
/// If nobody listens at the endpoint and that is on this host, an etcd is started there. Of several
/// daemons that do so at once the etcd of one gets the port; the others find that theirs ended and
/// use that one.
public final class EtcdBackend implements MetadataBackend {
  /// How often somebody is looked for at an endpoint.
  private static final Duration PROBE_INTERVAL = Duration.ofMillis(50);

  /// After which time of waiting it is said that something is waited for.
  private static final Duration SILENCE = Duration.ofSeconds(1);

  /// For the JDK, which finds this as a service.
  public EtcdBackend() {}

  @Override
  public String name() {
    return "etcd";
  }

  @Override
  public MetadataStore open(Options options, Consumer<String> report) throws InterruptedException {
    return new Opening(options, line -> report.accept("etcd: " + line)).open();
  }

  /// One attempt to open a store. Confined to its thread.
  private static final class Opening {
    private final Options options;
    private final Consumer<String> report;
    private final EtcdEndpoints endpoints;
    private final long deadlineNanos;

    Opening(Options options, Consumer<String> report) {
      this.options = options;
      this.report = report;
      this.endpoints = EtcdEndpoints.parse(options.endpoint());
      this.deadlineNanos = System.nanoTime() + options.patience().toNanos();
    }

    MetadataStore open() throws InterruptedException {
      if (endpoints.reachedFrom().isEmpty() && EtcdEndpoints.isHere(endpoints.last())) {
        return started();
      }
      InetAddress from = awaitReached();
      return options.ownMember() ? joined(from) : connected();
    }

    private InetAddress awaitReached() throws InterruptedException {
      boolean said = false;
      while (true) {
        Optional<InetAddress> from = endpoints.reachedFrom();
        if (from.isPresent()) {
          return from.get();
        }
        long leftNanos = deadlineNanos - System.nanoTime();
        if (leftNanos <= 0) {
          throw failed(
              "nobody listens at %s, for %d s: name another with --etcd_endpoint, or wait longer with --meta_timeout"
                  .formatted(endpoints, options.patience().toSeconds()));
        }
        if (!said && options.patience().toNanos() - leftNanos > SILENCE.toNanos()) {
          report.accept("waiting for somebody who listens at " + endpoints);
          said = true;
        }
        Thread.sleep(PROBE_INTERVAL);
      }
    }

    private EtcdMetadataStore connected() throws InterruptedException {
      var store = EtcdMetadataStore.at(endpoints.uris());
      awaitAnswer(store, "who listens at " + endpoints + " does not answer as an etcd");
      report.accept("using " + endpoints);
      store
          .otherPrefix(options.prefix())
          .ifPresent(other ->
              report.accept(
                  "no daemon uses the prefix '%s' here, but some use '%s': see --etcd_prefix"
                      .formatted(options.prefix(), other)));
      return store;
    }

    /// Waits until etcd answers; one that has just started, or got another member, need not yet.
    /// Closes the store if it does not in time.
    ///
    /// @param otherwise what is the matter if it does not
    private void awaitAnswer(EtcdMetadataStore store, String otherwise)
        throws InterruptedException {
      boolean answered = false;
      try {
        while (!answered) {
          answered = answers(store, otherwise);
        }
      } finally {
        if (!answered) {
          store.close();
        }
      }
    }

    private boolean answers(EtcdMetadataStore store, String otherwise) throws InterruptedException {
      try {
        store.revision();
        return true;
      } catch (MetadataException e) {
        if (deadlineNanos - System.nanoTime() <= 0) {
          throw failed(otherwise + ": " + e.getMessage());
        }
        Thread.sleep(PROBE_INTERVAL);
        return false;
      }
    }

    /// Starts an etcd at the endpoint, or finds that somebody else has.
    private MetadataStore started() throws InterruptedException {
      Path place = place();
      EtcdServer server = null;
      try {
        EtcdLaunch launch =
            EtcdLaunch.alone(memberName(), endpoints.last(), options.reservedPort());
        server = launch(launch, place);
        if (awaitServing(server, launch.client())) {
          Optional<EtcdOwn> own = own(server, launch, place);
          if (own.isPresent()) {
            server = null;
            return keep(own.get(), List.of(launch.client()), "started");
          }
        }
        if (endpoints.reachedFrom().isPresent()) {
          return connected();
        }
        throw failed("etcd ended: " + server.lastWords());
      } catch (IOException e) {
        throw failed("etcd cannot be started: " + e.getMessage());
      } finally {
        if (server != null) {
          server.close();
          EtcdOwn.remove(place);
        }
      }
    }

    /// Starts an etcd as another member of the cluster at the endpoint.
    private MetadataStore joined(InetAddress from) throws InterruptedException {
      Path place = place();
      EtcdServer server = null;
      try (Client client = EtcdMetadataStore.client(endpoints.uris())) {
        var members = new EtcdMembers(client);
        List<Member> others = members.started();
        EtcdLaunch launch =
            EtcdLaunch.beside(
                others, memberName(), from, endpoints.last().getPort(), options.reservedPort());
        long id = members.add(launch.peer());
        boolean stays = false;
        try {
          server = launch(launch, place);
          if (!awaitServing(server, launch.client())) {
            throw failed("etcd did not join %s: %s".formatted(endpoints, server.lastWords()));
          }
          List<URI> all = new ArrayList<>(EtcdMembers.clientUris(others).toList());
          all.add(launch.client());
          var own = new EtcdOwn(server, id, launch.client(), place);
          server = null;
          MetadataStore store = keep(own, all, "joined " + endpoints + " with");
          stays = true;
          return store;
        } finally {
          if (!stays) {
            members.remove(id);
          }
        }
      } catch (IOException e) {
        throw failed("etcd cannot be started: " + e.getMessage());
      } finally {
        if (server != null) {
          server.close();
          EtcdOwn.remove(place);
        }
      }
    }

    /// Not only a name: by it an etcd of ours is told from one of somebody else at the same place.
    private static String memberName() {
      return "vinery-%d-%d".formatted(ProcessHandle.current().pid(), System.nanoTime());
    }

    private static Path place() {
      try {
        return Files.createTempDirectory("vinery-etcd-");
      } catch (IOException e) {
        throw failed("there is no place for etcd: " + e.getMessage());
      }
    }

    private EtcdServer launch(EtcdLaunch launch, Path place)
        throws IOException, InterruptedException {
      String program = program();
      Path data = options.directory().orElse(place.resolve("data"));
      Files.createDirectories(data);
      return EtcdServer.start(launch.command(program, data), place.resolve("log"), report);
    }

    private String program() {
      Map<String, String> environment = System.getenv();
      if (options.program().isEmpty()) {
        return EtcdProgram.find(environment)
            .map(Path::toString)
            .orElseThrow(() ->
                failed(
                    "nobody listens at %s, and there is no etcd to be started: %s"
                        .formatted(endpoints, EtcdProgram.ADVICE)));
      }
      String named = options.program().get();
      return EtcdProgram.named(named, environment)
          .map(Path::toString)
          .orElseThrow(() ->
              failed("--etcd_cmd: there is no program '%s' that can be run".formatted(named)));
    }

    /// Waits until somebody listens where the etcd should.
    ///
    /// @return false if the etcd ends before
    private boolean awaitServing(EtcdServer server, URI client) throws InterruptedException {
      var here = new EtcdEndpoints(List.of(client));
      while (here.reachedFrom().isEmpty()) {
        if (!server.alive()) {
          return false;
        }
        if (deadlineNanos - System.nanoTime() <= 0) {
          throw failed(
              "etcd does not serve within %d s, see --meta_timeout: %s"
                  .formatted(options.patience().toSeconds(), server.lastWords()));
        }
        Thread.sleep(PROBE_INTERVAL);
      }
      return true;
    }

    /// The etcd that was started, unless it is another one that serves in its place.
    private static Optional<EtcdOwn> own(EtcdServer server, EtcdLaunch launch, Path place) {
      try (Client client = EtcdMetadataStore.client(List.of(launch.client()))) {
        return new EtcdMembers(client)
            .find(launch.peer())
            .filter(member -> member.getName().equals(launch.name()))
            .map(member -> new EtcdOwn(server, member.getId(), launch.client(), place));
      }
    }

    /// Has an etcd go on until the store is closed.
    private MetadataStore keep(EtcdOwn own, List<URI> all, String how) throws InterruptedException {
      own.server().keep();
      var store = EtcdMetadataStore.with(own, all);
      awaitAnswer(store, "the etcd that was started does not answer");
      report.accept(
          "%s an etcd at %s, data in %s, pid=%d"
              .formatted(
                  how, own.client(), options.directory().orElse(own.place()), own.server().pid()));
      return store;
    }

    private static MetadataException failed(String reason) {
      return new MetadataException(Status.ETCD_ERROR, reason);
    }
  }
}
