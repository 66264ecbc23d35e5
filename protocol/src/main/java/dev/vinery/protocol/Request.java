package dev.vinery.protocol;

/// What a client asks of a daemon: one record for each command, in families.
public sealed interface Request
    permits BlobRequest,
        ClusterRequest,
        ExtentRequest,
        NameRequest,
        ObjectRequest,
        PlasmaRequest,
        RemoteBlobRequest,
        SessionRequest,
        SlabRequest,
        SpillRequest,
        StreamRequest,
        Request.Unsupported {

  /// A command of the protocol that this daemon does not serve.
  ///
  /// @param type the wire's name of the command
  /// @param status what it is refused with
  /// @param reason for people
  record Unsupported(String type, Status status, String reason) implements Request {}
}
