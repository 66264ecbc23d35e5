package dev.vinery.types;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vinery.client.Client;
import dev.vinery.client.contract.RunningDaemon;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.provider.MethodSource;

/// All resolvers against damage that Jazzer finds. Ordinary runs only repeat the seeds; with
/// `JAZZER_FUZZ=1` in the environment it goes on from them.
final class MetadataFuzzTest {
  private static final int SEEDS_PER_FAMILY = 4;
  private static final int SEED_BYTES = 32;

  @RegisterExtension static final RunningDaemon DAEMON = new RunningDaemon();

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "5m") // has to be the last annotation
  void damagedTreesAreRefusedOrReadInFull(byte[] choices) {
    try (Client client = DAEMON.connect()) {
      Damage.check(client, new Choices(choices));
    }
  }

  /// Different damage to each family, the same in every run.
  static Stream<byte[]> seeds() {
    return IntStream.range(0, Damage.familyCount() * SEEDS_PER_FAMILY)
        .mapToObj(i -> {
          byte[] choices = new byte[SEED_BYTES];
          new SplittableRandom(i).nextBytes(choices);
          choices[0] = (byte) (i / SEEDS_PER_FAMILY);
          return choices;
        });
  }
}
