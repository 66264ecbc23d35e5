package dev.vinery.metadata.contract;

import org.junit.jupiter.api.Timeout;

/// What every [dev.vinery.metadata.MetadataStore] promises. Each back end's test implements this.
///
/// It is packaged as a jar of its own for the tests of other modules, and stands in a package of
/// its own, so that it is found on the class path beside the module that it tests.
@Timeout(60)
public interface MetadataStoreContract
    extends KeyContract, WatchContract, LeaseContract, LockContract {}
