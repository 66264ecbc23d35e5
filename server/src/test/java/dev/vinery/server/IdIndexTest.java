package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.testkit.SeededTest;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class IdIndexTest {
  private final TreeSet<Long> alive = new TreeSet<>(Long::compareUnsigned);
  private final IdIndex index = new IdIndex();

  @SeededTest(runs = 300)
  void idsAscendAsInATreeSet(RandomGenerator random) {
    long clock = random.nextBoolean() ? Long.MAX_VALUE - 5000 : random.nextLong();
    int disorder = random.nextInt(1, 50);
    int removals = random.nextInt(1, 7); // of ten operations
    for (int i = 0; i < 2000; i++) {
      clock += random.nextInt(1, 5);
      if (random.nextInt(10) < removals && !alive.isEmpty()) {
        remove(nearlyAny(random));
      } else {
        add(clock + random.nextInt(disorder));
      }
      assertThat(index.size()).isEqualTo(alive.size());
      if (random.nextInt(50) == 0) {
        assertThat(walk(Integer.MAX_VALUE)).isEqualTo(List.copyOf(alive));
      }
    }
    assertThat(walk(Integer.MAX_VALUE)).isEqualTo(List.copyOf(alive));
  }

  private long nearlyAny(RandomGenerator random) {
    Long higher = alive.higher(alive.first() + random.nextInt(3000));
    return higher == null ? alive.last() : higher;
  }

  private void add(long id) {
    if (alive.add(id)) {
      index.add(id);
    }
  }

  private void remove(long id) {
    assertThat(alive.remove(id)).isTrue();
    assertThat(index.removed(alive::contains)).isEqualTo(alive.size());
  }

  private List<Long> walk(int limit) {
    var seen = new ArrayList<Long>();
    index.ascending(
        alive::contains,
        id -> {
          seen.add(id);
          return seen.size() < limit;
        });
    return seen;
  }

  @Test
  void theUpperHalfComesLast() {
    add(-1);
    add(0);
    add(Long.MIN_VALUE);
    add(Long.MAX_VALUE);

    assertThat(walk(4)).containsExactly(0L, Long.MAX_VALUE, Long.MIN_VALUE, -1L);
  }

  @Test
  void aWalkStopsWhenTheVisitorHasSeenEnough() {
    for (long id = 1000; id > 0; id--) {
      add(id);
    }

    assertThat(walk(3)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void anIdThatIsAddedAgainIsSeenOnce() {
    add(7);
    remove(7);
    add(7);

    assertThat(walk(10)).containsExactly(7L);
    assertThat(index.size()).isEqualTo(1);
  }

  @Test
  void theDeadTakeNoMoreRoomThanTheLiving() {
    for (long id = 0; id < 100_000; id++) {
      add(id);
      if (id >= 100) {
        remove(id - 100);
      }
    }

    assertThat(index.capacity()).isLessThan(500);
    assertThat(walk(1000)).hasSize(100);
  }

  @Test
  void idsThatComeAgainTakeNoMoreRoom() {
    for (long id = 0; id < 100; id++) {
      add(id);
    }
    for (long i = 0; i < 100_000; i++) {
      remove(i % 100);
      add(i % 100);
    }

    assertThat(index.capacity()).isLessThan(500);
    assertThat(walk(1000)).hasSize(100);
  }

  @Test
  void removingAllLeavesNothing() {
    for (long id = 0; id < 1000; id++) {
      add(id);
    }
    for (long id = 999; id >= 0; id--) {
      remove(id);
    }

    assertThat(walk(10)).isEmpty();
    assertThat(index.capacity()).isLessThan(20);
    assertThatThrownBy(() -> index.removed(_ -> true)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void changingItWhileItIsWalkedIsNoticed() {
    add(1);
    add(2);

    assertThatThrownBy(() ->
            index.ascending(
                _ -> true,
                id -> {
                  index.add(id + 10);
                  return true;
                }))
        .isInstanceOf(ConcurrentModificationException.class);
  }
}
