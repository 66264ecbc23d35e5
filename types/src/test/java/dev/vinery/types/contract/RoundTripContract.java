package dev.vinery.types.contract;

import static dev.vinery.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.DeleteOption;
import dev.vinery.client.Draft;
import dev.vinery.client.VineryObject;
import dev.vinery.client.contract.DaemonUnderTest;
import dev.vinery.client.contract.Promise;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StoreException;
import dev.vinery.types.Column;
import dev.vinery.types.DataFrame;
import dev.vinery.types.ElementType;
import dev.vinery.types.Pair;
import dev.vinery.types.Strings;
import dev.vinery.types.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What one client puts, another gets equal, through either door of any daemon.
///
/// It is packaged as a jar of its own for the tests with the official daemon, and stands in a
/// package of its own, so that it is found on the class path beside the module that it tests.
@Timeout(120) // seconds: an answer that never comes fails one test
public interface RoundTripContract {
  /// What clients may store in the daemon, in bytes.
  long MEMORY_BYTES = 64 << 20;

  /// The daemon, new for each test.
  DaemonUnderTest daemon();

  private Client writer() {
    return daemon().client();
  }

  static Stream<Object> values() {
    return Stream.of(
        0L,
        -1L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        2.5,
        -0.1,
        Double.MAX_VALUE,
        Double.NaN,
        Double.NEGATIVE_INFINITY,
        BigInteger.TWO.pow(100),
        true,
        false,
        "",
        "plain",
        "žluťoučký kůň 🐎 \"quoted\" \\ \n \u0000",
        List.of(),
        List.of(1L, "a", 2.5, true, List.of(List.of("deep"))),
        Tensor.of(1.5, Double.NaN, Double.NEGATIVE_INFINITY),
        Tensor.of(1.5f, Float.MIN_VALUE),
        Tensor.of(Long.MIN_VALUE, 0, Long.MAX_VALUE),
        Tensor.of(1, 2, 3, 4, 5, 6).reshaped(2, 3),
        Tensor.of((short) -1),
        Tensor.of((byte) -128, (byte) 127),
        Tensor.of(true, false, true),
        Tensor.of(new double[0]),
        Tensor.of(new int[0]).reshaped(0, 3),
        Tensor.of(7.0).reshaped(),
        Tensor.of(-1L).as(ElementType.UINT64),
        Strings.of("a", "", "ü"),
        Strings.of(),
        Strings.ofOptional(List.of(Optional.empty(), Optional.of("x"), Optional.empty())),
        frame(),
        DataFrame.builder()
            .column(0, Tensor.of(1.5, 2.5))
            .column(7, Tensor.of(true, false))
            .index(Strings.of("x", "y"))
            .build(),
        DataFrame.builder().build(),
        DataFrame.builder().column("empty", new double[0]).build());
  }

  private static DataFrame frame() {
    return DataFrame.builder()
        .column("number", 1L, 2L, 3L)
        .column("real", 1.5, Double.NaN, -3.25)
        .column("flag", true, false, true)
        .column(
            "text",
            Strings.ofOptional(List.of(Optional.of("x"), Optional.empty(), Optional.of("z"))))
        .build();
  }

