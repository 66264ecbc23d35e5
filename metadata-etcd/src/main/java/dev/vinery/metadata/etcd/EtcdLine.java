package dev.vinery.metadata.etcd;

import dev.vinery.protocol.MetadataException;
import dev.vinery.protocol.Status;
import io.etcd.jetcd.Client;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The client of an etcd, and a new one after each outage.
///
/// The client library waits longer and longer before it connects again: after an outage of half a
/// minute, for up to as long once more. So the addresses are tried here, and when somebody listens,
/// a new client takes the place of the old one. Calls that wait for the old one fail then: closed,
/// it would answer none of them. Safe for use by several threads.
final class EtcdLine implements AutoCloseable {
  /// How long to wait between two tries.
  private static final Duration TRY_WAIT = Duration.ofMillis(250);

  /// How long one address has to accept.
  private static final Duration TRY_TIME = Duration.ofSeconds(1);

  private final List<URI> endpoints;
  private final Runnable renewed;
  private final AtomicLong callNumbers = new AtomicLong();
  private final Map<Long, CompletableFuture<?>> calls = new ConcurrentHashMap<>();
  private volatile Client client;

  /// Guarded by `this`.
  private boolean trying;

  private volatile boolean closed;

  /// @param renewed called when there is a new client
  EtcdLine(List<URI> endpoints, Runnable renewed) {
    this.endpoints = List.copyOf(endpoints);
    this.renewed = renewed;
    this.client = EtcdMetadataStore.client(endpoints);
  }

  Client client() {
    return client;
  }

  /// Has a call fail at the end of an outage, if it is not answered before.
  <T> CompletableFuture<T> track(CompletableFuture<T> call) {
    long number = callNumbers.incrementAndGet();
    calls.put(number, call);
    return call.whenComplete((_, _) -> calls.remove(number));
  }

  /// Tells that etcd cannot be reached. Returns at once.
  synchronized void lost() {
    if (!trying && !closed) {
      trying = true;
      Thread.ofVirtual().name("etcd-line").start(this::tryUntilReached);
    }
  }

  private void tryUntilReached() {
    try {
      while (!closed) {
        Thread.sleep(TRY_WAIT);
        if (endpoints.stream().anyMatch(EtcdLine::accepts)) {
          renew();
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean accepts(URI endpoint) {
    try (var socket = new Socket()) {
      var address = new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
      socket.connect(address, Math.toIntExact(TRY_TIME.toMillis()));
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  private void renew() {
    Client old = client;
    synchronized (this) {
      trying = false;
      if (closed) {
        return;
      }
      client = EtcdMetadataStore.client(endpoints);
    }
    var reason = new MetadataException(Status.ETCD_ERROR, "etcd was lost, and is back");
    List.copyOf(calls.values()).forEach(call -> call.completeExceptionally(reason));
    renewed.run();
    old.close();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    client.close();
  }
}
