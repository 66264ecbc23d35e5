package dev.vinery.protocol;

import static dev.vinery.protocol.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestCodecTest {
  static final List<Request> SAMPLES = Samples.REQUESTS;

  /// Every command of the protocol.
  static final List<String> COMMANDS =
      List.of(
          "register_request",
          "vinery_index_request",
          "vinery_lease_request",
          "vinery_return_request",
          "vinery_put_request",
          "exit_request",
          "create_buffer_request",
          "create_buffers_request",
          "create_disk_buffer_request",
          "create_gpu_buffer_request",
          "seal_request",
          "get_buffers_request",
          "get_gpu_buffers_request",
          "drop_buffer_request",
          "shrink_buffer_request",
          "request_fd_request",
          "create_remote_buffer_request",
          "create_remote_buffers_request",
          "get_remote_buffers_request",
          "increase_reference_count_request",
          "release_request",
          "del_data_with_feedbacks_request",
          "create_buffer_by_plasma_request",
          "get_buffers_by_plasma_request",
          "plasma_seal_request",
          "plasma_release_request",
          "plasma_delete_data_request",
          "create_data_request",
          "create_datas_request",
          "get_data_request",
          "list_data_request",
          "del_data_request",
          "exists_request",
          "persist_request",
          "if_persist_request",
          "label_request",
          "clear_request",
          "memory_trim_request",
          "release_blobs_with_rdma_request",
          "create_stream_request",
          "open_stream_request",
          "get_next_stream_chunk_request",
          "push_next_stream_chunk_request",
          "pull_next_stream_chunk_request",
          "stop_stream_request",
          "drop_stream_request",
          "list_streams_request",
          "create_stream_on_terms_request",
          "put_name_request",
          "get_name_request",
          "list_name_request",
          "drop_name_request",
          "make_arena_request",
          "finalize_arena_request",
          "new_session_request",
          "delete_session_request",
          "move_buffers_ownership_request",
          "evict_request",
          "load_request",
          "unpin_request",
          "is_spilled_request",
          "is_in_use_request",
          "cluster_meta",
          "instance_status_request",
          "migrate_object_request",
          "shallow_copy_request",
          "debug_command",
          "acquire_lock_request",
          "release_lock_request");

  /// Fields without which a command means nothing. All others have a default or are not read.
  static final Map<String, Set<String>> REQUIRED =
      Map.ofEntries(
          Map.entry("vinery_lease_request", Set.of("size")),
          Map.entry("vinery_return_request", Set.of("extent")),
          Map.entry("vinery_put_request", Set.of("extent", "offset", "sizes", "contents")),
          Map.entry("create_buffer_request", Set.of("size")),
          Map.entry("create_buffers_request", Set.of("sizes")),
          Map.entry("create_disk_buffer_request", Set.of("size", "path")),
          Map.entry("seal_request", Set.of("object_id")),
          Map.entry("get_buffers_request", Set.of("num", "0", "1", "2", "3")),
          Map.entry("create_remote_buffer_request", Set.of("size")),
          Map.entry("create_remote_buffers_request", Set.of("sizes")),
          Map.entry("get_remote_buffers_request", Set.of("num", "0", "1", "2")),
          Map.entry("drop_buffer_request", Set.of("id")),
          Map.entry("shrink_buffer_request", Set.of("id", "size")),
          Map.entry("increase_reference_count_request", Set.of("ids")),
          Map.entry("release_request", Set.of("object_id")),
          Map.entry("del_data_with_feedbacks_request", Set.of("id")),
          Map.entry("create_buffer_by_plasma_request", Set.of("plasma_id", "size", "plasma_size")),
          Map.entry("get_buffers_by_plasma_request", Set.of("num", "0", "1")),
          Map.entry("plasma_seal_request", Set.of("plasma_id")),
          Map.entry("plasma_release_request", Set.of("plasma_id")),
          Map.entry("plasma_delete_data_request", Set.of("plasma_id")),
          Map.entry("create_data_request", Set.of("content")),
          Map.entry("create_datas_request", Set.of("contents")),
          Map.entry("get_data_request", Set.of("id")),
          Map.entry("list_data_request", Set.of("pattern", "limit")),
          Map.entry("del_data_request", Set.of("id")),
          Map.entry("exists_request", Set.of("id")),
          Map.entry("persist_request", Set.of("id")),
          Map.entry("if_persist_request", Set.of("id")),
          Map.entry("label_request", Set.of("id", "keys", "values")),
          Map.entry("create_stream_request", Set.of("object_id")),
          Map.entry("create_stream_on_terms_request", Set.of("object_id")),
          Map.entry("open_stream_request", Set.of("object_id", "mode")),
          Map.entry("push_next_stream_chunk_request", Set.of("id", "chunk")),
          Map.entry("get_next_stream_chunk_request", Set.of("id", "size")),
          Map.entry("pull_next_stream_chunk_request", Set.of("id")),
          Map.entry("stop_stream_request", Set.of("id", "failed")),
          Map.entry("drop_stream_request", Set.of("id")),
          Map.entry("put_name_request", Set.of("object_id", "name")),
          Map.entry("get_name_request", Set.of("name", "wait")),
          Map.entry("list_name_request", Set.of("pattern", "limit")),
          Map.entry("drop_name_request", Set.of("name")),
          Map.entry("make_arena_request", Set.of("size")),
          Map.entry("finalize_arena_request", Set.of("fd", "offsets", "sizes")),
          Map.entry("move_buffers_ownership_request", Set.of("session_id")),
          Map.entry("evict_request", Set.of("ids")),
          Map.entry("load_request", Set.of("ids")),
          Map.entry("unpin_request", Set.of("ids")),
          Map.entry("is_spilled_request", Set.of("id")),
          Map.entry("is_in_use_request", Set.of("id")),
          Map.entry("migrate_object_request", Set.of("object_id")),
          Map.entry("shallow_copy_request", Set.of("id")),
          Map.entry("acquire_lock_request", Set.of("key")),
          Map.entry("release_lock_request", Set.of("key")));

  /// Fields that are not read, or whose kind the daemon judges and not the codec.
  private static final Set<String> OF_ANY_KIND =
      Set.of(
          "create_buffers_request.num",
          "create_remote_buffers_request.num",
          "create_datas_request.num",
          "create_data_request.content",
          "shallow_copy_request.extra",
          "debug_command.debug",
          "register_request.store_type"); // a number or a string

  private static final List<Json> WRONG_VALUES =
      Stream.of(
              "null",
              "true",
              "0",
              "-1",
              "0.5",
              "-0.5",
              "1e300",
              "-1e300",
              "18446744073709551615",
              "18446744073709551616",
              "\"\"",
              "\"1\"",
              "[]",
              "[null]",
              "[[]]",
              "[[1]]",
              "[[1,2,3]]",
              "[{}]",
              "[\"x\"]",
              "[true]",
              "[1e300]",
              "{}",
              "{\"0\":null}",
              "{\"a\":1}",
              "{\"a\":\"b\"}",
              "{\"a\":{}}")
          .map(JsonText::parse)
          .toList();

  @Test
  void everyKindOfRequestHasASample() {
    assertThat(SAMPLES.stream().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(Messages.kindsOf(Request.class));
  }

  @Test
  void everyCommandHasASampleAndNoOther() {
    assertThat(SAMPLES.stream().map(sample -> Messages.tree(sample).text("type")).distinct())
        .containsExactlyInAnyOrderElementsOf(COMMANDS);
    assertThat(COMMANDS).containsAll(REQUIRED.keySet());
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void everyCommandIsKnown(String command) {
    try {
      Request request = request("{\"type\":\"" + command + "\"}");
      assertThat(REQUIRED).doesNotContainKey(command);
      assertThat(Messages.tree(request).text("type")).isEqualTo(command);
    } catch (ProtocolException missing) {
      assertThat(missing).hasMessageContaining("is missing");
      assertThat(REQUIRED).containsKey(command);
    }
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void aRequestIsReadBackEqual(Request sample) {
    assertThat(request(Messages.text(sample))).isEqualTo(sample).hasSameHashCodeAs(sample);
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void requestsArePrintedWithTheirFieldsInOrder(Request sample) {
    List<String> names = List.copyOf(Messages.tree(sample).values().keySet());

    assertThat(names).contains("type").isSorted().doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void unknownFieldsAndTheOrderOfFieldsDoNotCount(Request sample) {
    var fields = new LinkedHashMap<String, Json>();
    fields.put("surplus", JsonText.parse("{\"type\":[1,{}]}"));
    Messages.tree(sample).values().reversed().forEach(fields::put);
    fields.put("", Json.Null.NULL);

    assertThat(request(Json.Fields.of(fields))).isEqualTo(sample);
  }

  @ParameterizedTest
  @MethodSource("fields")
  void aRequiredFieldThatIsMissingIsNamed(String command, Json.Fields message, String field) {
    Json.Fields without = with(message, field, null);

    if (field.equals("type") || REQUIRED.getOrDefault(command, Set.of()).contains(field)) {
      assertThatThrownBy(() -> request(without))
          .isExactlyInstanceOf(ProtocolException.class)
          .hasMessage("field '" + field + "' is missing");
    } else {
      assertThatCode(() -> request(without)).doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void aFieldOfAnotherKindIsRefused(String command, Json.Fields message, String field) {
    Json right = message.get(field);
    for (Json wrong : WRONG_VALUES) {
      Json.Fields mistyped = with(message, field, wrong);
      boolean sameKind = kind(wrong).equals(kind(right));
      if (sameKind || OF_ANY_KIND.contains(command + "." + field)) {
        assertReadOrRefused(mistyped);
      } else {
        assertThatThrownBy(() -> request(mistyped))
            .as("%s of %s", wrong, field)
            .isExactlyInstanceOf(ProtocolException.class);
      }
    }
  }

  /// Each field of each sample: the command, the whole message, the field's name.
  static List<Arguments> fields() {
    List<Arguments> fields = new ArrayList<>();
    for (Request sample : SAMPLES) {
      Json.Fields message = Messages.tree(sample);
      for (String field : message.values().keySet()) {
        fields.add(Arguments.of(message.text("type"), message, field));
      }
    }
    return fields;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "true", "1", "\"exit_request\"", "[]", "[{\"type\":\"exit_request\"}]"})
  void whatIsNotAnObjectIsRefused(String text) {
    assertThatThrownBy(() -> request(text))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage("a message must be a JSON object");
  }

  @Test
  void aRequestOfTooManyValuesIsRefused() {
    byte[] body = Messages.bytes("[0" + ",0".repeat(JsonText.MAX_REQUEST_VALUES - 1) + "]");

    assertThatThrownBy(() -> Codec.readRequest(body, 0, body.length))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage("the message holds more than 16777216 values");
  }

  @Test
  void anUnknownCommandIsNamed() {
    assertThatThrownBy(() -> request("{\"type\":\"exit_reply\"}"))
        .isExactlyInstanceOf(ProtocolException.class)
        .hasMessage("unknown command 'exit_reply'");
    assertThatThrownBy(() -> request("{\"type\":\"\"}")).hasMessage("unknown command ''");
  }

  @Test
  void aLongUnknownCommandIsCutBetweenCharacters() {
    String type = "x".repeat(99) + "🙂".repeat(1_000_000);

    assertThatThrownBy(() -> request("{\"type\":\"" + type + "\"}"))
        .hasMessage("unknown command '" + "x".repeat(99) + "…'");
    assertThatThrownBy(() -> request("{\"type\":\"x" + type + "\"}"))
        .hasMessage("unknown command '" + "x".repeat(100) + "…'");
  }

  private static void assertReadOrRefused(Json message) {
    try {
      assertThat(request(message)).isNotNull();
    } catch (ProtocolException refused) {
      assertThat(refused.detail()).isNotBlank();
    }
  }

  /// Numbers are one kind: a fraction is cut off, as the reference implementation does.
  private static String kind(Json value) {
    return switch (value) {
      case Json.Text _ -> "string";
      case Json.Whole _, Json.Real _ -> "number";
      case Json.Flag _ -> "flag";
      case Json.Null _ -> "null";
      case Json.Items _ -> "array";
      case Json.Fields _ -> "object";
    };
  }

  private static Json.Fields with(Json.Fields message, String field, @Nullable Json value) {
    var fields = new LinkedHashMap<>(message.values());
    if (value == null) {
      fields.remove(field);
    } else {
      fields.put(field, value);
    }
    return Json.Fields.of(fields);
  }
}