  @ParameterizedTest
  @MethodSource("values")
  default void valuesComeBackEqual(Object value) {
    try (Client reader = daemon().connect()) {
      Object got = reader.get(writer().put(value));

      assertThat(got).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @EnumSource
  default void everyElementTypeKeepsItsBits(ElementType type) {
    try (Client reader = daemon().connect()) {
      byte[] bits = new byte[3 * type.sizeBytes()];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = (byte) (type == ElementType.BOOL ? i % 2 : 0x70 + i);
      }
      Tensor tensor = Tensor.of(type, List.of(3L), MemorySegment.ofArray(bits));

      assertThat(reader.get(writer().put(tensor), Tensor.class)).isEqualTo(tensor);
    }
  }

  @Test
  default void bytesComeBackAsMemoryOrAsACopy() {
    try (Client reader = daemon().connect()) {
      ObjectId id = writer().put(new byte[] {1, 2, 3});

      assertThat(id.isBlob()).isTrue();
      assertThat(reader.get(id, byte[].class)).containsExactly(1, 2, 3);
      assertThat(reader.get(id, MemorySegment.class).get(ValueLayout.JAVA_BYTE, 2))
          .isEqualTo((byte) 3);
      assertThat(reader.get(writer().put(ByteBuffer.wrap(new byte[] {9})), byte[].class))
          .containsExactly(9);
      assertThat(reader.get(writer().put(new byte[0]), byte[].class)).isEmpty();
    }
  }

  @Test
  default void narrowNumbersAreGotWhenWanted() {
    try (Client reader = daemon().connect()) {
      ObjectId id = writer().put(7);

      assertThat(reader.get(id, Integer.class)).isEqualTo(7);
      assertThat(reader.get(id, Byte.class)).isEqualTo((byte) 7);
      assertThat(reader.get(id, Double.class)).isEqualTo(7.0);
      assertThat(reader.get(writer().put(2.5f), Float.class)).isEqualTo(2.5f);
      assertThatThrownBy(() -> reader.get(writer().put(1L << 40), Integer.class))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("Integer");
    }
  }

  @Test
  default void absentElementsOfAListStayAbsent() {
    try (Client reader = daemon().connect()) {
      assertThat(reader.get(writer().put(Arrays.asList("a", null, 1L))))
          .isEqualTo(Arrays.asList("a", null, 1L));
    }
  }

  @Test
  default void aPairIsASequenceOfTwo() {
    try (Client reader = daemon().connect()) {
      ObjectId id = writer().put(new Pair("left", 2L));

      assertThat(reader.get(id)).isEqualTo(List.of("left", 2L));
      assertThat(reader.get(id, Pair.class)).isEqualTo(new Pair("left", 2L));
    }
  }

  @Test
  default void arraysBecomeTensors() {
    try (Client reader = daemon().connect()) {
      assertThat(reader.get(writer().put(new double[] {1, 2}), Tensor.class).toDoubleArray())
          .containsExactly(1, 2);
      assertThat(reader.get(writer().put(new boolean[] {true}))).isEqualTo(Tensor.of(true));
      assertThat(reader.get(writer().put(new String[] {"x"}))).isEqualTo(Strings.of("x"));
      assertThat(reader.get(writer().put(new Object[] {1L, "x"}))).isEqualTo(List.of(1L, "x"));
    }
  }

  @Test
  default void aTypeThatNobodyStoresIsRefused() {
    assertThatThrownBy(() -> writer().put(Thread.currentThread()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Thread");
  }

  @Test
  default void aValueOutlivesItsObjectAndItsClient() {
    Client reader = daemon().connect();
    ObjectId id = writer().put(Tensor.of(1.0, 2.0));
    Tensor tensor = reader.get(id, Tensor.class);
    boolean keeps = daemon().keeps(Promise.READERS_KEEP_THEIR_BYTES);

    reader.delete(List.of(id), DeleteOption.TRIM);
    if (!keeps) {
      assertThat(writer().status().memoryUsageBytes()).isZero();
    }
    for (int i = 0; i < 100; i++) {
      writer().put(Tensor.of(9.0, 9.0));
    }
    reader.close();

    double[] values = tensor.toDoubleArray();
    if (keeps) {
      assertThat(values).containsExactly(1, 2);
    } else {
      assertThat(values).hasSize(2);
    }
  }

  @Test
  default void aClosedValueCannotBeRead() {
    try (Client reader = daemon().connect()) {
      Tensor tensor = reader.get(writer().put(Tensor.of(1.0)), Tensor.class);
      DataFrame frame = reader.get(writer().put(frame()), DataFrame.class);

      tensor.close();
      tensor.close();
      frame.close();

      assertThatThrownBy(() -> tensor.getDouble(0)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(tensor::values).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> frame.strings("text").get(0))
          .isInstanceOf(IllegalStateException.class);
      assertThat(tensor).hasToString("Tensor[closed]");
    }
  }

  @Test
  default void closingAViewOfAViewLeavesTheFirst() {
    try (Client reader = daemon().connect()) {
      Tensor tensor = reader.get(writer().put(Tensor.of(1, 2, 3, 4)), Tensor.class);

      tensor.reshaped(2, 2).close();

      assertThat(tensor.toLongArray()).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  default void metadataThatPromisesMoreThanTheBlobHasIsRefused() {
    try (Client reader = daemon().connect()) {
      ObjectId blob = writer().put(new byte[16]);
      Metadata member = Metadata.ofBlob(blob, 16, writer().instanceId());
      for (String shape : List.of("[3]", "[-1]", "[9223372036854775807, 2]", "7", "[1.5]")) {
        ObjectId id =
            writer()
                .createMetadata(
                    Metadata.builder("vineyard::Tensor<double>")
                        .put("shape_", shape)
                        .put("buffer_", member)
                        .build());

        assertThatThrownBy(() -> reader.get(id))
            .as(shape)
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("vineyard::Tensor<double>");
      }
    }
  }

  @Test
  default void whatIsNestedTooDeeplyIsRefused() {
    try (Client reader = daemon().connect()) {
      assertThatThrownBy(() -> reader.get(nested(writer().put(1L), 300)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("250 levels");
      assertThat(reader.get(nested(writer().put(1L), 200))).isInstanceOf(List.class);
    }
  }

  private ObjectId nested(ObjectId innermost, int levels) {
    ObjectId id = innermost;
    for (int i = 0; i < levels; i++) {
      id =
          writer()
              .create(
                  Draft.object("vineyard::Sequence")
                      .put("size_", 1)
                      .put("__elements_-size", 1)
                      .member("__elements_-0", new Draft.Existing(id))
                      .build());
    }
    return id;
  }

  @Test
  default void aTypeThatNobodyKnowsIsAnObject() {
    try (Client reader = daemon().connect()) {
      ObjectId id =
          writer().createMetadata(Metadata.builder("my::Type").put("colour", "red").build());

      assertThat(reader.get(id))
          .isInstanceOfSatisfying(
              VineryObject.class,
              object -> assertThat(object.metadata().text("colour")).isEqualTo("red"));
    }
  }

  @Test
  default void nothingIsLeftWhenEverythingIsDeletedAndClosed() {
    try (Client reader = daemon().connect()) {
      for (Object value : values().toList()) {
        ObjectId id = writer().put(value);
        Object got = reader.get(id);
        writer().delete(List.of(id));
        if (got instanceof DataFrame frame) {
          frame.close();
        } else if (got instanceof Column column) {
          column.close();
        }
      }

      eventually(() -> assertThat(writer().status().memoryUsageBytes()).isZero());
      assertThat(writer().list("*", 10)).isEmpty();
    }
  }
}
