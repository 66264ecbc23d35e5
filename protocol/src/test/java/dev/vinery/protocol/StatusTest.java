package dev.vinery.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTest {
  /// The numbers of the reference implementation's `src/common/util/status.h`.
  private static final Map<Integer, Status> TABLE = new LinkedHashMap<>();

  static {
    TABLE.put(0, Status.OK);
    TABLE.put(1, Status.INVALID);
    TABLE.put(2, Status.KEY_ERROR);
    TABLE.put(3, Status.TYPE_ERROR);
    TABLE.put(4, Status.IO_ERROR);
    TABLE.put(5, Status.END_OF_FILE);
    TABLE.put(6, Status.NOT_IMPLEMENTED);
    TABLE.put(7, Status.ASSERTION_FAILED);
    TABLE.put(8, Status.USER_INPUT_ERROR);
    TABLE.put(11, Status.OBJECT_EXISTS);
    TABLE.put(12, Status.OBJECT_NOT_FOUND);
    TABLE.put(13, Status.OBJECT_SEALED);
    TABLE.put(14, Status.OBJECT_NOT_SEALED);
    TABLE.put(15, Status.OBJECT_IS_BLOB);
    TABLE.put(16, Status.OBJECT_TYPE_ERROR);
    TABLE.put(17, Status.OBJECT_SPILLED);
    TABLE.put(18, Status.OBJECT_NOT_SPILLED);
    TABLE.put(21, Status.META_TREE_INVALID);
    TABLE.put(22, Status.META_TREE_TYPE_INVALID);
    TABLE.put(23, Status.META_TREE_TYPE_NOT_EXISTS);
    TABLE.put(24, Status.META_TREE_NAME_INVALID);
    TABLE.put(25, Status.META_TREE_NAME_NOT_EXISTS);
    TABLE.put(26, Status.META_TREE_LINK_INVALID);
    TABLE.put(27, Status.META_TREE_SUBTREE_NOT_EXISTS);
    TABLE.put(31, Status.SERVER_NOT_READY);
    TABLE.put(32, Status.ARROW_ERROR);
    TABLE.put(33, Status.CONNECTION_FAILED);
    TABLE.put(34, Status.CONNECTION_ERROR);
    TABLE.put(35, Status.ETCD_ERROR);
    TABLE.put(36, Status.ALREADY_STOPPED);
    TABLE.put(37, Status.REDIS_ERROR);
    TABLE.put(41, Status.STORE_FULL);
    TABLE.put(42, Status.STREAM_DRAINED);
    TABLE.put(43, Status.STREAM_FAILED);
    TABLE.put(44, Status.INVALID_STREAM_STATE);
    TABLE.put(45, Status.STREAM_OPENED);
    TABLE.put(51, Status.GLOBAL_OBJECT_INVALID);
    TABLE.put(255, Status.UNKNOWN);
  }

  @Test
  void everyStatusHasTheNumberOfTheReference() {
    assertThat(TABLE.values()).containsExactly(Status.values());
    TABLE.forEach((code, status) -> assertThat(status.code()).as(status.name()).isEqualTo(code));
  }

  @Test
  void everyNumberFindsItsStatusAndTheOthersAreUnknown() {
    for (int code = -1; code <= 1000; code++) {
      assertThat(Status.of(code)).isEqualTo(TABLE.getOrDefault(code, Status.UNKNOWN));
    }
    assertThat(Status.of(Integer.MIN_VALUE)).isEqualTo(Status.UNKNOWN);
    assertThat(Status.of(Integer.MAX_VALUE)).isEqualTo(Status.UNKNOWN);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OK")
  void anExceptionKeepsTheStatusItStandsFor(Status status) {
    StoreException exception = StoreException.of(status, "why");

    assertThat(exception.status()).isEqualTo(status);
    assertThat(exception.detail()).isEqualTo("why");
    assertThat(exception).hasMessage("why").isExactlyInstanceOf(kindOf(status));
  }

  private static Class<? extends StoreException> kindOf(Status status) {
    return switch (status.code()) {
      case 1 -> ProtocolException.class;
      case 11 -> ObjectExistsException.class;
      case 12 -> ObjectNotFoundException.class;
      case 14 -> ObjectNotSealedException.class;
      case 33, 34 -> ConnectionException.class;
      case 35, 37 -> MetadataException.class;
      case 41 -> StoreFullException.class;
      case 42 -> StreamDrainedException.class;
      case 43 -> StreamFailedException.class;
      default -> StoreException.class;
    };
  }

  @Test
  void anExceptionOfAKindRefusesAForeignStatus() {
    assertThatThrownBy(() -> new ConnectionException(Status.STORE_FULL, "why"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("STORE_FULL");
    assertThatThrownBy(() -> new MetadataException(Status.CONNECTION_FAILED, "why"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CONNECTION_FAILED");
  }

  @Test
  void aLostConnectionKeepsItsCause() {
    var cause = new IllegalStateException("reset");

    assertThat(new ConnectionException(Status.CONNECTION_ERROR, "why", cause)).hasCause(cause);
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 256, -1, 4_294_967_308L, 18_446_744_073L})
  void aReplyWithAnUnknownNumberIsAnUnknownError(long code) {
    assertThat(Messages.reply("{\"code\":" + code + ",\"message\":\"m\"}"))
        .isEqualTo(new Reply.Failed(Status.UNKNOWN, "m"));
  }
}
