package dev.vinery.io;

import dev.vinery.arrow.ArrowMemory;
import dev.vinery.client.Client;
import dev.vinery.client.Registration;
import dev.vinery.protocol.ObjectId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.arrow.memory.BufferAllocator;

/// Opens what URIs name, and reads it into a daemon's memory: as a stream, at once, or as a
/// finished frame. Safe for use by several threads.
///
/// Which driver reads a URI is found by its scheme among those that are registered here, then among
/// those on the module path.
public final class Drivers {
  private static final int MAX_WORKERS = 1024;

  private final Client client;
  private final List<Driver> drivers = new CopyOnWriteArrayList<>();

  private Drivers(Client client) {
    this.client = client;
    drivers.addAll(
        ServiceLoader.load(Driver.class).stream().map(ServiceLoader.Provider::get).toList());
  }

  /// The drivers on the module path, for a client, which stays the caller's.
  public static Drivers of(Client client) {
    return new Drivers(client);
  }

  /// Adds a driver, which is preferred to all that are there.
  ///
  /// @return what takes it away again when it is closed
  public Registration register(Driver driver) {
    drivers.addFirst(driver);
    return () -> drivers.remove(driver);
  }

  /// @throws IllegalArgumentException if no driver knows the scheme
  private Driver driver(String scheme) {
    for (Driver driver : drivers) {
      if (driver.scheme().equals(scheme)) {
        return driver;
      }
    }
    var known = new TreeSet<String>();
    drivers.forEach(driver -> known.add(driver.scheme()));
    throw new IllegalArgumentException(
        "no driver knows the scheme '%s', only %s".formatted(scheme, String.join(", ", known)));
  }

  /// Reads all that a URI names into a frame.
  ///
  /// @return the id of a `vineyard::GlobalDataFrame`, of several parts
  /// @throws IOException if it cannot be read to its end, with file, line and reason; then nothing
  ///   is stored
  /// @throws IllegalArgumentException if the scheme or an option is unknown or wrong
  /// @throws InterruptedException if the thread is interrupted; then nothing is stored
  public ObjectId load(String uri, Map<String, String> options)
      throws IOException, InterruptedException {
    return load(uri, options, new Meter());
  }

  /// Reads all that a URI names into a frame.
  ///
  /// @param meter is told how far reading has come
  /// @see #load(String, Map)
  public ObjectId load(String uri, Map<String, String> options, Meter meter)
      throws IOException, InterruptedException {
    Opening opening = Opening.of(Location.parse(uri, options));
    Reading reading = read(opening, true);
    if (!(reading instanceof Reading.Batches batches)) {
      throw new IllegalArgumentException(uri + ": bytes cannot become a frame");
    }
    meter.expectBytes(batches.totalBytes());
    var parts = new FrameParts(client);
    boolean complete = false;
    try {
      load(batches, opening.workers(), parts, meter);
      ObjectId frame = parts.join();
      complete = true;
      return frame;
    } finally {
      if (!complete) {
        Cleanup.run(parts::discard);
      }
    }
  }

  private void load(Reading.Batches batches, int workers, FrameParts parts, Meter meter)
      throws IOException, InterruptedException {
    var stopped = new java.util.concurrent.atomic.AtomicBoolean();
    List<Crew.Task> tasks = new ArrayList<>();
    for (int i = 0; i < batches.parts().size(); i++) {
      int part = i;
      tasks.add(() -> {
        try (BufferAllocator memory = memory()) {
          batches.parts().get(part).read(new FrameSink(parts, part, memory, meter, stopped::get));
        } catch (IOException | RuntimeException | Error e) {
          stopped.set(true);
          throw e;
        }
      });
    }
    var crew = new Crew(workers, tasks, false);
    crew.start();
    try {
      crew.join();
    } finally {
      stopped.set(true);
      crew.close();
    }
  }

  /// Begins to read what a URI names, and returns at once.
  ///
  /// The stream is a `vineyard::DataframeStream`, or, for bytes, a `vineyard::ByteStream`; of
  /// several, if `num_workers` is more than 1, it is a `vineyard::StreamCollection`.
  ///
  /// @return the stream, which the caller closes
  /// @throws IOException if there is nothing that can be read; then there is no stream
  /// @throws IllegalArgumentException if the scheme or an option is unknown or wrong
  public OpenedStream open(String uri, Map<String, String> options) throws IOException {
    return open(uri, options, new Meter());
  }

  /// Begins to read what a URI names, and returns at once.
  ///
  /// @param meter is told how far reading has come
  /// @see #open(String, Map)
  public OpenedStream open(String uri, Map<String, String> options, Meter meter)
      throws IOException {
    Opening opening = Opening.of(Location.parse(uri, options));
    Reading reading = read(opening, false);
    meter.expectBytes(reading.totalBytes());
    return StreamOpening.begin(client, reading, meter);
  }

  /// Writes all of a stream to a file, as it comes; of several streams, to a file for each, with
  /// `_0`, `_1` and so on behind its name. Files appear when they are complete.
  ///
  /// @param stream a stream of batches or bytes, or a collection of them
  /// @throws IOException if a file cannot be written; then the stream is dropped, and nothing left
  /// @throws IllegalArgumentException if the scheme or an option is unknown or wrong
  /// @throws InterruptedException if the thread is interrupted; then the stream is dropped
  public void save(ObjectId stream, String uri, Map<String, String> options)
      throws IOException, InterruptedException {
    save(stream, uri, options, new Meter());
  }

  /// Writes all of a stream to a file.
  ///
  /// @param meter is told how far writing has come
  /// @see #save(ObjectId, String, Map)
  public void save(ObjectId stream, String uri, Map<String, String> options, Meter meter)
      throws IOException, InterruptedException {
    Location location = Location.parse(uri, options);
    new StreamSaving(client, driver(location.scheme()), meter).save(stream, location);
  }

  /// Memory for the vectors of one part.
  static BufferAllocator memory() {
    return ArrowMemory.views().newChildAllocator("vinery-io", 0, Long.MAX_VALUE);
  }

  private Reading read(Opening opening, boolean whole) throws IOException {
    Location location = opening.location();
    return driver(location.scheme()).read(new ReadRequest(location, opening.workers(), whole));
  }

  /// A location, and what its options say to everybody.
  ///
  /// @param location with the options that are left, which are the driver's
  private record Opening(Location location, int workers) {
    private static Opening of(Location given) {
      var settings = new Settings(given.options());
      int workers = settings.number("num_workers", 1, 1, MAX_WORKERS);
      var left = new java.util.HashMap<>(given.options());
      left.remove("num_workers");
      return new Opening(new Location(given.scheme(), given.path(), left), workers);
    }
  }
}
