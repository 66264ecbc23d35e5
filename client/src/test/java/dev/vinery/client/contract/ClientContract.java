package dev.vinery.client.contract;

import org.junit.jupiter.api.Timeout;

/// What every client can do, through either door, with our daemon and with the official one; what
/// the latter does otherwise is in [Promise].
///
/// It is packaged as a jar of its own for the tests of other modules, and stands in a package of
/// its own, so that it is found on the class path beside the module that it tests.
@Timeout(120) // seconds: an answer that never comes fails one test
public interface ClientContract
    extends BlobContract, ObjectContract, NameContract, SessionContract {
  /// What clients may store in the daemon, in bytes.
  long MEMORY_BYTES = 64 << 20;
}
