package dev.vinery.metadata.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.GetOption;
import java.util.List;
import java.util.Optional;

/// The prefixes under which clusters keep their metadata in an etcd.
final class EtcdPrefixes {
  /// What follows the prefix in the keys of daemons.
  private static final String ROOT_SESSION = "/S0000000000000000/";

  /// After so many other prefixes no daemon is looked for any more.
  private static final int LOOKED_AT_MAX = 64;

  private final KV keys;

  EtcdPrefixes(KV keys) {
    this.keys = keys;
  }

  /// A prefix under which there are daemons, if there are none under another.
  ///
  /// Looks at the first key, and at the first key behind those of its prefix, and so on: there may
  /// be very many keys, but few prefixes.
  Optional<String> otherThan(String prefix) {
    String own = prefix + ROOT_SESSION;
    if (first(EtcdBytes.of(own), EtcdBytes.rangeEnd(own)).isPresent()) {
      return Optional.empty();
    }
    ByteSequence from = EtcdBytes.ZERO;
    for (int looked = 0; looked < LOOKED_AT_MAX; looked++) {
      Optional<ByteSequence> first = first(from, EtcdBytes.ZERO);
      if (first.isEmpty()) {
        break;
      }
      String key = EtcdBytes.text(first.get());
      int root = key.indexOf(ROOT_SESSION);
      if (root >= 0) {
        // The first daemon of all may have come since this was looked at.
        return Optional.of(key.substring(0, root)).filter(other -> !other.equals(prefix));
      }
      int slash = key.indexOf('/');
      from =
          slash < 0
              ? EtcdBytes.after(first.get())
              : EtcdBytes.rangeEnd(key.substring(0, slash + 1));
    }
    return Optional.empty();
  }

  private Optional<ByteSequence> first(ByteSequence from, ByteSequence to) {
    GetOption one = GetOption.builder().withRange(to).withLimit(1).withKeysOnly(true).build();
    List<KeyValue> found = EtcdMetadataStore.answered(keys.get(from, one)).getKvs();
    return found.stream().findFirst().map(KeyValue::getKey);
  }
}
