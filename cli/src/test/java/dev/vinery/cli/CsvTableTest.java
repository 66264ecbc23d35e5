package dev.vinery.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.types.DataFrame;
import dev.vinery.types.ElementType;
import dev.vinery.types.Strings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTableTest {
  @TempDir Path directory;

  private DataFrame read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private DataFrame read(byte[] bytes) throws IOException {
    Path file = directory.resolve("table.csv");
    Files.write(file, bytes);
    return CsvTable.read(file, ',', new AtomicLong());
  }

  @Test
  void columnsAreOfTheNarrowestKind() throws IOException {
    DataFrame frame = read("i,f,b,s,holes\n1,1.5,true,x,3\n-2,2,False,,NA\n");

    assertThat(frame.tensor("i").elementType()).isEqualTo(ElementType.INT64);
    assertThat(frame.tensor("f").toDoubleArray()).containsExactly(1.5, 2);
    assertThat(frame.tensor("b").elementType()).isEqualTo(ElementType.BOOL);
    assertThat(frame.strings("s").get(1)).isEmpty();
    assertThat(frame.tensor("holes").elementType()).isEqualTo(ElementType.FLOAT64);
    assertThat(frame.tensor("holes").isMissing(1)).isTrue();
  }

  @Test
  void quotesAndLineBreaksAndByteOrderMarksAreUnderstood() throws IOException {
    DataFrame frame = read("\uFEFFname,n\r\n\"a, \"\"b\"\"\nc\",1\r\n\r\n");

    assertThat(frame.strings("name")).isEqualTo(Strings.of("a, \"b\"\nc"));
    assertThat(frame.rowCount()).isEqualTo(1);
  }

  @Test
  void aHeaderAloneIsAnEmptyTable() throws IOException {
    assertThat(read("a,b\n").rowCount()).isZero();
  }

  @Test
  void numbersBeyondSixtyFourBitsAndHexadecimalOnesAreNoIntegers() throws IOException {
    DataFrame frame = read("big,hex,suffix\n9223372036854775808,0x10p0,1f\n");

    assertThat(frame.tensor("big").getDouble(0)).isEqualTo(0x1p63);
    assertThat(frame.strings("hex")).isEqualTo(Strings.of("0x10p0"));
    assertThat(frame.strings("suffix")).isEqualTo(Strings.of("1f"));
  }

  @Test
  void infinityIsANumber() throws IOException {
    DataFrame frame = read("x\ninf\n-Infinity\n+INF\n1\n");

    assertThat(frame.tensor("x").toDoubleArray())
        .containsExactly(
            Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'a,b\n1,2\n3\n'      | line 3: 1 fields where the header names 2 columns",
        "'a,b\n1,2,3\n'       | line 2: 3 fields where the header names 2 columns",
        "'a,a\n1,2\n'         | line 1: two columns are named 'a'",
        "'a,\n1,2\n'          | line 1: column 2 has no name",
        "''                   | is empty: the first line must name the columns",
      })
  void whatIsNoTableIsToldInOneLine(String text, String message) {
    assertThatThrownBy(() -> read(text == null ? "" : text))
        .isInstanceOf(FileException.class)
        .hasMessageContaining(message)
        .hasMessageMatching("[^\n]*");
  }

  @Test
  void otherEncodingsAreToldInOneLine() {
    assertThatThrownBy(() -> read(new byte[] {'a', '\n', (byte) 0xe4, '\n'}))
        .isInstanceOf(FileException.class)
        .hasMessageContaining("UTF-8")
        .hasMessageMatching("[^\n]*");
  }
}
