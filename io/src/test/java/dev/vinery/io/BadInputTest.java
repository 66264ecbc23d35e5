package dev.vinery.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import dev.vinery.arrow.ArrowMemory;
import dev.vinery.arrow.BatchReader;
import dev.vinery.arrow.DataFrameStream;
import dev.vinery.client.Client;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StreamFailedException;
import dev.vinery.testkit.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Files that cannot be read: the stream fails with file, line and reason, both ends learn it, and
/// the store is as before.
final class BadInputTest {
  private static final int ROWS = 200_000;

  /// Far behind what types are found out from.
  private static final int BAD_ROW = 150_001;

  private static final int NOBODY = 65_534;

  @RegisterExtension private static final RunningDaemon DAEMON = new RunningDaemon(64 << 20);

  @TempDir private Path directory;

  /// A file that turns out to be bad when much of it has been read.
  enum Bad {
    TOO_MANY_FIELDS("x.csv", ", line 150001: more fields than the 2 columns"),
    TOO_FEW_FIELDS("x.csv", ", line 150001: 1 field where there are 2 columns"),
    ANOTHER_TYPE("x.csv", ", line 150001: column 'f0' holds int64, but here is 'oops'"),
    BROKEN_QUOTE("x.csv", ", line 150001: a quote is never closed"),
    NO_UTF_8("x.csv", ", line 150001: column 'f1' is not text in UTF-8"),
    GZIP_CUT("x.csv.gz", ": the gzip data end too early"),
    ZSTD_CUT("x.csv.zst", ": the zstd data end too early"),
    PARQUET_CUT("x.parquet", ": "),
    ARROW_CUT("x.arrow", ": ");

    private final String file;
    private final String reason;

    Bad(String file, String reason) {
      this.file = file;
      this.reason = reason;
    }
  }

  private static String rows(IntFunction<String> row) {
    return IntStream.rangeClosed(1, ROWS).mapToObj(row).collect(Collectors.joining());
  }

  private static String rowsWith(String bad) {
    return rows(i -> i == BAD_ROW ? bad : i + ",text " + i + "\n");
  }

  /// Compresses as one of the streams of the JDK does.
  private interface Compressing {
    OutputStream to(OutputStream out) throws IOException;
  }

