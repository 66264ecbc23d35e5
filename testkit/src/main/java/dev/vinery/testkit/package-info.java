/// What the tests of several modules share. Read [SeededTest] first, then [FakeClock].
package dev.vinery.testkit;
