package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Status;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sizes at and beyond the limit, up to the edges of 64 bits.
final class BlobSizeTest {
  private static final long LIMIT_BYTES = 1 << 20;

  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(LIMIT_BYTES);

  @Test
  void theLimitIsKeptToTheByte() {
    TestClient client = daemon.client();

    assertThat(client.refused(new BlobRequest.Create(LIMIT_BYTES + 1)))
        .isEqualTo(Status.STORE_FULL);
    Payload all = client.create(LIMIT_BYTES);
    assertThat(client.refused(new BlobRequest.Create(1))).isEqualTo(Status.STORE_FULL);
    assertThat(client.create(0)).isEqualTo(Payload.EMPTY);
    client.drop(all.id());
    for (int i = 0; i < 1000; i++) {
      client.create(1);
    }

    assertThat(client.usage()).isEqualTo(1000);
    client.create(LIMIT_BYTES - 1000);
    assertThat(client.usage()).isEqualTo(LIMIT_BYTES);
    assertThat(client.status().memoryLimitBytes()).isEqualTo(LIMIT_BYTES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1048577", // one more than there is
        "2097152", // as long as the file
        "2097153",
        "2147483647", // edges of 32 bits
        "2147483648",
        "4294967295",
        "4294967296",
        "9223372036854775743", // 2^63 - 65 and its successors, which round up to beyond
        "9223372036854775744",
        "9223372036854775806",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551552",
        "18446744073709551615",
        "1e30",
        "1e300",
        "36893488147419103232"
      })
  void whatCannotFitIsRefusedInEveryCommand(String size) {
    TestClient client = daemon.client();
    long usage = client.create(7).sizeBytes();

    for (String request :
        List.of(
            "{'type':'create_buffer_request','size':N}",
            "{'type':'create_buffers_request','num':1,'sizes':[N]}",
            "{'type':'create_buffers_request','num':3,'sizes':[1,N,1]}",
            "{'type':'create_buffers_request','num':2,'sizes':[N,N]}",
            "{'type':'create_disk_buffer_request','path':'/nonexistent/file','size':N}")) {
      String json = request.replace('\'', '"').replace("N", size);
      assertThat(client.refused(json)).as(json).isIn(1, 41);
    }

    assertThat(client.usage()).isEqualTo(usage);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "-64",
        "-9223372036854775808",
        "-9223372036854775807",
        "-1.5",
        "\"1\"",
        "true",
        "null",
        "[1]",
        "{}"
      })
  void whatIsNoSizeIsRefused(String size) {
    TestClient client = daemon.client();

    assertThat(client.refused("{\"type\":\"create_buffer_request\",\"size\":" + size + "}"))
        .isIn(1, 41);
    assertThat(client.refused("{\"type\":\"create_buffers_request\",\"sizes\":[" + size + "]}"))
        .isIn(1, 41);

    assertThat(client.usage()).isZero();
  }

  @Test
  void aSumThatOverflowsIsRefused() {
    TestClient client = daemon.client();
    long half = 1L << 62;

    assertThat(client.refused(new BlobRequest.CreateMany(List.of(half, half))))
        .isEqualTo(Status.STORE_FULL);
    assertThat(client.refused(new BlobRequest.CreateMany(List.of(half, half, half, half))))
        .isEqualTo(Status.STORE_FULL);

    assertThat(client.usage()).isZero();
  }

  @Test
  void shrinkingToASizeThatIsNoneIsRefused() {
    TestClient client = daemon.client();
    Payload payload = client.create(100);

    for (String size :
        List.of("-1", "101", "9223372036854775807", "9223372036854775808", "\"1\"")) {
      assertThat(
              client.refused(
                  "{\"type\":\"shrink_buffer_request\",\"id\":%s,\"size\":%s}"
                      .formatted(Long.toUnsignedString(payload.id().value()), size)))
          .isEqualTo(1);
    }

    assertThat(client.usage()).isEqualTo(100);
  }
}