  private static byte[] half(Compressing compressing) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream out = compressing.to(bytes)) {
      out.write(
          rows(i -> i + "," + Integer.toHexString(i * 48_271) + "\n")
              .getBytes(StandardCharsets.UTF_8));
    }
    return Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
  }

  private byte[] halfOfTable(Client client, String name) throws Exception {
    Path whole = directory.resolve("whole-" + name);
    Path rows = Files.writeString(directory.resolve("rows.csv"), rowsWith("150001,x\n"));
    Drivers drivers = Drivers.of(client);
    try (OpenedStream stream = drivers.open(rows.toString(), Map.of())) {
      drivers.save(stream.id(), whole.toString(), Map.of());
    }
    byte[] bytes = Files.readAllBytes(whole);
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  private Path write(Bad bad, Client client) throws Exception {
    byte[] bytes =
        switch (bad) {
          case TOO_MANY_FIELDS -> utf8(rowsWith("1,2,3\n"));
          case TOO_FEW_FIELDS -> utf8(rowsWith("1\n"));
          case ANOTHER_TYPE -> utf8(rowsWith("oops,2\n"));
          case BROKEN_QUOTE -> utf8(rowsWith("1,\"x\n"));
          case NO_UTF_8 -> rowsWith("1,\u00ff\n").getBytes(StandardCharsets.ISO_8859_1);
          case GZIP_CUT -> half(GZIPOutputStream::new);
          case ZSTD_CUT -> half(ZstdOutputStream::new);
          case PARQUET_CUT, ARROW_CUT -> halfOfTable(client, bad.file);
        };
    return Files.write(directory.resolve(bad.file), bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void readAll(Client client, ObjectId id) throws IOException {
    try (BufferAllocator memory = ArrowMemory.views().newChildAllocator("test", 0, Long.MAX_VALUE);
        BatchReader reader = client.get(id, DataFrameStream.class).read(client, memory)) {
      while (reader.loadNextBatch()) {
        assertThat(reader.getVectorSchemaRoot().getFieldVectors()).hasSize(2);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void bothEndsLearnWhatIsWrongAndNothingIsLeft(Bad bad) throws Exception {
    try (Client client = DAEMON.connect()) {
      Path file = write(bad, client);
      long before = client.status().memoryUsageBytes();
      int objects = client.list("**", Integer.MAX_VALUE).size();
      try (OpenedStream stream = Drivers.of(client).open(file.toString(), Map.of())) {
        assertThatThrownBy(() -> readAll(client, stream.id()))
            .isInstanceOf(StreamFailedException.class)
            .hasMessageContaining(file + bad.reason);
        assertThatThrownBy(stream::join)
            .isInstanceOf(IOException.class)
            .hasMessageContaining(file + bad.reason);
        stream.drop();
      }
      assertThatThrownBy(() -> Drivers.of(client).load(file.toString(), Map.of()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file + bad.reason);
      Eventually.eventually(() -> assertThat(client.status().memoryUsageBytes()).isEqualTo(before));
      assertThat(client.streams().list()).isEmpty();
      assertThat(client.list("**", Integer.MAX_VALUE)).hasSize(objects);
    }
  }

  /// Whoever runs this, root included, has no permission in a thread of nobody's.
  @Test
  void aFileWithoutPermissionIsRefusedByItsName() throws Exception {
    Path file = Files.writeString(directory.resolve("secret.csv"), "1,2\n");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    try (Client client = DAEMON.connect()) {
      Drivers drivers = Drivers.of(client);
      assertThatThrownBy(() -> asNobody(() -> drivers.open(file.toString(), Map.of()).close()))
          .isInstanceOf(IOException.class)
          .hasMessage(file + ": permission denied");
      assertThatThrownBy(() -> asNobody(() -> drivers.load(file.toString(), Map.of())))
          .isInstanceOf(IOException.class)
          .hasMessage(file + ": permission denied");
      assertThat(client.streams().list()).isEmpty();
    }
  }

  @Test
  void aPlaceThatCannotBeWrittenEndsTheStream() throws Exception {
    Path rows = Files.writeString(directory.resolve("rows.csv"), rowsWith("1,2\n"));
    try (Client client = DAEMON.connect()) {
      Drivers drivers = Drivers.of(client);
      for (String target : new String[] {directory.toString(), directory + "/none/x.csv"}) {
        try (OpenedStream stream = drivers.open(rows.toString(), Map.of())) {
          assertThatThrownBy(() -> drivers.save(stream.id(), target, Map.of()))
              .isInstanceOf(IOException.class);
        }
      }
      assertThat(client.streams().list()).isEmpty();
    }
  }

  private interface Body {
    void run() throws Exception;
  }

  /// Runs something in a thread whose files are opened as nobody does it.
  private static void asNobody(Body body) throws Exception {
    var thrown = new AtomicReference<@Nullable Exception>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                setFileUser(NOBODY);
                body.run();
              } catch (Exception e) {
                thrown.set(e);
              }
            });
    thread.join();
    if (thrown.get() != null) {
      throw Objects.requireNonNull(thrown.get());
    }
  }

  /// `int setfsuid(uid_t fsuid)`: of this thread, and of those that it starts.
  @SuppressWarnings("restricted")
  private static void setFileUser(int user) {
    var linker = Linker.nativeLinker();
    var call =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setfsuid"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      var _ = (int) call.invokeExact(user);
    } catch (Throwable e) {
      throw new AssertionError("a downcall throws nothing of its own", e);
    }
  }
}
