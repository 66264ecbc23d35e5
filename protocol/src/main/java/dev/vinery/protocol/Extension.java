package dev.vinery.protocol;

import java.util.EnumSet;
import java.util.Set;

/// What our client and our daemon can do with each other beyond the protocol. A client names what
/// it can when it registers, the daemon answers with what it lets it do; official peers neither
/// send nor read these fields.
public enum Extension {
  /// Making blobs in memory that was lent, several things in one request: [ExtentRequest], and
  /// metadata that comes with where its blobs lie.
  CALLS("vinery_calls"),
  /// Reading in a [SharedIndex].
  INDEX("vinery_index");

  private final String field;

  Extension(String field) {
    this.field = field;
  }

  static Set<Extension> read(Json.Fields in) {
    Set<Extension> named = EnumSet.noneOf(Extension.class);
    for (Extension each : values()) {
      if (in.flag(each.field, false)) {
        named.add(each);
      }
    }
    return named;
  }

  static void write(Set<Extension> named, JsonWriter out) {
    for (Extension each : values()) {
      if (named.contains(each)) {
        out.field(each.field, true);
      }
    }
  }
}
