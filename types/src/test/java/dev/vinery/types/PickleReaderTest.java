package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.testkit.SeededTest;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pickles as Python 3.11 and numpy 1.26 write them.
final class PickleReaderTest {
  /// `{'a': [1, (2,)], 'n': None, 'big': 2**70, 'neg': -5}`
  private static final String DICTIONARY =
      "80059533000000000000007d94288c0161945d94284b014b02859465"
          + "8c016e944e8c03626967948a090000000000000000408c036e6567944afbffffff752e";

  /// `numpy.array(['a', nan, None, True, 5, 2.5], dtype=object)`
  private static final String ARRAY =
      "800595a3000000000000008c156e756d70792e636f72652e6d756c74696172726179948c0c5f7265636f6e7374"
          + "727563749493948c056e756d7079948c076e6461727261799493944b008594430162948794529428"
          + "4b014b06859468038c0564747970659493948c024f3894898887945294284b038c017c944e4e4e4affffffff"
          + "4affffffff4b3f749462895d94288c016194477ff80000000000004e884b0547400400000000000065749462"
          + "2e";

  private static Optional<Object> read(byte[] pickle) {
    return Pickle.read(MemorySegment.ofArray(pickle));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void plainThingsAreRead() {
    assertThat(read(bytes(DICTIONARY)))
        .contains(
            new java.util.HashMap<>(
                Map.of(
                    "a",
                    List.of(1L, List.of(2L)),
                    "big",
                    java.math.BigInteger.TWO.pow(70),
                    "neg",
                    -5L)) {
              private static final long serialVersionUID = 1L;

              {
                put("n", null);
              }
            });
  }

  @Test
  void arraysOfObjectsAreRead() {
    assertThat(read(bytes(ARRAY))).contains(Arrays.asList("a", Double.NaN, null, true, 5L, 2.5));
  }

  @Test
  void nothingIsToldFromUnreadable() {
    assertThat(read(bytes("80054e2e"))).contains(Pickle.Nothing.NOTHING);
    assertThat(read(bytes("80054e"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cos\nsystem\n(S'true'\ntR.", // calls a function
        "\u0080\u0005\u008c\u0002os\u008c\u0006system\u0093\u008c\u0004true\u0085R.",
        "\u0080\u0006N.",
        "(t",
        "t.",
        ".",
        "",
        "e.",
        "h\u0005.",
        "\u0080\u0005\u008c\u00ffab.",
        "]s.",
        "}]a."
      })
  void whatIsNotPlainIsNotRead(String pickle) {
    assertThat(read(pickle.getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
  }

  @SeededTest(runs = 300)
  void damagedPicklesNeverCrash(RandomGenerator random) {
    for (String whole : List.of(DICTIONARY, ARRAY)) {
      byte[] pickle = bytes(whole);
      for (int i = 0; i <= random.nextInt(4); i++) {
        pickle[random.nextInt(pickle.length)] = (byte) random.nextInt();
      }
      byte[] cut = Arrays.copyOf(pickle, random.nextInt(pickle.length + 1));

      assertThat(read(pickle)).isNotNull();
      assertThat(read(cut)).isNotNull();
    }
  }
}
