package dev.vinery.server;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataKeys;
import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.ProtocolException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/// Changes the tables as the metadata store has changed. Guarded by the store lock.
final class Replica {
  private static final Logger log = System.getLogger(Replica.class.getName());

  private final MetadataKeys keys;
  private final Instances instances;

  Replica(MetadataKeys keys, Instances instances) {
    this.keys = keys;
    this.instances = instances;
  }

  /// Enters what a listing shows.
  void load(List<Entry> entries) {
    apply(
        entries.stream()
            .<Change.OfKey>map(entry -> new Change.Put(entry.key(), entry.value()))
            .toList());
  }

  /// Does what one revision has changed.
  void apply(List<Change.OfKey> changes) {
    for (Change.OfKey change : changes) {
      try {
        apply(change);
      } catch (ProtocolException unreadable) {
        log.log(
            Level.WARNING,
            "unreadable metadata: key={0}: {1}",
            change.key(),
            unreadable.getMessage());
      }
    }
  }

  private void apply(Change.OfKey change) {
    MetadataKeys.Place place = keys.parse(change.key()).orElse(null);
    if (place instanceof MetadataKeys.Place.Instance(var id, var field)) {
      switch (change) {
        case Change.Put(_, var value) -> instances.put(id, field, JsonText.parse(value));
        case Change.Delete _ -> instances.remove(id, field);
      }
    }
  }
}
