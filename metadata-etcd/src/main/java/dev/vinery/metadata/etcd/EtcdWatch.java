package dev.vinery.metadata.etcd;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.Watch;
import dev.vinery.metadata.WatchListener;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A watch of all keys of an etcd, so that it knows of every revision; it reports those keys that
/// begin with its prefix.
///
/// Its virtual thread takes what etcd sends from a queue, which grows while the listener is slower.
/// The client library resumes a watch that an outage has broken; if it gives up, the watch is
/// opened anew after the last revision that was reported. Safe for use by several threads.
final class EtcdWatch implements Watch {
  private static final Logger log = System.getLogger(EtcdWatch.class.getName());

  /// How long to wait before a broken watch is opened anew.
  private static final Duration REOPEN_WAIT = Duration.ofSeconds(1);

  private final EtcdLine line;
  private final String prefix;
  private final WatchListener listener;
  private final Consumer<EtcdWatch> whenOver;
  private final Thread thread;

  /// The next revision to report. Confined to the watch's thread.
  private long next;

  private volatile boolean over;

  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

  /// What comes from etcd.
  private sealed interface Signal {
    record Response(WatchResponse response) implements Signal {}

    record Broken(Throwable cause) implements Signal {}

    record Renewed() implements Signal {}
  }

  /// @param whenOver told when nothing more will be reported
  EtcdWatch(
      EtcdLine line,
      String prefix,
      long fromRevision,
      WatchListener listener,
      Consumer<EtcdWatch> whenOver) {
    this.line = line;
    this.prefix = prefix;
    this.next = fromRevision;
    this.listener = listener;
    this.whenOver = whenOver;
    this.thread = Thread.ofVirtual().name("etcd-watch " + prefix).unstarted(this::run);
  }

  /// Opens the watch by the client that is the line's now.
  void reopen() {
    signals.add(new Signal.Renewed());
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!over) {
        follow();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } finally {
      over = true;
      whenOver.accept(this);
    }
  }

  /// Reports until the watch is over or broken.
  private void follow() throws InterruptedException {
    signals.clear(); // what an earlier opening has left
    WatchOption all = WatchOption.builder().withRange(EtcdBytes.ZERO).withRevision(next).build();
    try (var _ =
        line.client()
            .getWatchClient()
            .watch(
                EtcdBytes.ZERO,
                all,
                io.etcd.jetcd.Watch.listener(
                    response -> signals.add(new Signal.Response(response)),
                    cause -> signals.add(new Signal.Broken(cause))))) {
      while (!over) {
        switch (signals.take()) {
          case Signal.Response(var response) -> report(response);
          case Signal.Broken(CompactedException compacted) -> {
            over = true;
            listener.compacted(compacted.getCompactedRevision());
          }
          case Signal.Renewed() -> {
            return;
          }
          case Signal.Broken(var cause) -> {
            log.log(Level.WARNING, "opening a broken watch anew: {0}", cause.getMessage());
            line.lost();
            var _ = signals.poll(REOPEN_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            return;
          }
        }
      }
    }
  }

  /// A response has all events of each of its revisions.
  private void report(WatchResponse response) {
    var revisions = new TreeMap<Long, List<Change.OfKey>>();
    for (WatchEvent event : response.getEvents()) {
      List<Change.OfKey> changes =
          revisions.computeIfAbsent(event.getKeyValue().getModRevision(), _ -> new ArrayList<>());
      Change.OfKey change = change(event);
      if (change.key().startsWith(prefix)) {
        changes.add(change);
      }
    }
    revisions
        .tailMap(next)
        .forEach((revision, changes) -> {
          if (!over) {
            listener.changed(revision, List.copyOf(changes));
            next = revision + 1;
          }
        });
  }

  private static Change.OfKey change(WatchEvent event) {
    String key = EtcdBytes.text(event.getKeyValue().getKey());
    return event.getEventType() == WatchEvent.EventType.DELETE
        ? new Change.Delete(key)
        : new Change.Put(key, EtcdBytes.text(event.getKeyValue().getValue()));
  }

  @Override
  public void close() {
    over = true;
    thread.interrupt();
  }
}
