package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Builder;
import dev.vinery.client.Client;
import dev.vinery.client.Draft;
import dev.vinery.client.Resolver;
import dev.vinery.client.VineryObject;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.ObjectId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The type of `docs/types-of-your-own.md`, and who resolves what.
final class TypesOfYourOwnTest {
  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon();

  private static final Track RIGI = new Track("Rigi", Tensor.of(435.0, 1797.0));

  /// Makes a text of every object of some types.
  private record Texts(String typeNamePrefix, String text) implements Resolver {
    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      object.close();
      return text;
    }
  }

  @Test
  void thePageShowsTheTypeThatIsTested() throws Exception {
    List<String> page = Files.readAllLines(Path.of("../docs/types-of-your-own.md"));
    List<String> source =
        Files.readAllLines(Path.of("src/test/java/dev/vinery/types/Track.java")).stream()
            .filter(line -> !line.startsWith("package") && !line.startsWith("///"))
            .toList();

    List<String> shown =
        page.subList(page.indexOf("```java") + 1, page.lastIndexOf("```")).stream()
            .filter(line -> !line.startsWith("import dev.vinery.types"))
            .toList();

    assertThat(shown.subList(0, shown.indexOf("```")))
        .isEqualTo(source.subList(source.indexOf("") + 1, source.size()));
  }

  @Test
  void aValueOfATypeOfYourOwnComesBack() {
    var stored = new Track.Stored();
    try (Client client = DAEMON.connect();
        var _ = client.register((Builder<Track>) stored);
        var _ = client.register((Resolver) stored)) {
      ObjectId id = client.put(RIGI);

      assertThat(client.get(id, Track.class)).isEqualTo(RIGI);
      assertThat(client.get(id)).isEqualTo(RIGI);
    }
  }

  @Test
  void withoutItsResolverItIsAnObjectThatCanBeWalkedThrough() {
    try (Client client = DAEMON.connect()) {
      ObjectId id = client.create(new Track.Stored().draft(RIGI, _ -> heights(client)));

      assertThat(client.get(id))
          .isInstanceOfSatisfying(
              VineryObject.class,
              object -> {
                assertThat(object.typeName()).isEqualTo("hikes::Track");
                assertThat(object.metadata().text("title")).isEqualTo("Rigi");
                assertThat(object.member("heights").value()).isEqualTo(RIGI.heights());
              });
    }
  }

  private static Draft heights(Client client) {
    return new Draft.Existing(client.put(RIGI.heights()));
  }

  @Test
  void theLongestPrefixDecidesAndRegistrationsEnd() {
    try (Client client = DAEMON.connect()) {
      ObjectId id = client.create(Draft.object("a::B<int>").build());
      try (var _ = client.register(new Texts("a::B", "short"))) {
        assertThat(client.get(id)).isEqualTo("short");
        try (var _ = client.register(new Texts("a::B<", "long"));
            var _ = client.register(new Texts("a::", "shorter"))) {
          assertThat(client.get(id)).isEqualTo("long");
        }
        try (var _ = client.register(new Texts("a::B", "later"))) {
          assertThat(client.get(id)).isEqualTo("later");
        }
        assertThat(client.get(id)).isEqualTo("short");
      }
      assertThat(client.get(id)).isInstanceOf(VineryObject.class);
    }
  }

  private interface Shape {}

  private record Circle(long radius) implements Shape {}

  /// Stores every value of a type as a text.
  private record AsText<T>(Class<T> type, String text) implements Builder<T> {
    @Override
    public Draft draft(T value, Function<Object, Draft> drafts) {
      return drafts.apply(text);
    }
  }

  @Test
  void theMostSpecificBuilderIsUsedAndItsRegistrationEnds() {
    var circle = new Circle(3);
    try (Client client = DAEMON.connect();
        Client other = DAEMON.connect()) {
      try (var _ = client.register(new AsText<>(Shape.class, "a shape"))) {
        try (var _ = client.register(new AsText<>(Circle.class, "a circle"))) {
          assertThat(client.get(client.put(circle))).isEqualTo("a circle");
        }
        assertThat(client.get(client.put(circle))).isEqualTo("a shape");
        assertThatThrownBy(() -> other.put(circle)).isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> client.put(circle))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Circle");
    }
  }
}
