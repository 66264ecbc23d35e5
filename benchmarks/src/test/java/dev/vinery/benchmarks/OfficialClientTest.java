package dev.vinery.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.posix.PosixException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The texts here are those of the official client and daemon 0.24.2, as recorded, apart from ids.
final class OfficialClientTest {
  private static final String REGISTERED =
      "{\"instance_id\":3,\"ipc_socket\":\"v.sock\",\"rpc_endpoint\":\"0.0.0.0:0\",\"session_id\":0,"
          + "\"store_match\":true,\"support_rpc_compression\":true,\"type\":\"register_reply\","
          + "\"version\":\"0.24.2\"}";
  private static final String FOUND =
      "{\"content\":{\"o687ef628fec00a2b\":{\"__timestamp\":1795226641397,\"buffer_\":{\"id\":"
          + "\"oe87ef628fec00a29\",\"instance_id\":0,\"length\":0,\"nbytes\":0,\"transient\":true,"
          + "\"typename\":\"vineyard::Blob\"},\"global\":false,\"id\":\"o687ef628fec00a2b\"}},"
          + "\"type\":\"get_data_reply\"}";

  @TempDir private Path directory;

  @Test
  void theFirstTextRegistersAndTheLastLeaves() throws Exception {
    try (var server = server(REGISTERED)) {
      OfficialClient.connect(server.socket()).close();
      server.awaitEnd();

      assertThat(server.requests())
          .containsExactly(
              "{\"password\":\"\",\"session_id\":0,\"store_type\":1,\"type\":\"register_request\","
                  + "\"username\":\"\",\"version\":\"0.24.2\"}",
              "{\"type\":\"exit_request\"}");
    }
  }

  @Test
  void metadataOfATensorIsWhatTheOfficialPythonClientWrites() throws Exception {
    try (var server =
            server(REGISTERED, "{\"id\":7,\"instance_id\":3,\"type\":\"create_data_reply\"}");
        var client = OfficialClient.connect(server.socket())) {
      assertThat(client.createObject(0xe87ef628fec00a29L, 16)).isEqualTo(7);

      assertThat(server.requests().getLast())
          .isEqualTo(
              "{\"content\":{\"buffer_\":{\"id\":\"oe87ef628fec00a29\",\"instance_id\":3,"
                  + "\"length\":16,\"nbytes\":16,\"transient\":true,\"typename\":\"vineyard::Blob\"},"
                  + "\"global\":false,\"instance_id\":3,\"nbytes\":16,\"order_\":\"\\\"C\\\"\","
                  + "\"partition_index_\":\"[]\",\"shape_\":\"[2]\",\"transient\":true,"
                  + "\"typename\":\"vineyard::Tensor<int64>\",\"value_type_\":\"int64\","
                  + "\"value_type_meta_\":\"<i8\"},\"type\":\"create_data_request\"}");
    }
  }

  @Test
  void aGetFindsTheBlobOfTheObject() throws Exception {
    try (var server = server(REGISTERED, FOUND);
        var client = OfficialClient.connect(server.socket())) {
      assertThat(client.blobOf(0x687ef628fec00a2bL)).isEqualTo(0xe87ef628fec00a29L);

      assertThat(server.requests().getLast())
          .isEqualTo(
              "{\"id\":[7529726282943171115],\"sync_remote\":true,\"type\":\"get_data_request\","
                  + "\"wait\":false}");
    }
  }

  @Test
  void callsAreWordedAsTheOfficialClientWordsThem() throws Exception {
    String done =
        "{\"exists\":true,\"object_id\":5,\"content\":null,\"type\":\"get_data_reply\","
            + "\"also\":[{\"type\":\"label_reply\"},{\"type\":\"seal_reply\"},"
            + "{\"type\":\"put_name_reply\"},{\"type\":\"get_name_reply\"},"
            + "{\"type\":\"persist_reply\"},{\"type\":\"release_reply\"},"
            + "{\"type\":\"del_data_reply\"},{\"type\":\"instance_status_reply\"}]}";
    try (var server = server(REGISTERED, done);
        var client = OfficialClient.connect(server.socket())) {
      client.status();
      client.seal(5);
      client.exists(5);
      client.label(5, "k", "v");
      client.persist(5);
      client.putName("lst", 5);
      assertThat(client.getName("lst")).isEqualTo(5);
      assertThat(client.list("vineyard::*", 5)).isZero();
      client.release(5);
      client.discard(new long[] {5, 6, 7}, 2, true);

      assertThat(server.requests().subList(1, server.requests().size()))
          .containsExactly(
              "{\"type\":\"instance_status_request\"}",
              "{\"object_id\":5,\"type\":\"seal_request\"}",
              "{\"id\":5,\"type\":\"exists_request\"}",
              "{\"id\":5,\"keys\":[\"k\"],\"type\":\"label_request\",\"values\":[\"v\"]}",
              "{\"id\":5,\"type\":\"persist_request\"}",
              "{\"name\":\"lst\",\"object_id\":5,\"type\":\"put_name_request\"}",
              "{\"name\":\"lst\",\"type\":\"get_name_request\",\"wait\":false}",
              "{\"limit\":5,\"pattern\":\"vineyard::*\",\"regex\":false,"
                  + "\"type\":\"list_data_request\"}",
              "{\"object_id\":5,\"type\":\"release_request\"}",
              "{\"deep\":true,\"fastpath\":false,\"force\":false,\"id\":[5,6],"
                  + "\"memory_trim\":true,\"type\":\"del_data_request\"}");
    }
  }

  @Test
  void aRefusalIsShown() throws Exception {
    try (var server = server(REGISTERED, "{\"code\":12,\"message\":\"failed to find name: lst\"}");
        var client = OfficialClient.connect(server.socket())) {
      assertThatThrownBy(() -> client.getName("lst"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("failed to find name: lst");
    }
  }

  @Test
  void nobodyListeningIsAnError() {
    assertThatThrownBy(() -> OfficialClient.connect(directory.resolve("none")))
        .isInstanceOf(PosixException.class);
  }

  private ScriptedServer server(String... replies) throws PosixException {
    return new ScriptedServer(directory.resolve("s"), replies);
  }
}
