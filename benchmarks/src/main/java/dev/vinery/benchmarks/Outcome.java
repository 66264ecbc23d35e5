package dev.vinery.benchmarks;

import java.util.List;
import java.util.SequencedMap;

/// What a comparison gave. Immutable.
///
/// @param load what was done
/// @param turns of each contender, one for each round, in the order of the rounds
/// @param discarded rounds that were done again because others used the machine
/// @param disturbed rounds that count although others used the machine
record Outcome<K>(Load load, SequencedMap<K, List<Turn>> turns, int discarded, int disturbed) {

  List<Turn> turns(K contender) {
    List<Turn> found = turns.get(contender);
    if (found == null) {
      throw new IllegalArgumentException(contender + " took no part in " + load.name());
    }
    return found;
  }

  Spread p50Nanos(K contender) {
    return Spread.of(turns(contender), Turn::p50Nanos);
  }

  Spread p99Nanos(K contender) {
    return Spread.of(turns(contender), Turn::p99Nanos);
  }

  Spread perSecond(K contender) {
    return Spread.of(turns(contender), Turn::perSecond);
  }

  /// How many times as fast a contender's median step is as that of another.
  Spread p50Ratio(K than, K contender) {
    return Spread.ofRatios(
        turns(than), turns(contender), (slow, fast) -> slow.p50Nanos() / fast.p50Nanos());
  }

  Spread p99Ratio(K than, K contender) {
    return Spread.ofRatios(
        turns(than), turns(contender), (slow, fast) -> slow.p99Nanos() / fast.p99Nanos());
  }

  /// How many times as much a contender does in a second as another.
  Spread rateRatio(K than, K contender) {
    return Spread.ofRatios(
        turns(than), turns(contender), (slow, fast) -> fast.perSecond() / slow.perSecond());
  }
}
