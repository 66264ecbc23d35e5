package dev.vinery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ReplyTextTest {
  private static final String CREATED =
      "{\"created\":{\"data_offset\":141440,\"data_size\":100,\"is_gpu\":false,\"is_owner\":true,"
          + "\"is_sealed\":false,\"map_size\":8589934600,\"object_id\":16753098319760198166,"
          + "\"pointer\":140240909158528,\"store_fd\":-1},\"fd\":9,\"id\":16753098319760198167,"
          + "\"type\":\"create_buffer_reply\"}";

  private final ReplyText reply = new ReplyText();

  @Test
  void numbersAreFoundByTheirKey() {
    set(CREATED);

    assertThat(reply.number("\"data_offset\":")).isEqualTo(141440);
    assertThat(reply.number("\"map_size\":")).isEqualTo(8589934600L);
    assertThat(reply.number("\"store_fd\":")).isEqualTo(-1);
    assertThat(reply.number("\"id\":")).isEqualTo(Long.parseUnsignedLong("16753098319760198167"));
  }

  @Test
  void anIdIsFoundBehindItsMark() {
    set("{\"id\":\"o0000000000000001\",\"buffer_\":{\"id\":\"oe87ef628fec00a29\",\"n\":1}}");

    assertThat(reply.id("\"buffer_\":", "\"id\":\"o")).isEqualTo(0xe87ef628fec00a29L);
  }

  @Test
  void partsAreCounted() {
    set("aa--aa--aaa");

    assertThat(reply.count("aa")).isEqualTo(3);
    assertThat(reply.count("b")).isZero();
  }

  @Test
  void aShorterReplyHidesTheLongerOneBefore() {
    set(CREATED);
    set("{}");

    assertThat(reply).hasToString("{}");
    assertThat(reply.count("id")).isZero();
  }

  @Test
  void aReplyThatWasNotExpectedIsShown() {
    set("{\"code\":12,\"message\":\"no such thing\"}");

    assertThatThrownBy(() -> reply.expect("\"type\":\"seal_reply\""))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no such thing");
    assertThatThrownBy(() -> reply.number("\"id\":"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no such thing");
  }

  private void set(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    reply.set(MemorySegment.ofArray(bytes), bytes.length);
  }
}
