package dev.vinery.protocol;

import static dev.vinery.protocol.Messages.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyCodecTest {
  static final List<Reply> SAMPLES = Samples.REPLIES;

  /// Kinds of values a hostile or broken daemon might send in place of any field.
  private static final List<Json> WRONG_VALUES =
      List.of("null", "true", "-1", "0.5", "1e300", "\"\\u0000\"", "[]", "[[]]", "{}", "{\"a\":1}")
          .stream()
          .map(JsonText::parse)
          .toList();

  @Test
  void everyKindOfReplyHasASample() {
    assertThat(SAMPLES.stream().map(Reply::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(
            Messages.kindsOf(Reply.class).stream()
                .map(kind -> kind.asSubclass(Reply.class))
                .toList());
    assertThat(SAMPLES).contains(Reply.Done.values());
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void aReplyIsReadBackEqual(Reply sample) {
    assertThat(reply(Messages.text(sample))).isEqualTo(sample).hasSameHashCodeAs(sample);
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void repliesArePrintedWithTheirFieldsInOrder(Reply sample) {
    List<String> names = List.copyOf(Messages.tree(sample).values().keySet());

    assertThat(names).isSorted().doesNotHaveDuplicates();
    assertThat(names.contains("type")).isNotEqualTo(names.contains("code"));
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void unknownFieldsAndTheOrderOfFieldsDoNotCount(Reply sample) {
    var fields = new LinkedHashMap<String, Json>();
    fields.put("surplus", JsonText.parse("{\"type\":[1,{}]}"));
    Messages.tree(sample).values().reversed().forEach(fields::put);

    assertThat(reply(Json.Fields.of(fields))).isEqualTo(sample);
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void aReplyWithAFieldMissingOrMistypedIsReadOrRefused(Reply sample) {
    Json.Fields message = Messages.tree(sample);
    for (String field : message.values().keySet()) {
      var fields = new LinkedHashMap<>(message.values());
      fields.remove(field);
      assertReadOrRefused(Json.Fields.of(fields));
      for (Json wrong : WRONG_VALUES) {
        fields.put(field, wrong);
        assertReadOrRefused(Json.Fields.of(fields));
      }
    }
  }

  private static void assertReadOrRefused(Json.Fields message) {
    try {
      assertThat(Messages.tree(reply(message))).isNotNull();
    } catch (ProtocolException refused) {
      assertThat(refused.detail()).isNotBlank();
    }
  }

  @Test
  void whatOlderDaemonsLeaveOutHasADefault() {
    assertThat(
            reply(
                "{\"instance_id\":1,\"ipc_socket\":\"s\",\"rpc_endpoint\":\"r\","
                    + "\"session_id\":2,\"type\":\"register_reply\"}"))
        .isEqualTo(new SessionReply.Registered("0.0.0", "s", "r", 1, 2, true, false));
    assertThat(
            reply(
                "{\"created\":{\"data_offset\":64,\"data_size\":5,\"map_size\":4096,"
                    + "\"object_id\":9223372036854775809,\"store_fd\":7},"
                    + "\"type\":\"create_buffer_reply\"}"))
        .isEqualTo(
            new BlobReply.Created(
                new Payload(new ObjectId(Long.MIN_VALUE + 1), 7, 64, 5, 4096, 0, false, true),
                Payload.NO_STORE_FD));
    assertThat(reply("{\"num\":0,\"type\":\"get_buffers_reply\"}"))
        .isEqualTo(new BlobReply.Found(List.of(), List.of()));
  }

  @Test
  void anErrorIsToldByItsCodeAlone() {
    assertThat(reply("{\"code\":12,\"message\":\"gone\"}"))
        .isEqualTo(new Reply.Failed(Status.OBJECT_NOT_FOUND, "gone"));
    assertThat(reply("{\"code\":12,\"type\":\"seal_reply\"}"))
        .isEqualTo(new Reply.Failed(Status.OBJECT_NOT_FOUND, ""));
    assertThat(reply("{\"code\":0,\"type\":\"seal_reply\"}")).isEqualTo(Reply.Done.SEAL);
    assertThat(Messages.text(new Reply.Failed(Status.STORE_FULL, "wanted 1 byte")))
        .isEqualTo("{\"code\":41,\"message\":\"wanted 1 byte\"}");
  }

  @Test
  void anUnknownReplyIsNamed() {
    assertThatThrownBy(() -> reply("{\"type\":\"exit_reply\"}"))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage("unknown reply 'exit_reply'");
  }

  @Test
  void payloadsStandInAnArrayAndAreNumbered() {
    var found = new BlobReply.Found(List.of(Samples.PAYLOAD, Samples.DISK_PAYLOAD), List.of(1001));
    var numbered = new LinkedHashMap<>(Messages.tree(found).values());
    numbered.remove("payloads");
    var array = new LinkedHashMap<>(Messages.tree(found).values());
    array.remove("0");
    array.remove("1");
    array.remove("num");

    assertThat(reply(Json.Fields.of(numbered))).isEqualTo(found);
    assertThat(reply(Json.Fields.of(array))).isEqualTo(found);
  }

  @Test
  void descriptorsOfManyCreatedBlobsArePrintedInAscendingOrder() {
    var created =
        new BlobReply.CreatedMany(
            List.of(Samples.DISK_PAYLOAD, Samples.PAYLOAD), List.of(1002, 1001));

    assertThat(Messages.tree(created).items("fds"))
        .containsExactly(Json.Whole.signed(1001), Json.Whole.signed(1002));
    assertThat(created.descriptors()).containsExactly(1002, 1001);
  }

  @Test
  void descriptorsFollowOnlyThoseRepliesThatNameThem() {
    assertThat(new BlobReply.Created(Samples.PAYLOAD, 1001).descriptors()).containsExactly(1001);
    assertThat(new BlobReply.Created(Samples.PAYLOAD, Payload.NO_STORE_FD).descriptors()).isEmpty();
    assertThat(new BlobReply.CreatedOnDisk(Samples.PAYLOAD, 1002).descriptors())
        .containsExactly(1002);
    assertThat(new PlasmaReply.Created(Samples.BLOB, Samples.PLASMA_PAYLOAD, 1003).descriptors())
        .containsExactly(1003);
    assertThat(new StreamReply.Reserved(Samples.PAYLOAD, 1004).descriptors()).containsExactly(1004);
    assertThat(new StreamReply.Pulled(Samples.BLOB, 0).descriptors()).isEmpty();
    assertThat(Reply.Done.SEAL.descriptors()).isEmpty();
    assertThat(new Reply.Failed(Status.INVALID, "").descriptors()).isEmpty();
  }

  @Test
  void nothingFoundIsNullAndNotAnEmptyObject() {
    var nothing = new ObjectReply.Found(new LinkedHashMap<>());

    assertThat(Messages.text(nothing)).isEqualTo("{\"content\":null,\"type\":\"get_data_reply\"}");
    assertThat(reply("{\"content\":{},\"type\":\"get_data_reply\"}")).isEqualTo(nothing);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"\"", "true", "{\"o1\":[]}"})
  void objectsThatAreNoneAreRefused(String content) {
    assertThatThrownBy(() -> reply("{\"content\":" + content + ",\"type\":\"get_data_reply\"}"))
        .isExactlyInstanceOf(ProtocolException.class);
  }

  @Test
  void aSocketPathThatIsNoneIsRefused() {
    assertThatThrownBy(
            () -> reply("{\"socket_path\":\"a\\u0000b\",\"type\":\"new_session_reply\"}"))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage("field 'socket_path' must be a path");
  }

  @Test
  void theEmptyBlobIsPrintedAsClientsKnowIt() {
    assertThat(Messages.text(new BlobReply.Created(Payload.EMPTY, Payload.NO_STORE_FD)))
        .isEqualTo(
            "{\"created\":{\"data_offset\":0,\"data_size\":0,\"is_gpu\":false,\"is_owner\":true,"
                + "\"is_sealed\":false,\"map_size\":0,\"object_id\":9223372036854775808,"
                + "\"pointer\":0,\"store_fd\":-1},\"fd\":-1,\"id\":9223372036854775808,"
                + "\"type\":\"create_buffer_reply\"}");
  }
}
