package dev.vinery.protocol;

import static dev.vinery.protocol.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a request means that leaves something out, or says it in another client's dialect.
class RequestDefaultsTest {
  private static final ObjectId ONE = new ObjectId(1);

  @Test
  void aRegistrationMayBeBare() {
    assertThat(request("{\"type\":\"register_request\"}"))
        .isEqualTo(
            new SessionRequest.Register("0.0.0", SessionRequest.StoreType.NORMAL, 0, "", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "1, NORMAL",
    "2, PLASMA",
    "0, NORMAL",
    "3, NORMAL",
    "\"Normal\", NORMAL",
    "\"Plasma\", PLASMA",
    "\"plasma\", NORMAL",
    "\"\", NORMAL",
  })
  void theKindOfStoreIsANumberOrAWord(String value, SessionRequest.StoreType kind) {
    var register =
        (SessionRequest.Register)
            request("{\"store_type\":" + value + ",\"type\":\"register_request\"}");

    assertThat(register.storeType()).isEqualTo(kind);
  }

  @Test
  void flagsAndMapsThatAreAbsentAreOff() {
    assertThat(request("{\"type\":\"new_session_request\"}"))
        .isEqualTo(new SessionRequest.Open(SessionRequest.StoreType.NORMAL));
    assertThat(request("{\"session_id\":5,\"type\":\"move_buffers_ownership_request\"}"))
        .isEqualTo(new SessionRequest.MoveBuffers(5, Map.of(), Map.of(), Map.of(), Map.of()));
    assertThat(request("{\"0\":1,\"num\":1,\"type\":\"get_buffers_request\"}"))
        .isEqualTo(new BlobRequest.Get(List.of(ONE), false));
    assertThat(request("{\"0\":1,\"num\":1,\"type\":\"get_remote_buffers_request\"}"))
        .isEqualTo(new RemoteBlobRequest.Download(List.of(ONE), false, false));
    assertThat(request("{\"size\":5,\"type\":\"create_remote_buffer_request\"}"))
        .isEqualTo(new RemoteBlobRequest.Upload(5, false));
    assertThat(request("{\"sizes\":[5],\"type\":\"create_remote_buffers_request\"}"))
        .isEqualTo(new RemoteBlobRequest.UploadMany(List.of(5L), false));
    assertThat(request("{\"0\":\"p\",\"num\":1,\"type\":\"get_buffers_by_plasma_request\"}"))
        .isEqualTo(new PlasmaRequest.Get(List.of("p"), false));
    assertThat(request("{\"id\":[1],\"type\":\"get_data_request\"}"))
        .isEqualTo(new ObjectRequest.Get(List.of(ONE), false, false));
    assertThat(request("{\"id\":[1],\"type\":\"del_data_request\"}"))
        .isEqualTo(new ObjectRequest.Delete(List.of(ONE), false, false, false, false, false));
    assertThat(request("{\"id\":[1],\"type\":\"del_data_with_feedbacks_request\"}"))
        .isEqualTo(new ObjectRequest.Delete(List.of(ONE), false, false, false, false, true));
    assertThat(request("{\"limit\":5,\"pattern\":\"*\",\"type\":\"list_data_request\"}"))
        .isEqualTo(new ObjectRequest.Find("*", false, 5));
    assertThat(request("{\"limit\":5,\"pattern\":\"*\",\"type\":\"list_name_request\"}"))
        .isEqualTo(new NameRequest.Find("*", false, 5));
    assertThat(request("{\"id\":1,\"type\":\"shallow_copy_request\"}"))
        .isEqualTo(new ObjectRequest.Copy(ONE, Json.Fields.of(Map.of())));
    assertThat(request("{\"ids\":[1],\"type\":\"load_request\"}"))
        .isEqualTo(new SpillRequest.Load(List.of(ONE), false));
  }

  @Test
  void aStreamThatIsStoppedNeedsNoReason() {
    assertThat(request("{\"failed\":true,\"id\":1,\"type\":\"stop_stream_request\"}"))
        .isEqualTo(new StreamRequest.Stop(ONE, true, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "4", "-1", "18446744073709551615"})
  void aStreamIsOpenedForNothingButReadingAndWriting(String mode) {
    assertThatThrownBy(() ->
            request("{\"mode\":" + mode + ",\"object_id\":1,\"type\":\"open_stream_request\"}"))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessageStartingWith("field 'mode' must be 1 to read, 2 to write or 3 for both, not ");
  }

  @Test
  void wantedBlobsStandInAnArrayOrAreNumbered() {
    var wanted = new BlobRequest.Get(List.of(ONE, new ObjectId(2)), false);

    assertThat(request("{\"ids\":[1,2],\"type\":\"get_buffers_request\"}")).isEqualTo(wanted);
    assertThat(request("{\"0\":1,\"1\":2,\"num\":2,\"type\":\"get_buffers_request\"}"))
        .isEqualTo(wanted);
    assertThat(request("{\"0\":9,\"ids\":[1,2],\"num\":1,\"type\":\"get_buffers_request\"}"))
        .as("the array counts if there are both")
        .isEqualTo(wanted);
    assertThat(request("{\"0\":1,\"1\":2,\"2\":3,\"num\":2,\"type\":\"get_buffers_request\"}"))
        .as("members beyond their number do not count")
        .isEqualTo(wanted);
    assertThat(request("{\"0\":1,\"1\":2,\"ids\":5,\"num\":2,\"type\":\"get_buffers_request\"}"))
        .as("an `ids` that is no array does not count")
        .isEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4", "9223372036854775807", "18446744073709551615", "1e18"})
  void moreNumberedMembersThanThereAreAreRefused(String num) {
    String text = "{\"0\":1,\"num\":" + num + ",\"type\":\"get_buffers_request\"}";

    assertThatThrownBy(() -> request(text))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessageEndingWith(", more than there are members");
  }

  @Test
  void labelsNeedAsManyKeysAsValues() {
    assertThatThrownBy(() ->
            request("{\"id\":1,\"keys\":[\"a\",\"b\"],\"type\":\"label_request\",\"values\":[]}"))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage("there are 2 keys of labels and 0 values");
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775808, o8000000000000000",
    "-9223372036854775808, o8000000000000000",
    "18446744073709551615, offffffffffffffff",
    "-1, offffffffffffffff",
    "1.9, o0000000000000001",
    "-1.9, offffffffffffffff",
    "9223372036854775808.0, o8000000000000000",
    "1.8446744073709550e19, offfffffffffff800",
    "-9.223372036854775808e18, o8000000000000000",
  })
  void anIdMayBeAnyNumberOf64Bits(String number, String id) {
    assertThat(request("{\"object_id\":" + number + ",\"type\":\"seal_request\"}"))
        .isEqualTo(new BlobRequest.Seal(ObjectId.parse(id)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"18446744073709551616", "1e300", "-1e300", "-9223372036854775809000", "2e19"})
  void anIdOfMoreThan64BitsIsRefused(String number) {
    assertThatThrownBy(() -> request("{\"object_id\":" + number + ",\"type\":\"seal_request\"}"))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage("field 'object_id' must be a number of 64 bits");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "7.9, 7",
    "9223372036854775807, 9223372036854775807",
    "9223372036854775808, 9223372036854775807",
    "18446744073709551615, 9223372036854775807",
    "1e300, 9223372036854775807",
  })
  void aSizeThatNoLimitAllowsIsTheLargestThereIs(String number, long size) {
    assertThat(request("{\"size\":" + number + ",\"type\":\"create_buffer_request\"}"))
        .isEqualTo(new BlobRequest.Create(size));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-9223372036854775808", "-0.5", "-1e300"})
  void aNegativeSizeIsRefused(String number) {
    assertThatThrownBy(
            () -> request("{\"size\":" + number + ",\"type\":\"create_buffer_request\"}"))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage("field 'size' must be a number from 0 up");
  }

  @ParameterizedTest
  @CsvSource({
    "18446744073709551615, -1",
    "-1, -1",
    "18446744073709551614, 9223372036854775807",
    "4096, 4096",
  })
  void aSlabOfAllBitsIsAsLargeAsTheLimit(String number, long size) {
    assertThat(request("{\"size\":" + number + ",\"type\":\"make_arena_request\"}"))
        .isEqualTo(new SlabRequest.Make(size));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4294967297", "-4294967295", "1e10"})
  void aKeyOfMoreThan32BitsIsNoOtherKey(String number) {
    String text =
        "{\"fd\":" + number + ",\"offsets\":[],\"sizes\":[],\"type\":\"finalize_arena_request\"}";

    assertThatThrownBy(() -> request(text))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage("field 'fd' must be a number of 32 bits");
  }

  @Test
  void aPasswordIsNotPrinted() {
    var register =
        new SessionRequest.Register("0", SessionRequest.StoreType.NORMAL, 0, "ann", "secret");

    assertThat(register.toString()).doesNotContain("secret", "ann");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"size\":5,\"type\":\"create_remote_buffer_request\"",
        "\"sizes\":[5],\"type\":\"create_remote_buffers_request\"",
        "\"0\":1,\"num\":1,\"type\":\"get_remote_buffers_request\""
      })
  void bytesThatWouldBypassTheSocketAreKnownAndNotServed(String fields) {
    assertThat(request("{" + fields + ",\"use_rdma\":true}"))
        .isInstanceOfSatisfying(
            Request.Unsupported.class,
            refused -> assertThat(refused.status()).isEqualTo(Status.NOT_IMPLEMENTED));
  }
}
