package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.testkit.SeededTest;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
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

  /// `pandas.to_datetime(['2020-01-01', None]).tz_localize('Asia/Singapore').array`
  private static final String ZONED =
      "800595a3010000000000008c1370616e6461732e5f6c6962732e617272617973948c1c5f5f7079785f756e70"
          + "69636b6c655f4e4441727261794261636b65649493948c1c70616e6461732e636f72652e6172726179732e64"
          + "61746574696d6573948c0d4461746574696d6541727261799493944a1f06f1044e879452948c1970616e6461"
          + "732e636f72652e6474797065732e647479706573948c0f4461746574696d65545a4474797065949394298194"
          + "7d94288c04756e6974948c026e73948c02747a948c047079747a948c025f70949394288c0e417369612f5369"
          + "6e6761706f7265944d44614b008c034c4d54947494529475628c156e756d70792e636f72652e6d756c746961"
          + "72726179948c0c5f7265636f6e7374727563749493948c056e756d7079948c076e6461727261799493944b00"
          + "85944301629487945294284b014b028594681a8c0564747970659493948c024d3894898887945294284b048c"
          + "013c944e4e4e4affffffff4affffffff4b007d942843026e73944b014b014b01749486947494628943100000"
          + "c5330480e5150000000000000080947494627d948c055f66726571944e738794622e";

  /// `pandas.Timestamp('2020-01-01', tz='UTC')`
  private static final String TIMESTAMP =
      "8005957d000000000000008c1e70616e6461732e5f6c6962732e74736c6962732e74696d657374616d707394"
          + "8c135f756e7069636b6c655f74696d657374616d70949394284a00e10b5e4e8c086461746574696d65948c08"
          + "74696d657a6f6e6594939468038c0974696d6564656c74619493944b004b004b0087945294859452944b0774"
          + "9452942e";

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
  void timesKeepTheirTimeZone() {
    ZonedTimes times = zonedTimes("Asia/Singapore");

    assertThat(read(bytes(ZONED))).contains(times);
    assertThat(times.format(0)).isEqualTo("2020-01-01T00:00:00+08:00");
    assertThat(times.elementName()).isEqualTo("datetime64[ns, Asia/Singapore]");
    assertThat(read(bytes(TIMESTAMP))).contains(ZonedDateTime.parse("2020-01-01T00:00:00Z"));
  }

  private static ZonedTimes zonedTimes(String zone) {
    Optional<Instant> start = Optional.of(Instant.parse("2019-12-31T16:00:00Z"));
    return ZonedTimes.ofInstants(ZoneId.of(zone), List.of(start, Optional.empty()));
  }

  @Test
  void timesInATimeZoneAreReadAsTheyWereWritten() {
    for (String zone : List.of("Asia/Singapore", "Etc/GMT+8", "Z", "UTC", "+05:30", "GMT+3")) {
      ZonedTimes times = zonedTimes(zone);
      assertThat(read(Pickle.bytes(times))).as(zone).contains(times);
      ZonedDateTime time = times.get(0).orElseThrow();
      assertThat(read(Pickle.bytes(time))).as(zone).contains(time);
    }
  }

  @Test
  void timesInATimeZoneAreDatesInOneDimension() {
    for (Tensor other : List.of(Tensor.of(1L), Tensor.of(1L).as(ElementType.DATETIME_DAY))) {
      assertThatThrownBy(() -> ZonedTimes.of(other, ZoneOffset.UTC))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(other.elementName());
    }
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
        "\u0080\u0005\u008c\u0008builtins\u008c\u0007getattr\u0093\u008c\u0008builtins\u008c\u0004eval\u0093"
            + "\u008c\u0004exec\u0086R.", // looks for more in a class
        "\u008c\u0008builtins\u008c\u0006object\u0093)\u0081.", // makes an object
        "\u008c\u0004pytz\u008c\u0002_p\u0093\u008c\u0004Nowh\u0085R.", // a zone that is none
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
    Instant instant = Instant.parse("2262-04-11T23:47:16.854775807Z");
    assertThat(read(Pickle.bytes(List.of(instant)))).contains(List.of(instant));
    Tensor times = Tensor.of(0L, ElementType.NOT_A_TIME).as(ElementType.DATETIME_MICRO);
    assertThat(read(Pickle.bytes(times))).contains(times);
  }

  @Test
  void whatIsNoPlainValueIsNotWritten() {
    assertThatThrownBy(() -> Pickle.bytes(List.of(Thread.currentThread())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Thread");
    assertThatThrownBy(() -> Pickle.bytes(Instant.parse("2300-01-01T00:00:00Z")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2300-01-01");
  }

  @SeededTest(runs = 300)
  void damagedPicklesNeverCrash(RandomGenerator random) {
    for (String whole : List.of(DICTIONARY, ARRAY, ZONED, TIMESTAMP)) {
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
