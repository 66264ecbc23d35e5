package dev.vinery.metadata.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EtcdEndpointsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:2379",
        "127.0.0.1:2379",
        "127.0.0.1",
        "http://127.0.0.1:2379/",
        " 127.0.0.1:2379 "
      })
  void schemeAndPortMayBeLeftOut(String text) {
    assertThat(EtcdEndpoints.parse(text)).hasToString("http://127.0.0.1:2379");
  }

  @Test
  void severalAreSeparatedByCommasAndTheLastIsWhereOneIsStarted() {
    EtcdEndpoints both = EtcdEndpoints.parse("http://a:1,[::1]:2");

    assertThat(both).hasToString("http://a:1,http://[::1]:2");
    assertThat(both.last()).isEqualTo(URI.create("http://[::1]:2"));
    assertThat(EtcdEndpoints.literal(both.last())).isEqualTo("::1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a:1,", "http://", "ftp://a:1", "a:b", "http://a:1/path", "a:0", "a b"})
  void whatIsNoAddressIsNamed(String text) {
    assertThatThrownBy(() -> EtcdEndpoints.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http://127.0.0.1:2379")
        .hasMessageContaining("not at '");
  }

  @Test
  void tlsIsRefused() {
    assertThatThrownBy(() -> EtcdEndpoints.parse("https://a:1")).hasMessageContaining("TLS");
  }

  @Test
  void onlyThisHostIsHere() {
    assertThat(EtcdEndpoints.isHere(URI.create("http://localhost:1"))).isTrue();
    assertThat(EtcdEndpoints.isHere(URI.create("http://[::1]:1"))).isTrue();
    assertThat(EtcdEndpoints.isHere(URI.create("http://0.0.0.0:1"))).isTrue();
    assertThat(EtcdEndpoints.isHere(URI.create("http://192.0.2.1:1"))).isFalse();
    assertThat(EtcdEndpoints.isHere(URI.create("http://nowhere.invalid:1"))).isFalse();
  }

  @Test
  void oneOfSeveralThatListensIsEnough() throws IOException {
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String there = "127.0.0.1:" + listening.getLocalPort();

      assertThat(EtcdEndpoints.parse("127.0.0.1:1," + there).reachedFrom())
          .contains(InetAddress.getLoopbackAddress());
    }
    assertThat(EtcdEndpoints.parse("127.0.0.1:1").reachedFrom()).isEmpty();
  }
}
