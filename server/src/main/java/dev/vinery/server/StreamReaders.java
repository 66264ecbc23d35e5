package dev.vinery.server;

import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.StreamTerms;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The reading side of a stream: the chunks that it keeps, and how far they have been read.
///
/// A stream has one position, which stays when its reader leaves; the chunk that this one was at
/// comes again. What was read is dropped at once. A *shared* stream has a position for each
/// connection that reads, and none for those that left. What all of them have read stays until it
/// is in the way of new chunks or too old.
///
/// A chunk that was dropped while somebody reads it is deleted when he goes on. Guarded by the
/// store lock.
final class StreamReaders {
  private final StreamTerms terms;

  /// What a reader is told when there are no more chunks; null as long as some may come.
  private final Supplier<@Nullable Reply> end;

  private final ChunkLog log = new ChunkLog();
  private final StreamCursor only = new StreamCursor(0);
  private final Map<Peer, StreamCursor> each = new LinkedHashMap<>();
  private final List<ObjectId> dropped = new ArrayList<>();
  private long readByThoseWhoLeft;

  StreamReaders(StreamTerms terms, Supplier<@Nullable Reply> end) {
    this.terms = terms;
    this.end = end;
  }

  // Who reads.

  /// The position of a connection that reads.
  ///
  /// @param from index of the chunk to begin with, if the position is to be a new one
  StreamCursor come(Peer peer, @Nullable Long from) {
    if (!terms.shared()) {
      only.takenBy(peer);
      return only;
    }
    StreamCursor cursor = each.get(peer);
    if (cursor == null || from != null) {
      long first = from == null ? log.start() : Math.clamp(from, log.start(), log.end());
      if (cursor != null) {
        finishReading(cursor);
        cursor.moveTo(first);
        return cursor;
      }
      cursor = new StreamCursor(first);
      cursor.takenBy(peer);
      each.put(peer, cursor);
    }
    return cursor;
  }

  private Stream<StreamCursor> cursors() {
    return terms.shared() ? each.values().stream() : Stream.of(only);
  }

  /// The connections that read.
  List<Peer> peers() {
    return cursors().map(StreamCursor::peer).filter(Objects::nonNull).toList();
  }

  int count() {
    return terms.shared() ? each.size() : only.peer() == null ? 0 : 1;
  }

  /// How many requests wait for a chunk.
  int waiting() {
    return (int) cursors().filter(StreamCursor::waiting).count();
  }

  /// Notes that a connection has ended. What it was reading comes again for the next one.
  ///
  /// @return whether it had come to read
  boolean left(Peer peer) {
    if (terms.shared()) {
      StreamCursor cursor = each.remove(peer);
      if (cursor != null) {
        readByThoseWhoLeft = Math.max(readByThoseWhoLeft, cursor.unfinished());
        finishReading(cursor);
      }
      return cursor != null;
    }
    if (only.readBy() == peer) {
      only.pulledBy(null);
      StreamChunk read = only.endReading();
      if (read != null) {
        if (read.endReading()) {
          dropped.add(read.id());
        } else {
          only.moveTo(only.next() - 1);
        }
      }
    }
    boolean reader = only.peer() == peer;
    if (reader) {
      only.takenBy(null);
    }
    return reader;
  }

  // Reading.

  /// Ends the reading of the chunk that was pulled last.
  void finishReading(StreamCursor cursor) {
    StreamChunk read = cursor.endReading();
    if (read == null) {
      return;
    }
    boolean unneeded = read.endReading();
    if (unneeded) {
      dropped.add(read.id());
    }
    if (!terms.shared()) {
      while (log.start() < cursor.next()) {
        dropFirst();
      }
    }
  }

  /// What a pull is answered now; null if it has to wait.
  @Nullable Reply next(StreamCursor cursor) {
    cursor.moveTo(Math.max(cursor.next(), log.start())); // what was dropped is missed
    return cursor.next() < log.end() ? cursor.pull(log) : end.get();
  }

  /// Answers those who wait and need not any more.
  void wake() {
    for (StreamCursor cursor : cursors().toList()) {
      Reply reply = cursor.waiting() ? next(cursor) : null;
      if (reply != null) {
        cursor.answer(reply);
      }
    }
  }

  // Keeping.

  /// Adds a chunk at the end and hands it to those who wait for it.
  void append(StreamChunk chunk) {
    log.add(chunk);
    wake();
  }

  /// How many chunks are kept.
  int keptCount() {
    return log.count();
  }

  long keptBytes() {
    return log.sizeBytes();
  }

  /// How many chunks somebody who reads has not pulled yet; nobody, if there is no reader.
  int readyCount() {
    return (int) (log.end() - nextOfSlowest());
  }

  long readyBytes() {
    long sizeBytes = log.sizeBytes();
    for (long index = log.start(); index < nextOfSlowest(); index++) {
      sizeBytes -= log.get(index).sizeBytes();
    }
    return sizeBytes;
  }

  private long nextOfSlowest() {
    long slowest = cursors().mapToLong(StreamCursor::next).min().orElse(readByThoseWhoLeft);
    return Math.max(log.start(), slowest);
  }

  /// The index of the first chunk that is not read by all to its end.
  private long firstUnfinished() {
    return cursors().mapToLong(StreamCursor::unfinished).min().orElse(readByThoseWhoLeft);
  }

  /// Whether a new chunk has to wait until more was read, lest the stream pass its limit. Drops
  /// what was read and is in the way.
  ///
  /// @param sizeBytes of the new chunk
  boolean isFull(long sizeBytes) {
    if (terms.limitBytes() == StreamTerms.UNLIMITED) {
      return false;
    }
    long unfinished = firstUnfinished();
    while (log.start() < unfinished && log.count() > 0 && exceeds(sizeBytes)) {
      dropFirst();
    }
    return log.count() > 0 && exceeds(sizeBytes);
  }

  private boolean exceeds(long sizeBytes) {
    return sizeBytes > terms.limitBytes() - log.sizeBytes();
  }

  /// Drops all that was read.
  void dropFinished() {
    long unfinished = firstUnfinished();
    while (log.start() < unfinished && log.count() > 0) {
      dropFirst();
    }
  }

  /// Drops what has been ready for longer than the terms say, read or not.
  void dropOld(long nowNanos) {
    while (log.count() > 0 && nowNanos - oldestNanos() >= terms.limitAge().toNanos()) {
      dropFirst();
    }
  }

  /// When the first chunk became ready, of which there must be one.
  long oldestNanos() {
    return log.get(log.start()).readyNanos();
  }

  /// Drops everything.
  void dropAll() {
    cursors().forEach(this::finishReading);
    while (log.count() > 0) {
      dropFirst();
    }
  }

  private void dropFirst() {
    StreamChunk first = log.removeFirst();
    if (first.drop()) {
      dropped.add(first.id());
    }
  }

  /// Takes the chunks that were dropped and that nobody reads, which are to be deleted.
  List<ObjectId> takeDropped() {
    if (dropped.isEmpty()) {
      return List.of();
    }
    List<ObjectId> taken = List.copyOf(dropped);
    dropped.clear();
    return taken;
  }
}
