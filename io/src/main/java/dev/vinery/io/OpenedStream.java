package dev.vinery.io;

import dev.vinery.client.Client;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import java.io.IOException;
import java.util.List;

/// A stream that threads of this process are writing, while others read it. Safe for use by several
/// threads.
///
/// It goes on by itself until all is read, an error ends it, or nobody wants it any more. An error
/// ends all of its parts, and their readers get the reason.
public final class OpenedStream implements AutoCloseable {
  private final Client client;
  private final ObjectId id;
  private final List<ObjectId> parts;
  private final Meter meter;
  private final Crew crew;

  OpenedStream(Client client, ObjectId id, List<ObjectId> parts, Meter meter, Crew crew) {
    this.client = client;
    this.id = id;
    this.parts = List.copyOf(parts);
    this.meter = meter;
    this.crew = crew;
  }

  /// The stream, or, if it has several parts, the collection of them.
  public ObjectId id() {
    return id;
  }

  /// The streams, each a part of the whole, in order.
  public List<ObjectId> parts() {
    return parts;
  }

  /// How far reading has come.
  public Meter meter() {
    return meter;
  }

  /// Waits until all has been written to the stream.
  ///
  /// @throws IOException if something cannot be read, with file, line and reason
  /// @throws dev.vinery.protocol.StoreException if the stream was dropped, or the daemon is gone
  public void join() throws IOException, InterruptedException {
    crew.join();
  }

  /// Ends the stream and deletes it, with what nobody has read yet.
  public void drop() {
    close();
    dropAll(client, parts);
    if (!parts.contains(id)) {
      client.delete(List.of(id));
    }
  }

  /// Drops streams, and deletes the objects that describe them.
  static void dropAll(Client client, List<ObjectId> streams) {
    for (ObjectId stream : streams) {
      try {
        client.streams().drop(stream);
      } catch (ObjectNotFoundException gone) {
        // Its reader has come to its end, and so it went by itself.
      }
      try {
        client.delete(List.of(stream));
      } catch (ObjectNotFoundException gone) {
        // Somebody else has deleted it.
      }
    }
  }

  /// Has the stream fail if it is not complete, and waits until its threads have ended. Closing
  /// twice is fine.
  @Override
  public void close() {
    crew.close();
  }

  @Override
  public String toString() {
    return "OpenedStream[" + id + "]";
  }
}
