/// What the tests of several modules share. Read first [dev.vinery.testkit.SeededTest], then
/// [dev.vinery.testkit.Eventually] and [dev.vinery.testkit.WireClient].
package dev.vinery.testkit;
