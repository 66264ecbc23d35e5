package dev.vinery.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ErrnoTest {
  private static final Native.Function NAME = Native.function("strerrorname_np");
  private static final Native.Function DESCRIPTION = Native.function("strerrordesc_np");

  @Test
  void everyNumberHasTheNameAndTheTextOfTheSystem() throws Exception {
    List<Field> fields =
        Arrays.stream(Errno.class.getFields()).filter(f -> f.getType() == int.class).toList();

    assertThat(fields).hasSizeGreaterThan(30);
    for (Field field : fields) {
      int errno = field.getInt(null);
      assertThat(text(NAME.once(errno, 0, 0, 0))).isEqualTo(field.getName());
      assertThat(Errno.describe(errno)).isEqualTo(text(DESCRIPTION.once(errno, 0, 0, 0)));
    }
  }

  @Test
  void aNumberWithoutATextIsStillTold() {
    assertThat(new PosixException("recv", 71))
        .hasMessage("recv failed: error of the kernel (errno 71)");
  }

  @Test
  void anExceptionTellsCallCauseAndNumber() {
    var reset = new PosixException("recv", Errno.ECONNRESET);

    assertThat(reset).hasMessage("recv failed: Connection reset by peer (errno 104)");
    assertThat(reset.errno()).isEqualTo(104);
  }

  @SuppressWarnings("restricted")
  private static String text(long address) {
    return MemorySegment.ofAddress(address).reinterpret(100).getString(0);
  }
}
