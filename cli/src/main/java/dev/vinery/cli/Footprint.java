package dev.vinery.cli;

import dev.vinery.client.Client;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The memory behind one object: its blobs, each once, however often the object refers to it.
/// Immutable.
///
/// Counted from the blobs, because the size that metadata tells of itself is whatever its author
/// wrote there. Only where no blob tells its length, as in what the official daemon answers, and of
/// what other daemons hold, that has to do.
///
/// @param blobs lengths in bytes
/// @param claimedBytes what the metadata tells of itself
record Footprint(SequencedMap<ObjectId, Long> blobs, long claimedBytes) {
  Footprint {
    blobs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(blobs));
  }

  static Footprint of(Metadata metadata) {
    var blobs = new LinkedHashMap<ObjectId, Long>();
    collect(metadata, blobs);
    return new Footprint(blobs, claimedBytes(metadata));
  }

  private static void collect(Metadata metadata, SequencedMap<ObjectId, Long> into) {
    if (metadata.isBlob()) {
      if (!metadata.id().equals(ObjectId.EMPTY_BLOB)) {
        into.put(metadata.id(), metadata.fields().whole(Metadata.LENGTH, 0));
      }
      return;
    }
    metadata.members().values().forEach(member -> collect(member, into));
  }

  /// What the metadata tells of itself, or its members together if that is more.
  private static long claimedBytes(Metadata metadata) {
    long parts =
        metadata.members().values().stream()
            .filter(member -> !member.isBlob())
            .mapToLong(Footprint::claimedBytes)
            .sum();
    return Math.max(parts, metadata.fields().whole(Metadata.SIZE_BYTES, 0));
  }

  long bytes() {
    long counted = blobs.values().stream().mapToLong(Long::longValue).sum();
    return counted > 0 || blobs.isEmpty() ? counted : Math.max(0, claimedBytes);
  }

  /// Whether some client holds or writes any of an object now, of what lies at the daemon that is
  /// asked.
  static boolean inUse(Client client, Metadata metadata) {
    if (metadata.isBlob()) {
      return metadata.instanceId() == client.instanceId()
          && !metadata.id().equals(ObjectId.EMPTY_BLOB)
          && client.isInUse(metadata.id());
    }
    return metadata.members().values().stream().anyMatch(member -> inUse(client, member));
  }
}
