package dev.vinery.protocol;

/// A blob of a plasma session: a [Payload] that clients find by a text of their own.
///
/// @param plasmaId chosen by the client; empty if nothing was stored
/// @param plasmaSizeBytes what the client declared; stored and returned, otherwise unused
/// @param referenceCount connections that hold the blob now
public record PlasmaPayload(
    String plasmaId, long plasmaSizeBytes, long referenceCount, Payload payload) {

  static PlasmaPayload read(Json.Fields in) {
    return new PlasmaPayload(
        in.text("plasma_id"), in.count("plasma_size"), in.count("ref_cnt"), Payload.read(in));
  }

  void write(JsonWriter out) {
    out.beginObject()
        .field("data_offset", payload.offset())
        .field("data_size", payload.sizeBytes())
        .field("is_owner", payload.owner())
        .field("is_sealed", payload.sealed())
        .field("map_size", payload.mapSizeBytes())
        .field("object_id", payload.id())
        .field("plasma_id", plasmaId)
        .field("plasma_size", plasmaSizeBytes)
        .field("pointer", payload.pointer())
        .field("ref_cnt", referenceCount)
        .name("store_fd")
        .signed(payload.storeFd())
        .endObject();
  }
}
