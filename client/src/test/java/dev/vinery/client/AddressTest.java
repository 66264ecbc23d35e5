package dev.vinery.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "host:1, host, 1, host:1",
    "' data.example:9601 ', data.example, 9601, data.example:9601",
    "host, host, 9600, host:9600",
    "127.0.0.1:65535, 127.0.0.1, 65535, 127.0.0.1:65535",
    "[::1]:7, ::1, 7, [::1]:7",
    "[fe80::1], fe80::1, 9600, [fe80::1]:9600",
    "::1, ::1, 9600, [::1]:9600"
  })
  void endpointsAreReadAndPrinted(String text, String host, int port, String printed) {
    var address = Address.Remote.parse(text);

    assertThat(address).isEqualTo(new Address.Remote(host, port)).hasToString(printed);
    assertThat(Address.Remote.parse(address.toString())).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", ":", ":1", "a:", "a:b", "a:0", "a:65536", "[::1", "x:1:2", "[]:1"})
  void whatIsNoEndpointIsRefused(String text) {
    assertThatThrownBy(() -> Address.Remote.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thePasswordOfAConnectionIsNotPrinted() {
    assertThat(ConnectOptions.DEFAULT.withCredentials("ann", "secret").toString())
        .contains("ann")
        .doesNotContain("secret");
  }
}
