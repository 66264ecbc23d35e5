package dev.vinery.metadata.contract;

import dev.vinery.metadata.MetadataStore;
import java.time.Duration;

/// What each back end gives to the contract tests.
interface StoreUnderTest {
  /// The time of a lease that ends in a test: whole seconds, for back ends that count no less.
  Duration LEASE_TIME = Duration.ofSeconds(5);

  /// Longer than any test takes.
  Duration LONG = Duration.ofMinutes(2);

  /// Opens a store in which no key is bound.
  MetadataStore open();

  /// Lets time pass for the leases of the stores that were opened.
  void elapse(Duration time);

  /// Makes the store forget all its revisions but the newest.
  void forgetRevisions(MetadataStore store);
}
