package dev.vinery.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.protocol.ObjectId;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

final class DraftPlanTest {
  private static final Draft BYTES = Draft.blob(MemorySegment.ofArray(new byte[3]));
  private static final Draft NO_BYTES = Draft.blob(MemorySegment.ofArray(new byte[0]));

  @Test
  void membersComeBeforeOwners() {
    var leaf = Draft.object("leaf").member("b", BYTES).build();
    var middle = Draft.object("middle").member("leaf", leaf).build();
    var root = Draft.object("root").member("middle", middle).member("leaf", leaf).build();

    var plan = DraftPlan.of(root);

    assertThat(
            plan.levels().stream()
                .map(level -> level.stream().map(Draft.OfObject::typeName).toList())
                .toList()
                .toString())
        .isEqualTo("[[leaf], [middle], [root]]");
  }

  @Test
  void aSharedMemberIsStoredOnce() {
    var leaf = Draft.object("leaf").member("b", BYTES).build();
    var root = Draft.object("root").member("one", leaf).member("two", leaf).member("b", BYTES);

    var plan = DraftPlan.of(root.build());

    assertThat(plan.levels().getFirst()).containsExactly(leaf);
    assertThat(plan.blobs()).hasSize(1);
  }

  @Test
  void whatTheDaemonHasAndWhatIsEmptyNeedsNoBlob() {
    var root =
        Draft.object("root")
            .member("there", new Draft.Existing(new ObjectId(1)))
            .member("empty", NO_BYTES)
            .build();

    var plan = DraftPlan.of(root);

    assertThat(plan.blobs()).isEmpty();
    assertThat(plan.levels()).hasSize(1);
  }

  @Test
  void nestingHasALimit() {
    Draft draft = BYTES;
    for (int i = 0; i < 201; i++) {
      draft = Draft.object("T").member("m", draft).build();
    }
    Draft tooDeep = draft;

    assertThatThrownBy(() -> DraftPlan.of(tooDeep))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a value must not be nested more than 200 levels deep");
  }
}
