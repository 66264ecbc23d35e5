package dev.vinery.protocol;

import java.util.List;

/// Requests about the blobs of a plasma session, found by a text that the client chose.
public sealed interface PlasmaRequest extends Request {
  /// `create_buffer_by_plasma_request`.
  ///
  /// @param plasmaSizeBytes stored and returned, otherwise unused
  record Create(String plasmaId, long sizeBytes, long plasmaSizeBytes) implements PlasmaRequest {}

  /// `get_buffers_by_plasma_request`: unknown ids are left out.
  record Get(List<String> plasmaIds, boolean unsealed) implements PlasmaRequest {
    public Get {
      plasmaIds = List.copyOf(plasmaIds);
    }
  }

  /// `plasma_seal_request`.
  record Seal(String plasmaId) implements PlasmaRequest {}

  /// `plasma_release_request`: a blob that nobody holds any more is deleted.
  record Release(String plasmaId) implements PlasmaRequest {}

  /// `plasma_delete_data_request`.
  record Delete(String plasmaId) implements PlasmaRequest {}
}
