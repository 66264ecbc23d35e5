package dev.vinery.metadata;

import static dev.vinery.metadata.MetadataStore.MAX_BYTES_PER_COMMIT;
import static dev.vinery.metadata.MetadataStore.MAX_CHANGES_PER_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.testkit.SeededTest;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChangeGroupsTest {
  private static final Change PUT = new Change.Put("a/b", "1");
  private static final Change LEASED_PUT = new Change.LeasedPut("a/b", "2", 1);
  private static final Change DELETE = new Change.Delete("a/b");
  private static final Change DELETE_RANGE = new Change.DeleteRange("a/");
  private static final Change OTHER = new Change.Put("a", "3");

  @Test
  void aGroupHasABoundedNumberOfChanges() {
    List<Change> changes =
        IntStream.range(0, 2 * MAX_CHANGES_PER_COMMIT + 1)
            .<Change>mapToObj(i -> new Change.Put("k" + i, "1"))
            .toList();

    assertThat(ChangeGroups.of(changes))
        .extracting(List::size)
        .containsExactly(MAX_CHANGES_PER_COMMIT, MAX_CHANGES_PER_COMMIT, 1);
    assertThat(ChangeGroups.of(List.of())).isEmpty();
  }

  @Test
  void aGroupHasABoundedNumberOfBytesUnlessAChangeAloneHasMore() {
    var third = new Change.Put("k", "x".repeat((int) (MAX_BYTES_PER_COMMIT / 3 / 3)));
    var most = new Change.Put("b", "x".repeat((int) (MAX_BYTES_PER_COMMIT / 3) - 1));
    var more = new Change.Put("c", "x".repeat((int) MAX_BYTES_PER_COMMIT));

    assertThat(ChangeGroups.of(List.of(most, third, OTHER, more, DELETE)))
        .extracting(List::size)
        .containsExactly(1, 2, 1, 1);
    assertThat(ChangeGroups.of(List.of(more))).hasSize(1);
  }

  @Test
  void aGroupDoesNotContradictItself() {
    for (Change first : List.of(PUT, LEASED_PUT)) {
      for (Change second : List.of(PUT, LEASED_PUT, DELETE, DELETE_RANGE)) {
        assertThat(ChangeGroups.of(List.of(first, OTHER, second)))
            .containsExactly(List.of(first, OTHER), List.of(second));
        assertThat(ChangeGroups.of(List.of(second, OTHER, first)))
            .containsExactly(List.of(second, OTHER), List.of(first));
      }
    }
    assertThat(ChangeGroups.of(List.of(DELETE, DELETE, DELETE_RANGE, DELETE, OTHER))).hasSize(1);
  }

  @SeededTest(runs = 100)
  void theGroupsAreTheListCut(RandomGenerator random) {
    List<Change> all = List.of(PUT, LEASED_PUT, DELETE, DELETE_RANGE, OTHER);
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      // Mostly harmless, so that groups of all sizes come out.
      changes.add(
          random.nextInt(40) == 0
              ? all.get(random.nextInt(all.size()))
              : new Change.Put("k" + i, "1"));
    }

    List<List<Change>> groups = ChangeGroups.of(changes);

    assertThat(groups.stream().flatMap(List::stream)).containsExactlyElementsOf(changes);
    assertThat(groups)
        .allSatisfy(group -> assertThat(group).hasSizeBetween(1, MAX_CHANGES_PER_COMMIT));
  }

  @Test
  void keysAreNotEmpty() {
    assertThatThrownBy(() -> new Change.Put("", "1")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Change.LeasedPut("", "1", 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Change.Delete("")).isInstanceOf(IllegalArgumentException.class);
  }
}
