package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.testkit.SeededTest;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    try {
      return Optional.of(Pickle.read(MemorySegment.ofArray(pickle)));
    } catch (PickleReader.UnreadableException unreadable) {
      return Optional.empty();
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void plainThingsAreRead() {
    assertThat(read(bytes(DICTIONARY)))
        .contains(
            new HashMap<>(
                Map.of("a", List.of(1L, List.of(2L)), "big", BigInteger.TWO.pow(70), "neg", -5L)) {
              private static final long serialVersionUID = 1L;

              {
                put("n", null);
              }
            });
  }

  @Test
  void arraysOfObjectsAreRead() {
    assertThat(read(bytes(ARRAY))).contains(ObjectTensor.of("a", Double.NaN, null, true, 5L, 2.5));
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "]\u0094h\u0000a.", // a list in itself
        "}]\u0094h\u0000as.", // and that as a key
        "\u008b\u00ff\u00ff\u00ff\u007f.", // a number of 2 GiB
        "\u008e\u0000\u0000\u0000\u0000\u0001\u0000\u0000\u0000.", // bytes of 4 GiB
        "X\u00ff\u00ff\u00ff\u007f."
      })
  void whatWouldTakeMoreThanItIsIsNotRead(String pickle) {
    assertThat(read(pickle.getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
  }

  @Test
  void aListThatDoublesInEveryLevelIsNotRead() {
    var bomb = new StringBuilder("]\u0094");
    for (int level = 0; level < 40; level++) {
      bomb.append("0](h").append((char) level).append('h').append((char) level).append("e\u0094");
    }
    bomb.append('.');

    assertThat(read(bomb.toString().getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
  }

  @Test
  void listsAreReadToADepthThatCanBePrinted() {
    assertThat(read((")" + "\u0085".repeat(150) + ".").getBytes(StandardCharsets.ISO_8859_1)))
        .isNotEmpty();
    assertThat(read((")" + "\u0085".repeat(100_000) + ".").getBytes(StandardCharsets.ISO_8859_1)))
        .isEmpty();
  }

  @Test
  void whatIsWrittenIsReadEqual() {
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put("text é", Arrays.asList(1L, -1L, Long.MIN_VALUE, 2.5, true, null));
    map.put(List.of("tuple", 1L), List.of());
    map.put(3L, Set.of("x"));
    map.put("big", BigInteger.TWO.pow(200));
    map.put("complex", new Complex(1, -2));

    assertThat(read(Pickle.bytes(map))).contains(map);
    assertThat(read(Pickle.bytes(ObjectTensor.of(List.of(2L, 1L), Arrays.asList("a", null)))))
        .contains(ObjectTensor.of(List.of(2L, 1L), Arrays.asList("a", null)));
    Tensor times = Tensor.of(0L, ElementType.NOT_A_TIME).as(ElementType.DATETIME_MICRO);
    assertThat(read(Pickle.bytes(times))).contains(times);
  }

  @Test
  void whatIsNoPlainValueIsNotWritten() {
    assertThatThrownBy(() -> Pickle.bytes(List.of(Thread.currentThread())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Thread");
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
