package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class IndexEntryTest {
  static Stream<IndexEntry> entries() {
    return Stream.of(
        new IndexEntry.Place(1L << 40, 64),
        new IndexEntry.Named("", new ObjectId(3)),
        new IndexEntry.Named("flüge", new ObjectId(-3)),
        new IndexEntry.Described(
            Metadata.of(Json.Fields.of(Map.of("typename", new Json.Text("int"))))));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void anEntryIsReadAsItWasWritten(IndexEntry entry) {
    assertThat(IndexEntry.read(entry.toBytes())).contains(entry);
  }

  @Test
  void whatIsNoEntryIsNone() {
    assertThat(IndexEntry.read(new byte[0])).isEmpty();
    assertThat(IndexEntry.read(new byte[] {'B', 1, 2})).isEmpty();
    assertThat(IndexEntry.read(new byte[] {'N', 1, 2})).isEmpty();
    assertThat(IndexEntry.read(new byte[] {'?', 1, 2})).isEmpty();
  }
}
