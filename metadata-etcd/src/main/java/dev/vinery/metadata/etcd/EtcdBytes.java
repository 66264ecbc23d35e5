package dev.vinery.metadata.etcd;

import io.etcd.jetcd.ByteSequence;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Text and ranges as etcd takes them: keys are ordered by their bytes, and a range goes from its
/// start up to, and not including, its end.
final class EtcdBytes {
  /// The first key there can be; as the end of a range, the end of all keys.
  static final ByteSequence ZERO = ByteSequence.from(new byte[] {0});

  private static final byte MAX_BYTE = (byte) 0xff;

  private EtcdBytes() {}

  static ByteSequence of(String text) {
    return ByteSequence.from(text, StandardCharsets.UTF_8);
  }

  static String text(ByteSequence bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /// The start of the range of all keys that begin with a prefix, which may be empty.
  static ByteSequence rangeStart(String prefix) {
    return prefix.isEmpty() ? ZERO : of(prefix);
  }

  /// The end of the range of all keys that begin with a prefix, which may be empty.
  static ByteSequence rangeEnd(String prefix) {
    byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
    for (int i = bytes.length - 1; i >= 0; i--) {
      if (bytes[i] != MAX_BYTE) {
        bytes[i]++;
        return ByteSequence.from(Arrays.copyOf(bytes, i + 1));
      }
    }
    return ZERO;
  }

  /// The first key after another one.
  static ByteSequence after(ByteSequence key) {
    return key.concat(ZERO);
  }
}
