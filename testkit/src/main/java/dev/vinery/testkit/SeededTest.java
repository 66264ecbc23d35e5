package dev.vinery.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test that runs several times, each time on random numbers from a seed of its own.
///
/// The method has a parameter of type [java.util.random.RandomGenerator], which starts afresh from
/// the seed of the run. The seed stands in the run's display name and in the message of its
/// failure.
///
/// Run `i`, counted from 0, has the seed `base + i`. The base is drawn once for a test class and
/// printed, so that every build looks at other cases and none of them is lost. The system property
/// `vinery.seed` replays a seed: each seeded test then runs once, with that seed.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SeededRuns.class)
public @interface SeededTest {
  /// How often the test runs, at least 1.
  int runs();
}
