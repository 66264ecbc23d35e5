package dev.vinery.server;

import dev.vinery.protocol.JsonWriter;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The text of one object with all its members, printed some at a time.
///
/// A member that is used several times is printed several times, so a text can be very much longer
/// than what was sent. Others may take the store lock between two turns, and change labels or names
/// that are not printed yet; once the object itself is gone, its text cannot be printed on. A long
/// text is kept in pieces, because an array that grows is copied as a whole now and then.
///
/// Guarded by the store lock, except for [#metadata()].
final class ObjectText {
  /// Bytes of the writer's memory that are kept for the next piece.
  private static final int KEEP_BYTES = 1 << 20;

  private final ObjectTable objects;
  private final LiveObject top;
  private final long maxBytes;
  private final JsonWriter out = new JsonWriter();
  private final List<byte[]> pieces = new ArrayList<>();
  private long piecesBytes;
  private boolean broken;
  private final Deque<Unfinished> unfinished = new ArrayDeque<>();

  /// An object of which members are still to be printed.
  private static final class Unfinished {
    private final LiveObject object;
    private int printed;

    Unfinished(LiveObject object) {
      this.object = object;
    }
  }

  ObjectText(ObjectTable objects, LiveObject top, long maxBytes) {
    this.objects = objects;
    this.top = top;
    this.maxBytes = maxBytes;
  }

  LiveObject top() {
    return top;
  }

  long sizeBytes() {
    return piecesBytes + out.sizeBytes();
  }

  /// Whether the object has no text, because another daemon has stored it without a member, or has
  /// deleted one.
  boolean isBroken() {
    return broken;
  }

  /// Whether the text took more than one turn.
  boolean isLong() {
    return piecesBytes > 0;
  }

  /// Prints about so many bytes more.
  ///
  /// @return whether the text is complete
  /// @throws ProtocolException if the text is longer than it may be
  boolean print(long turnBytes) {
    if (out.sizeBytes() == 0) {
      begin(top);
    } else {
      beginPiece();
    }
    while (!broken && !unfinished.isEmpty() && out.sizeBytes() < turnBytes) {
      Unfinished last = unfinished.getLast();
      if (last.printed == last.object.memberCount()) {
        out.endObject();
        unfinished.removeLast();
      } else {
        print(last.object, last.object.member(last.printed++));
      }
    }
    return broken || unfinished.isEmpty();
  }

  /// The writer puts a comma after what it has printed last, so a digit stands for that.
  private void beginPiece() {
    byte[] piece = out.toByteArray();
    pieces.add(piece);
    piecesBytes += piece.length - prefixBytes(pieces.size() - 1);
    out.reset(KEEP_BYTES);
    out.signed(0);
  }

  private static int prefixBytes(int piece) {
    return piece == 0 ? 0 : 1;
  }

  /// The complete text. To be called without the store lock if the text is long.
  Metadata metadata() {
    byte[] last = out.toByteArray();
    if (pieces.isEmpty()) {
      return Metadata.ofJson(last);
    }
    pieces.add(last);
    var text = new ByteArrayOutputStream(Math.toIntExact(sizeBytes()));
    for (int i = 0; i < pieces.size(); i++) {
      byte[] piece = pieces.get(i);
      text.write(piece, prefixBytes(i), piece.length - prefixBytes(i));
    }
    return Metadata.ofJson(text.toByteArray());
  }

  private void begin(LiveObject object) {
    object.print(out);
    if (sizeBytes() > maxBytes) {
      throw new ProtocolException(
          "object %s has more than %d bytes of text with its members"
              .formatted(top.id(), maxBytes));
    }
    unfinished.addLast(new Unfinished(object));
  }

  private void print(LiveObject owner, Member member) {
    out.name(member.name());
    if (member.id().isBlob()) {
      objects.printBlob(member, out);
      return;
    }
    LiveObject below = objects.below(owner, member);
    if (below == null || unfinished.size() > ObjectPlan.MAX_DEPTH) {
      broken = true;
    } else {
      begin(below);
    }
  }
}
