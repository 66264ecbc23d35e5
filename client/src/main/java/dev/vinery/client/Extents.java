package dev.vinery.client;

import dev.vinery.protocol.ExtentReply;
import dev.vinery.protocol.ExtentRequest;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.StoreFullException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The extents of one connection that nobody is writing into. Guarded by the connection's lock.
///
/// Whoever writes has an extent to himself, so as many are lent as threads write at a time. The
/// first ones are small: who puts little takes little.
final class Extents {
  /// Bytes of one extent, as many as the daemon lends at most.
  static final long MAX_BYTES = 1 << 20;

  private static final long FIRST_BYTES = 64 << 10;

  /// How often it is done without before a daemon is asked again that had not enough room.
  private static final int PATIENCE = 64;

  private final Connection connection;
  private final Deque<Extent> idle = new ArrayDeque<>();
  private long nextBytes = FIRST_BYTES;
  private int refrain;

  Extents(Connection connection) {
    this.connection = connection;
  }

  /// Takes an extent, which the caller gives back. He writes into it without the lock.
  ///
  /// @param minBytes room that it must have
  /// @param wantedBytes room that would be good
  /// @return empty if the daemon has no room to lend
  Optional<Extent> take(long minBytes, long wantedBytes) {
    @Nullable Extent last = idle.poll();
    if (last != null && last.leftBytes() >= minBytes) {
      connection.beginWriting();
      return Optional.of(last);
    }
    if (refrain > 0) {
      refrain--;
      if (last != null) {
        idle.push(last);
      }
      return Optional.empty();
    }
    Optional<Extent> lent = exchange(last, Math.max(wantedBytes, nextBytes));
    if (lent.isPresent() && lent.get().leftBytes() < minBytes) {
      idle.push(lent.get());
      lent = Optional.empty();
    }
    if (lent.isPresent()) {
      nextBytes = Math.min(2 * nextBytes, MAX_BYTES);
      connection.beginWriting();
    } else {
      refrain = PATIENCE;
    }
    return lent;
  }

  /// Has an extent lent in the place of one that is used up.
  private Optional<Extent> exchange(@Nullable Extent usedUp, long sizeBytes) {
    List<Request> requests = new ArrayList<>();
    if (usedUp != null) {
      requests.add(new ExtentRequest.Return(usedUp.number()));
    }
    var lease = new ExtentRequest.Lease(Math.min(sizeBytes, MAX_BYTES));
    requests.add(lease);
    Reply reply = connection.callAll(requests, List.of()).getLast();
    try {
      var leased = connection.answer(lease, reply, ExtentReply.Leased.class);
      var memory = connection.files().writable(leased.memory());
      return Optional.of(new Extent(leased.extent(), memory));
    } catch (StoreFullException noRoom) {
      return Optional.empty();
    }
  }

  /// Takes an extent back after blobs were made of what was written.
  void giveBack(Extent extent) {
    connection.endWriting();
    idle.push(extent);
  }

  /// Gives up an extent after something went wrong: nobody knows where its front is.
  void giveUp(Extent extent) {
    connection.post(new ExtentRequest.Return(extent.number()));
    connection.endWriting();
  }
}
