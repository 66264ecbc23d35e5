package dev.vinery.benchmarks;

import dev.vinery.posix.PosixException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Both daemons, freshly started, for the loads of one suite. Confined to one thread.
final class SideBySide implements AutoCloseable {
  private final Run run;
  private final Map<Side, DaemonProcess> daemons = new EnumMap<>(Side.class);

  /// Makes the worker of a client that is connected to one of the daemons.
  interface Opening<C> {
    /// @param client connected; the worker closes it
    Worker open(C client, Side side);
  }

  private SideBySide(Run run) {
    this.run = run;
  }

  static SideBySide start(Run run) throws IOException {
    var both = new SideBySide(run);
    boolean started = false;
    try {
      for (Side side : Side.values()) {
        both.daemons.put(side, run.start(side));
      }
      started = true;
      return both;
    } finally {
      if (!started) {
        both.close();
      }
    }
  }

  RunOptions options() {
    return run.options();
  }

  DaemonProcess daemon(Side side) {
    DaemonProcess daemon = daemons.get(side);
    if (daemon == null) {
      throw new IllegalStateException("there is no daemon on side " + side);
    }
    return daemon;
  }

  /// Stops a daemon and starts it anew, empty.
  DaemonProcess restart(Side side) throws IOException {
    daemon(side).close();
    DaemonProcess fresh = run.start(side);
    daemons.put(side, fresh);
    return fresh;
  }

  /// Runs a load through every kind of client, on both daemons.
  ///
  /// @param content what blobs are filled with
  Outcome<Contender> compare(Load load, Content content, Opening<LoadClient> opening)
      throws PosixException {
    SequencedMap<Contender, Comparison.Opening> contenders = new LinkedHashMap<>();
    for (ClientKind kind : run.clients()) {
      for (Side side : Side.values()) {
        contenders.put(
            new Contender(kind, side),
            _ -> opening.open(kind.connect(daemon(side).socket(), content), side));
      }
    }
    return run.comparison().run(load, contenders);
  }

  /// Runs a load that only the official client can do, on both daemons.
  Outcome<Contender> compareOfficial(Load load, Content content, Opening<OfficialClient> opening)
      throws PosixException {
    SequencedMap<Contender, Comparison.Opening> contenders = new LinkedHashMap<>();
    for (Side side : Side.values()) {
      contenders.put(
          new Contender(ClientKind.OFFICIAL, side),
          _ -> opening.open(OfficialClient.connect(daemon(side).socket(), content), side));
    }
    return run.comparison().run(load, contenders);
  }

  /// Runs a load with contenders of its own.
  <K> Outcome<K> run(Load load, SequencedMap<K, Comparison.Opening> contenders)
      throws PosixException {
    return run.comparison().run(load, contenders);
  }

  @Override
  public void close() {
    daemons.values().forEach(DaemonProcess::close);
  }
}
