package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.testkit.SeededTest;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class LongMapTest {
  @SeededTest(runs = 300)
  void everyOperationDoesWhatAHashMapDoes(RandomGenerator random) {
    var map = new LongMap<String>();
    var model = new HashMap<Long, String>();
    int range = random.nextInt(1, 2000);
    int removals = random.nextInt(1, 10); // of ten operations
    for (int i = 0; i < 3000; i++) {
      long key = keyOf(random.nextInt(range));
      if (random.nextInt(10) < removals) {
        assertThat(map.remove(key)).isEqualTo(model.remove(key));
      } else {
        assertThat(map.put(key, "v" + i)).isEqualTo(model.put(key, "v" + i));
      }
      long asked = keyOf(random.nextInt(range));
      assertThat(map.get(asked)).isEqualTo(model.get(asked));
      assertThat(map.containsKey(asked)).isEqualTo(model.containsKey(asked));
      assertThat(map.size()).isEqualTo(model.size());
    }
    assertThat(entriesOf(map)).isEqualTo(model);
    for (long key : model.keySet()) {
      assertThat(map.get(key)).isEqualTo(model.get(key));
    }
  }

  /// Keys of several shapes: small, around zero, in upper bits only, like ids made from a clock.
  private static long keyOf(int i) {
    return switch (i % 4) {
      case 0 -> i;
      case 1 -> -i;
      case 2 -> (long) i << 40;
      default -> 0x000D_E0B6_B3A7_6400L + i * 4096L;
    };
  }

  private static Map<Long, String> entriesOf(LongMap<String> map) {
    var entries = new HashMap<Long, String>();
    map.walk((key, value) -> {
      assertThat(entries.put(key, value)).isNull();
      return true;
    });
    return entries;
  }

  @Test
  void zeroAndTheExtremesAreKeysLikeAllOthers() {
    var map = new LongMap<String>();
    assertThat(map.get(0)).isNull();

    map.put(0, "zero");
    map.put(Long.MIN_VALUE, "min");
    map.put(-1, "max");

    assertThat(map.get(0)).isEqualTo("zero");
    assertThat(map.get(Long.MIN_VALUE)).isEqualTo("min");
    assertThat(map.remove(-1)).isEqualTo("max");
    assertThat(map.remove(-1)).isNull();
    assertThat(map.size()).isEqualTo(2);
  }

  @Test
  void itStaysSparseEnoughAndDenseEnoughWhileItGrowsAndShrinks() {
    var map = new LongMap<Long>();
    int count = 100_000;
    for (long i = 1; i <= count; i++) {
      map.put(i << 20, i);
      assertThat(map.size()).isLessThanOrEqualTo(map.places() * 7 / 10);
    }
    assertThat(map.places()).isLessThan(4 * count);

    for (long i = 1; i <= count; i++) {
      assertThat(map.remove(i << 20)).isEqualTo(i);
      assertThat(map.places()).isLessThanOrEqualTo(Math.max(16, 7 * map.size()));
    }
    assertThat(map.places()).isEqualTo(16);
  }

  @Test
  void keysThatDifferLittleAreFoundInFewSteps() {
    var map = new LongMap<Boolean>();
    for (long i = 0; i < 100_000; i++) {
      map.put(0x7FFF_0000_0000_0000L + (i << 12), true);
    }

    assertThat(map.longestSearch()).isLessThan(200);
  }

  @Test
  void valuesAreACopy() {
    var map = new LongMap<String>();
    map.put(1, "one");
    map.put(2, "two");

    for (String value : map.values()) {
      map.remove(value.equals("one") ? 1 : 2);
    }

    assertThat(map.size()).isZero();
    assertThat(map.values()).isEmpty();
  }

  @Test
  void changingItWhileItIsWalkedIsNoticed() {
    var map = new LongMap<String>();
    map.put(1, "one");
    map.put(2, "two");

    assertThatThrownBy(() -> map.walk((key, _) -> map.remove(key) != null))
        .isInstanceOf(ConcurrentModificationException.class);
  }

  @Test
  void clearingRemovesEverything() {
    var map = new LongMap<String>();
    for (int i = 0; i < 1000; i++) {
      map.put(i, "v");
    }

    map.clear();

    assertThat(map.size()).isZero();
    assertThat(map.get(5)).isNull();
    assertThat(entriesOf(map)).isEmpty();
  }
}
