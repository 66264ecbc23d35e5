package dev.vinery.io;

import dev.vinery.client.Client;
import dev.vinery.protocol.ObjectId;
import dev.vinery.types.Column;
import dev.vinery.types.DataFrame;
import dev.vinery.types.GlobalDataFrame;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The parts of a frame that are stored already, until they become one. Safe for use by several
/// threads.
final class FrameParts {
  /// Where a part stands: in which part of the source, and which one of it.
  private record Position(int part, int number) implements Comparable<Position> {
    @Override
    public int compareTo(Position other) {
      return part != other.part
          ? Integer.compare(part, other.part)
          : Integer.compare(number, other.number);
    }
  }

  /// A part.
  ///
  /// @param kinds of its columns, in order
  private record Stored(ObjectId id, long rows, List<String> kinds) {}

  private final Client client;
  private final Map<Position, Stored> parts = new TreeMap<>();

  FrameParts(Client client) {
    this.client = client;
  }

  /// Stores a part.
  void put(int part, int number, DataFrame frame) {
    ObjectId id = client.put(frame);
    synchronized (this) {
      parts.put(new Position(part, number), new Stored(id, frame.rowCount(), kinds(frame)));
    }
  }

  private static List<String> kinds(DataFrame frame) {
    return frame.columns().values().stream().map(Column::elementName).toList();
  }

  /// Makes one frame of all parts, persisted as the official drivers do it.
  synchronized ObjectId join() {
    dropEmpty();
    alignColumns();
    List<ObjectId> ids = parts.values().stream().map(Stored::id).toList();
    ids.forEach(client::persist);
    ObjectId whole = client.put(GlobalDataFrame.of(ids));
    client.persist(whole);
    return whole;
  }

  /// Deletes parts without rows, unless no part has any.
  private void dropEmpty() {
    boolean anyRows = parts.values().stream().anyMatch(part -> part.rows() > 0);
    List<Position> empty = new ArrayList<>();
    parts.forEach((position, part) -> {
      if (part.rows() == 0 && (anyRows || empty.size() < parts.size() - 1)) {
        empty.add(position);
      }
    });
    for (Position position : empty) {
      Stored part = parts.remove(position);
      if (part != null) {
        client.delete(List.of(part.id()));
      }
    }
  }

  /// Gives a column one type in all parts. It may have several because what is missing in one part
  /// has changed the type there, as in whole numbers.
  private void alignColumns() {
    int columns = parts.values().iterator().next().kinds().size();
    Set<Integer> mixed = new HashSet<>();
    for (int i = 0; i < columns; i++) {
      int column = i;
      if (parts.values().stream().map(part -> part.kinds().get(column)).distinct().count() > 1) {
        mixed.add(i);
      }
    }
    if (!mixed.isEmpty()) {
      Set<Integer> numbers = new HashSet<>();
      for (int column : mixed) {
        if (parts.values().stream().noneMatch(part -> part.kinds().get(column).equals("str"))) {
          numbers.add(column);
        }
      }
      parts.replaceAll((_, part) -> widened(part, mixed, numbers));
    }
  }

  private Stored widened(Stored part, Set<Integer> mixed, Set<Integer> numbers) {
    try (DataFrame frame = client.get(part.id(), DataFrame.class)) {
      var builder = DataFrame.builder();
      int i = 0;
      for (Map.Entry<String, Column> column : frame.columns().entrySet()) {
        Column value = column.getValue();
        builder.column(
            column.getKey(),
            mixed.contains(i) ? FrameColumns.widened(value, numbers.contains(i)) : value);
        i++;
      }
      DataFrame wide = builder.build();
      ObjectId id = client.put(wide);
      client.delete(List.of(part.id()));
      return new Stored(id, part.rows(), kinds(wide));
    }
  }

  /// Deletes all parts.
  synchronized void discard() {
    client.delete(parts.values().stream().map(Stored::id).toList());
    parts.clear();
  }
}
