package dev.vinery.protocol;

/// Where the bytes of one blob lie.
///
/// @param storeFd key of the memory file, never a descriptor; a descriptor follows a reply once per
///   connection for each key the connection has not seen; -1 for the empty blob
/// @param offset bytes from the start of the memory file
/// @param sizeBytes length of the blob, as requested
/// @param mapSizeBytes bytes of the file that may be mapped, plus [#MAP_SIZE_EXCESS_BYTES]
/// @param pointer address in the daemon, which no client of ours uses
/// @param owner whether the session still owns the blob
public record Payload(
    ObjectId id,
    int storeFd,
    long offset,
    long sizeBytes,
    long mapSizeBytes,
    long pointer,
    boolean sealed,
    boolean owner) {
  /// Clients map eight bytes less than a payload says.
  public static final int MAP_SIZE_EXCESS_BYTES = 8;

  /// The key of blobs that lie nowhere.
  public static final int NO_STORE_FD = -1;

  /// The empty blob.
  public static final Payload EMPTY =
      new Payload(ObjectId.EMPTY_BLOB, NO_STORE_FD, 0, 0, 0, 0, false, true);

  static Payload read(Json.Fields in) {
    return new Payload(
        in.id("object_id"),
        in.storeFd("store_fd"),
        in.count("data_offset"),
        in.count("data_size"),
        in.count("map_size"),
        in.whole("pointer", 0),
        in.flag("is_sealed", false),
        in.flag("is_owner", true));
  }

  void write(JsonWriter out) {
    out.beginObject()
        .field("data_offset", offset)
        .field("data_size", sizeBytes)
        .field("is_gpu", false)
        .field("is_owner", owner)
        .field("is_sealed", sealed)
        .field("map_size", mapSizeBytes)
        .field("object_id", id)
        .field("pointer", pointer)
        .name("store_fd")
        .signed(storeFd)
        .endObject();
  }
}
