package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Client;
import dev.vinery.client.DeleteOption;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StoreException;
import dev.vinery.server.Daemon;
import dev.vinery.server.DaemonOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What one client puts, another gets equal, through either door.
@ParameterizedClass
@EnumSource(Door.class)
class RoundTripTest {
  @Parameter private Door door = Door.SHARED_MEMORY;
  @TempDir Path directory;
  private Daemon daemon;
  private Client writer;
  private Client reader;

  @BeforeEach
  void start() throws IOException {
    var options = DaemonOptions.of(directory.resolve("v.sock"), 64 << 20);
    daemon = Daemon.start(options.withRpcPort(OptionalInt.of(0)));
    writer = door.connect(daemon);
    reader = door.connect(daemon);
  }

  @AfterEach
  void stop() {
    writer.close();
    reader.close();
    daemon.close();
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
  void valuesComeBackEqual(Object value) {
    Object got = reader.get(writer.put(value));

    assertThat(got).isEqualTo(value);
  }

  @ParameterizedTest
  @EnumSource
  void everyElementTypeKeepsItsBits(ElementType type) {
    byte[] bits = new byte[3 * type.sizeBytes()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (byte) (type == ElementType.BOOL ? i % 2 : 0x70 + i);
    }
    Tensor tensor = Tensor.of(type, List.of(3L), MemorySegment.ofArray(bits));

    assertThat(reader.get(writer.put(tensor), Tensor.class)).isEqualTo(tensor);
  }

  @Test
  void bytesComeBackAsMemoryOrAsACopy() {
    ObjectId id = writer.put(new byte[] {1, 2, 3});

    assertThat(id.isBlob()).isTrue();
    assertThat(reader.get(id, byte[].class)).containsExactly(1, 2, 3);
    assertThat(reader.get(id, MemorySegment.class).get(ValueLayout.JAVA_BYTE, 2))
        .isEqualTo((byte) 3);
    assertThat(reader.get(writer.put(ByteBuffer.wrap(new byte[] {9})), byte[].class))
        .containsExactly(9);
    assertThat(reader.get(writer.put(new byte[0]), byte[].class)).isEmpty();
  }

  @Test
  void narrowNumbersAreGotWhenWanted() {
    ObjectId id = writer.put(7);

    assertThat(reader.get(id, Integer.class)).isEqualTo(7);
    assertThat(reader.get(id, Byte.class)).isEqualTo((byte) 7);
    assertThat(reader.get(id, Double.class)).isEqualTo(7.0);
    assertThat(reader.get(writer.put(2.5f), Float.class)).isEqualTo(2.5f);
    assertThatThrownBy(() -> reader.get(writer.put(1L << 40), Integer.class))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("Integer");
  }

  @Test
  void absentElementsOfAListStayAbsent() {
    assertThat(reader.get(writer.put(Arrays.asList("a", null, 1L))))
        .isEqualTo(Arrays.asList("a", null, 1L));
  }

  @Test
  void aPairIsASequenceOfTwo() {
    ObjectId id = writer.put(new Pair("left", 2L));

    assertThat(reader.get(id)).isEqualTo(List.of("left", 2L));
    assertThat(reader.get(id, Pair.class)).isEqualTo(new Pair("left", 2L));
  }

  @Test
  void arraysBecomeTensors() {
    assertThat(reader.get(writer.put(new double[] {1, 2}), Tensor.class).toDoubleArray())
        .containsExactly(1, 2);
    assertThat(reader.get(writer.put(new boolean[] {true}))).isEqualTo(Tensor.of(true));
    assertThat(reader.get(writer.put(new String[] {"x"}))).isEqualTo(Strings.of("x"));
    assertThat(reader.get(writer.put(new Object[] {1L, "x"}))).isEqualTo(List.of(1L, "x"));
  }

  @Test
  void aTypeThatNobodyStoresIsRefused() {
    assertThatThrownBy(() -> writer.put(Thread.currentThread()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Thread");
  }

  @Test
  void aValueOutlivesItsObjectAndItsClient() {
    ObjectId id = writer.put(Tensor.of(1.0, 2.0));
    Tensor tensor = reader.get(id, Tensor.class);

    reader.delete(List.of(id), DeleteOption.TRIM);
    for (int i = 0; i < 100; i++) {
      writer.put(Tensor.of(9.0, 9.0));
    }
    reader.close();

    assertThat(tensor.toDoubleArray()).containsExactly(1, 2);
  }

  @Test
  void aClosedValueCannotBeRead() {
    Tensor tensor = reader.get(writer.put(Tensor.of(1.0)), Tensor.class);
    DataFrame frame = reader.get(writer.put(frame()), DataFrame.class);

    tensor.close();
    tensor.close();
    frame.close();

    assertThatThrownBy(() -> tensor.getDouble(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(tensor::values).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> frame.strings("text").get(0))
        .isInstanceOf(IllegalStateException.class);
    assertThat(tensor).hasToString("Tensor[closed]");
  }

  @Test
  void closingAViewOfAViewLeavesTheFirst() {
    Tensor tensor = reader.get(writer.put(Tensor.of(1, 2, 3, 4)), Tensor.class);

    tensor.reshaped(2, 2).close();

    assertThat(tensor.toLongArray()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void metadataThatPromisesMoreThanTheBlobHasIsRefused() {
    ObjectId blob = writer.put(new byte[16]);
    Metadata member = Metadata.ofBlob(blob, 16, writer.instanceId());
    for (String shape : List.of("[3]", "[-1]", "[9223372036854775807, 2]", "7", "[1.5]")) {
      ObjectId id =
          writer.createMetadata(
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

  @Test
  void aTypeThatNobodyKnowsIsAnObject() {
    ObjectId id = writer.createMetadata(Metadata.builder("my::Type").put("colour", "red").build());

    assertThat(reader.get(id))
        .isInstanceOfSatisfying(
            VineryObject.class,
            object -> assertThat(object.metadata().text("colour")).isEqualTo("red"));
  }

  @Test
  void nothingIsLeftWhenEverythingIsDeletedAndClosed() {
    for (Object value : values().toList()) {
      ObjectId id = writer.put(value);
      Object got = reader.get(id);
      writer.delete(List.of(id));
      if (got instanceof DataFrame frame) {
        frame.close();
      } else if (got instanceof Column column) {
        column.close();
      }
    }

    assertThat(writer.status().memoryUsageBytes()).isZero();
    assertThat(writer.list("*", 10)).isEmpty();
  }
}
