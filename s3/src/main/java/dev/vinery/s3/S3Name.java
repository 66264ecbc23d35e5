package dev.vinery.s3;

/// The name of an object in a bucket. Immutable.
///
/// @param key may be empty, or a pattern, where a name means several objects
record S3Name(String bucket, String key) {
  static final String SCHEME = "s3";

  private static final String BEGIN = SCHEME + "://";
  private static final String PATTERN_CHARACTERS = "*?[{";

  /// @param path `bucket/key`, or the same behind `s3://`
  /// @throws IllegalArgumentException if there is no bucket
  static S3Name parse(String path) {
    String name = path.startsWith(BEGIN) ? path.substring(BEGIN.length()) : path;
    int slash = name.indexOf('/');
    String bucket = slash < 0 ? name : name.substring(0, slash);
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException(
          "%s%s names no bucket: write s3://bucket/key".formatted(BEGIN, name));
    }
    return new S3Name(bucket, slash < 0 ? "" : name.substring(slash + 1));
  }

  S3Name withKey(String other) {
    return new S3Name(bucket, other);
  }

  /// Whether it means all objects of a folder.
  boolean isFolder() {
    return key.isEmpty() || key.endsWith("/");
  }

  boolean isPattern() {
    return patternStart() < key.length();
  }

  /// What the keys of all objects begin with that a pattern can mean.
  String fixedPart() {
    return key.substring(0, patternStart());
  }

  private int patternStart() {
    int at = 0;
    while (at < key.length() && PATTERN_CHARACTERS.indexOf(key.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  /// The name as a URI.
  @Override
  public String toString() {
    return BEGIN + bucket + "/" + key;
  }
}
