package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.BlobReply;
import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.Payload;
import dev.vinery.protocol.Reply;
import dev.vinery.protocol.Request;
import dev.vinery.protocol.SlabReply;
import dev.vinery.protocol.SlabRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Which descriptors follow a reply. One that does not follow, or too many, spoils the next reply,
/// so every test ends with one more call.
final class DescriptorPassingTest {
  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(1 << 20);

  @Test
  void aWriterGetsADescriptorOnce() {
    TestClient client = daemon.client();

    Reply first = client.wire().call(new BlobRequest.Create(10));
    Reply second = client.wire().call(new BlobRequest.Create(10));
    Reply third = client.wire().call(new BlobRequest.CreateMany(List.of(1L, 2L)));

    assertThat(first.descriptors()).hasSize(1);
    assertThat(second.descriptors()).isEmpty();
    assertThat(third.descriptors()).isEmpty();
    assertNothingElseCame(client);
  }

  @Test
  void aReaderGetsAnotherDescriptorUnderAnotherKeyOnce() {
    TestClient client = daemon.client();
    Payload written = client.create(10);
    client.seal(written.id());

    Reply first = get(client, written.id());
    Reply second = get(client, written.id(), written.id());

    assertThat(first.descriptors()).hasSize(1);
    assertThat(second.descriptors()).isEmpty();
    assertThat(client.getOne(written.id()).storeFd()).isNotEqualTo(written.storeFd());
    assertNothingElseCame(client);
  }

  @Test
  void allWritersAndAllReadersShareTheirKeys() {
    TestClient one = daemon.client();
    TestClient other = daemon.client();

    Payload a = one.create(1);
    Payload b = other.create(1);
    one.seal(a.id());
    other.seal(b.id());

    assertThat(a.storeFd()).isEqualTo(b.storeFd());
    assertThat(one.getOne(b.id()).storeFd()).isEqualTo(other.getOne(a.id()).storeFd());
  }

  @Test
  void whatHasNoBytesBringsNoDescriptor() {
    TestClient writer = daemon.client();
    Payload shrunk = writer.create(10);
    writer.done(new BlobRequest.Shrink(shrunk.id(), 0));
    writer.seal(shrunk.id());
    TestClient reader = daemon.client();

    assertThat(reader.wire().call(new BlobRequest.Create(0)).descriptors()).isEmpty();
    assertThat(reader.wire().call(new BlobRequest.CreateMany(List.of(0L, 0L))).descriptors())
        .isEmpty();
    assertThat(get(reader, ObjectId.EMPTY_BLOB, shrunk.id()).descriptors()).isEmpty();
    assertNothingElseCame(reader);
  }

  @Test
  void aRefusedRequestBringsNoDescriptorAndTheNextOneDoes() {
    TestClient client = daemon.client();

    client.refused(new BlobRequest.Create(1 << 21));
    client.refused(new BlobRequest.CreateMany(List.of(1L, 1L << 21)));

    assertThat(client.wire().call(new BlobRequest.Create(1)).descriptors()).hasSize(1);
    assertNothingElseCame(client);
  }

  @Test
  void everyConnectionGetsItsOwn() {
    ObjectId id = daemon.client().put("x");

    for (int i = 0; i < 3; i++) {
      TestClient reader = daemon.client();
      assertThat(get(reader, id).descriptors()).hasSize(1);
      reader.close();
    }
  }

  @Test
  void everyBlobOnDiskHasAFileOfItsOwn() {
    TestClient client = daemon.client();

    BlobReply.CreatedOnDisk a = createOnDisk(client);
    BlobReply.CreatedOnDisk b = createOnDisk(client);

    assertThat(a.newStoreFd()).isEqualTo(a.payload().storeFd()).isPositive();
    assertThat(b.newStoreFd()).isEqualTo(b.payload().storeFd()).isNotEqualTo(a.newStoreFd());
    assertNothingElseCame(client);
  }

  @Test
  void descriptorsComeInTheOrderOfTheirFirstPayload() {
    TestClient client = daemon.client();
    BlobReply.CreatedOnDisk a = createOnDisk(client);
    client.write(a.payload(), new byte[] {'a'});
    client.seal(a.payload().id());
    BlobReply.CreatedOnDisk b = createOnDisk(client);
    client.write(b.payload(), new byte[] {'b'});
    client.seal(b.payload().id());
    ObjectId c = client.put("c");
    TestClient reader = daemon.client();

    Reply reply = get(reader, b.payload().id(), c, a.payload().id(), c, b.payload().id());

    assertThat(reply.descriptors()).hasSize(3).doesNotHaveDuplicates();
    assertThat(reader.text(b.payload().id())).startsWith("b");
    assertThat(reader.text(a.payload().id())).startsWith("a");
    assertThat(reader.text(c)).isEqualTo("c");
    assertNothingElseCame(reader);
  }

  @Test
  void aSlabComesWithItsDescriptor() {
    TestClient client = daemon.client();

    SlabReply.Made a = make(client);
    SlabReply.Made b = make(client);

    assertThat(client.wire().keys()).containsExactlyInAnyOrder(a.storeFd(), b.storeFd());
    assertNothingElseCame(client);
  }

  private static SlabReply.Made make(TestClient client) {
    return client.wire().call(new SlabRequest.Make(4096), SlabReply.Made.class);
  }

  private static BlobReply.CreatedOnDisk createOnDisk(TestClient client) {
    return client.wire().call(new BlobRequest.CreateOnDisk(5, ""), BlobReply.CreatedOnDisk.class);
  }

  private static Reply get(TestClient client, ObjectId... ids) {
    Request request = new BlobRequest.Get(List.of(ids), false);
    return client.wire().call(request, BlobReply.Found.class);
  }

  private static void assertNothingElseCame(TestClient client) {
    assertThat(client.status().ipcConnections()).isPositive();
    assertThat(client.wire().silent()).isTrue();
  }
}
