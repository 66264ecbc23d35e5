package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.vinery.types.DataFrame;
import dev.vinery.types.Strings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupMeansTest {
  private static final DataFrame FRAME =
      DataFrame.builder()
          .column(
              "kind",
              Strings.ofOptional(
                  List.of(
                      Optional.of("b"),
                      Optional.of("a"),
                      Optional.of("b"),
                      Optional.empty(),
                      Optional.of("c"))))
          .column("x", 1, 2, 5, 1000, Double.NaN)
          .column("n", 1L, 2L, 3L, 4L, 5L)
          .build();

  @Test
  void whatIsMissingIsLeftOut() {
    GroupMeans found = GroupMeans.of(FRAME, "kind", List.of("x", "n"));

    assertThat(found.means().keySet()).containsExactly("a", "b", "c");
    assertThat(found.means())
        .containsEntry("a", List.of(2.0, 2.0))
        .containsEntry("b", List.of(3.0, 2.0))
        .containsEntry("c", List.of(Double.NaN, 5.0));
  }

  @Test
  void aColumnThatIsNotThereIsRefused() {
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> GroupMeans.of(FRAME, "kind", List.of("y")));
  }

  @Test
  void figuresSurviveAFile(@TempDir Path directory) throws IOException {
    var figures =
        new DemoFigures(2, List.of("a", "b"), GroupMeans.of(FRAME, "kind", List.of("n")).means());
    Path file = directory.resolve("figures");

    figures.write(file);

    assertThat(DemoFigures.read(file)).isEqualTo(figures);
    assertThat(DemoFigures.read(file).agreesWith(figures)).isTrue();
  }

  @Test
  void figuresThatDifferDoNotAgree() {
    var means = GroupMeans.of(FRAME, "kind", List.of("n")).means();
    var other = GroupMeans.of(FRAME, "kind", List.of("x")).means();
    var figures = new DemoFigures(2, List.of("a"), means);

    assertThat(figures.agreesWith(new DemoFigures(3, List.of("a"), means))).isFalse();
    assertThat(figures.agreesWith(new DemoFigures(2, List.of("b"), means))).isFalse();
    assertThat(figures.agreesWith(new DemoFigures(2, List.of("a"), other))).isFalse();
  }
}
