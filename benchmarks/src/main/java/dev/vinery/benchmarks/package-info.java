/// Loads that run the official daemon and ours side by side, and the table of what came out.
///
/// Read first [dev.vinery.benchmarks.Benchmarks], which says what is run, then
/// [dev.vinery.benchmarks.Comparison], which says how, and
/// [dev.vinery.benchmarks.OfficialConnection], which says what an official client costs.
package dev.vinery.benchmarks;
