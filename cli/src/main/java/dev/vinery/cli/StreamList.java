package dev.vinery.cli;

import dev.vinery.cli.TextTable.Column;
import dev.vinery.client.Client;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectNotFoundException;
import dev.vinery.protocol.StreamStatus;
import java.util.LinkedHashMap;
import java.util.List;

/// What `vinery ls --streams` tells: how far each stream is, and whether somebody is at its ends.
final class StreamList {
  private final List<Entry> entries;

  private StreamList(List<Entry> entries) {
    this.entries = entries;
  }

  /// One line of the list.
  ///
  /// @param typeName of the object that describes the stream; empty if there is none
  private record Entry(StreamStatus stream, String typeName) {}

  /// @param limit how many are wanted at most
  static StreamList of(Client client, long limit) {
    return new StreamList(
        client.streams().list().stream()
            .limit(limit)
            .map(stream -> new Entry(stream, typeName(client, stream.id())))
            .toList());
  }

  private static String typeName(Client client, ObjectId id) {
    try {
      return client.getMetadata(id).typeName();
    } catch (ObjectNotFoundException undescribed) {
      return "";
    }
  }

  void print(Console console) {
    if (entries.isEmpty()) {
      console.err().println("there are no streams");
      return;
    }
    var table =
        new TextTable(
            Column.text("TYPE"),
            Column.text("STATE"),
            Column.number("READY"),
            Column.number("SIZE"),
            Column.text("READER"),
            Column.text("WRITER"),
            Column.whole("ID"));
    for (Entry entry : entries) {
      StreamStatus stream = entry.stream;
      table.row(
          entry.typeName.isEmpty() ? "-" : entry.typeName,
          stream.reason().isEmpty()
              ? stream.state().word()
              : stream.state().word() + ": " + stream.reason(),
          Long.toString(stream.readyChunks()),
          ByteSize.print(stream.readyBytes()),
          readers(stream),
          stream.hasWriter() ? "yes" : "no",
          stream.id().toString());
    }
    table.print(console.out(), console.columns());
  }

  private static String readers(StreamStatus stream) {
    if (stream.terms().shared()) {
      return "shared by " + stream.readers();
    }
    return stream.hasReader() ? "yes" : "no";
  }

  Json toJson() {
    return new Json.Items(entries.stream().map(StreamList::toJson).toList());
  }

  private static Json toJson(Entry entry) {
    StreamStatus stream = entry.stream;
    var fields = new LinkedHashMap<String, Json>();
    fields.put("id", new Json.Text(stream.id().toString()));
    if (!entry.typeName.isEmpty()) {
      fields.put("typeName", new Json.Text(entry.typeName));
    }
    fields.put("state", new Json.Text(stream.state().word()));
    fields.put("reason", new Json.Text(stream.reason()));
    fields.put("readyChunks", Json.Whole.signed(stream.readyChunks()));
    fields.put("readyBytes", Json.Whole.signed(stream.readyBytes()));
    fields.put("keptBytes", Json.Whole.signed(stream.keptBytes()));
    fields.put("shared", new Json.Flag(stream.terms().shared()));
    fields.put("readers", Json.Whole.signed(stream.readers()));
    fields.put("hasWriter", new Json.Flag(stream.hasWriter()));
    return Json.Fields.of(fields);
  }
}
