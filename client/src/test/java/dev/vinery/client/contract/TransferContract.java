package dev.vinery.client.contract;

import static dev.vinery.client.contract.Contract.blobOf;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.client.Blob;
import dev.vinery.client.BlobWriter;
import dev.vinery.client.Client;
import dev.vinery.client.Compression;
import dev.vinery.client.ConnectOptions;
import dev.vinery.client.Draft;
import dev.vinery.client.Vinery;
import dev.vinery.client.VineryObject;
import dev.vinery.protocol.ConnectionException;
import dev.vinery.protocol.ObjectId;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a client does with blobs over a TCP connection that breaks, is counted or compressed, with
/// our daemon and with the official one.
@Timeout(120) // seconds: an answer that never comes fails one test
public interface TransferContract extends Contract {
  /// One mebibyte, in bytes.
  long MIB = 1 << 20;

  /// What clients may store in the daemon, in bytes.
  long MEMORY_BYTES = 64 * MIB;

  private static Client connect(Relay relay) throws IOException {
    return Vinery.connect(relay.address());
  }

  @Test
  default void aReadThatBreaksIsRepeatedOnANewConnection() throws Exception {
    try (Relay relay = daemon().relay();
        Client client = connect(relay)) {
      ObjectId id = client.create(blobOf(16 * MIB, 5));

      relay.breakAfter(3 * MIB);
      try (Blob blob = client.getBlob(id)) {
        assertThat(blob.segment().get(JAVA_BYTE, 16 * MIB - 1)).isEqualTo((byte) 5);
      }
      assertThat(relay.accepted()).isEqualTo(2);

      relay.breakConnections();
      assertThat(client.exists(id)).isTrue();
      assertThat(relay.accepted()).isEqualTo(3);
    }
  }

  @Test
  default void anUploadThatBreaksIsSaidAndLeavesNothing() throws Exception {
    try (Relay relay = daemon().relay();
        Client client = connect(relay)) {
      relay.breakAfter(3 * MIB);

      assertThatThrownBy(() -> client.create(blobOf(16 * MIB, 5)))
          .isInstanceOf(ConnectionException.class)
          .hasMessage("the daemon at %s is gone", relay.address());

      awaitMemoryUsage(0);
      assertThat(client.exists(client.create(blobOf(16 * MIB, 5)))).isTrue();
    }
  }

  @Test
  default void aWriterSurvivesAnUploadThatBreaks() throws Exception {
    try (Relay relay = daemon().relay();
        Client client = connect(relay);
        BlobWriter writer = client.createBlob(8 * MIB)) {
      writer.segment().fill((byte) 4);
      relay.breakAfter(MIB);
      assertThatThrownBy(writer::seal).isInstanceOf(ConnectionException.class);

      try (Blob blob = writer.seal();
          Blob got = client.getBlob(blob.id())) {
        assertThat(got.segment().get(JAVA_BYTE, 8 * MIB - 1)).isEqualTo((byte) 4);
      }
    }
  }

  @Test
  default void aDaemonThatDoesNotComeBackIsSaid() throws Exception {
    Relay relay = daemon().relay();
    try (Client client = connect(relay)) {
      relay.close();

      assertThatThrownBy(client::status)
          .isInstanceOf(ConnectionException.class)
          .hasMessageStartingWith("no daemon listens at");
      assertThatThrownBy(() -> client.create(blobOf(1, 1))).isInstanceOf(ConnectionException.class);
    }
  }

  @Test
  default void theBlobsOfAnObjectTravelInOneRequestEachWay() throws Exception {
    try (Relay relay = daemon().relay();
        Client client = connect(relay)) {
      var draft = Draft.object("test::Thing");
      for (int i = 0; i < 50; i++) {
        draft.member("b" + i, blobOf(1000, i));
      }
      long before = relay.bytesToTarget();
      ObjectId id = client.create(draft.build());
      long sent = relay.bytesToTarget() - before;

      try (VineryObject object = client.getObject(id)) {
        assertThat(object.member("b49").segment().get(JAVA_BYTE, 999)).isEqualTo((byte) 49);
      }

      assertThat(sent).isBetween(50_000L, 65_000L);
      assertThat(relay.bytesToTarget() - before - sent).as("two requests").isLessThan(2_500);
    }
  }

  @ParameterizedTest
  @EnumSource
  default void compressedOrNotTheBytesAreTheSame(Compression compression) throws Exception {
    byte[] random = new byte[(int) (3 * MIB) + 7];
    new Random(42).nextBytes(random);
    var options = ConnectOptions.DEFAULT.withCompression(compression);
    var sent = new ArrayList<Long>();
    for (MemorySegment content :
        List.of(MemorySegment.ofArray(new byte[random.length]), MemorySegment.ofArray(random))) {
      try (Relay relay = daemon().relay();
          Client client = Vinery.connect(relay.address(), options)) {
        long before = relay.bytesToTarget();
        ObjectId id =
            client.create(
                Draft.object("test::Two")
                    .member("one", Draft.blob(content))
                    .member("two", Draft.blob(content.asSlice(1)))
                    .build());
        sent.add(relay.bytesToTarget() - before);

        long atFirst = relay.bytesToClient();
        try (VineryObject object = client.getObject(id)) {
          assertThat(object.member("one").segment().mismatch(content)).isEqualTo(-1);
          assertThat(object.member("two").segment().mismatch(content.asSlice(1))).isEqualTo(-1);
        }
        boolean small = relay.bytesToClient() - atFirst < MIB;
        assertThat(small)
            .isEqualTo(compression == Compression.ON && content.get(JAVA_BYTE, 0) == 0);
        client.clear();
      }
    }
    assertThat(sent.getFirst() < MIB).isEqualTo(compression == Compression.ON);
    assertThat(sent.getLast()).isBetween(6 * MIB, 6 * MIB + 100_000);
  }

  @Test
  default void listenersSeeEveryTransferToItsEnd() {
    var reports = new ArrayList<List<Long>>();
    var options =
        ConnectOptions.DEFAULT.withTransferListener(
            (done, total) -> reports.add(List.of(done, total)));
    try (Client client = daemon().connect(options)) {
      client.getBlob(client.create(blobOf(20 * MIB, 1))).close();
    }

    assertThat(reports).hasSizeGreaterThan(4).allMatch(report -> report.get(1) == 20 * MIB);
    assertThat(reports).filteredOn(report -> report.get(0) == 20 * MIB).hasSize(2);
  }
}
