package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.metadata.Change;
import dev.vinery.metadata.MetadataStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CommitLineTest {
  private static final Duration LONG = Duration.ofDays(1);

  private final AtomicLong nanos = new AtomicLong();
  private final CommitLine<Wish> line = new CommitLine<>(LONG, nanos::get);

  private record Wish(String key, String value) implements CommitLine.Entry {
    static Wish of(int number) {
      return new Wish("key" + number, "value");
    }

    @Override
    public List<Change> changes() {
      return List.of(new Change.Put(key, value));
    }
  }

  @Test
  void allThatIsThereGoesIntoOneTransactionInOrder() throws InterruptedException {
    add(0, 10);

    assertThat(line.take()).extracting(Wish::key).containsExactly(keys(0, 10));
  }

  @Test
  void aTransactionHoldsSoManyChangesAndBytes() throws InterruptedException {
    int most = MetadataStore.MAX_CHANGES_PER_COMMIT;
    add(0, most + 5);
    line.add(new Wish("large", "x".repeat((int) MetadataStore.MAX_BYTES_PER_COMMIT)));
    line.add(Wish.of(1000));

    assertThat(line.take()).hasSize(most);
    assertThat(line.take()).extracting(Wish::key).containsExactly(keys(most, most + 5));
    assertThat(line.take()).extracting(Wish::key).containsExactly("large");
    assertThat(line.take()).containsExactly(Wish.of(1000));
  }

  @Test
  void changesOfOneKeyGoIntoTransactionsOfTheirOwn() throws InterruptedException {
    line.add(new Wish("a", "1"));
    line.add(new Wish("b", "1"));
    line.add(new Wish("a", "2"));

    assertThat(line.take()).hasSize(2);
    assertThat(line.take()).containsExactly(new Wish("a", "2"));
  }

  @Test
  void whoAskedDuringATransactionWaitsForThoseWhoseItWas() throws Exception {
    add(0, 1);
    assertThat(line.take()).hasSize(1);
    add(1, 4);
    nanos.addAndGet(LONG.toNanos());
    line.ended();

    var next = CompletableFuture.supplyAsync(this::taken);
    add(4, 5);

    assertThat(next.get()).extracting(Wish::key).containsExactly(keys(1, 5));
  }

  @Test
  void whoDoesNotComeAgainIsNotWaitedForLong() throws InterruptedException {
    CommitLine<Wish> hasty = new CommitLine<>(Duration.ZERO, nanos::get);
    hasty.add(Wish.of(0));
    hasty.add(Wish.of(1));
    assertThat(hasty.take()).hasSize(2);
    hasty.ended();

    hasty.add(Wish.of(2));

    assertThat(hasty.take()).containsExactly(Wish.of(2));
  }

  private List<Wish> taken() {
    try {
      return line.take();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void add(int from, int to) {
    IntStream.range(from, to).mapToObj(Wish::of).forEach(line::add);
  }

  private static String[] keys(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> Wish.of(i).key()).toArray(String[]::new);
  }
}
