package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.SpillReply;
import dev.vinery.protocol.SpillRequest;
import dev.vinery.protocol.Status;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Which connections have a blob in their books, and what follows for releasing it.
final class ReferenceTest {
  private static final ObjectId UNKNOWN = new ObjectId(Long.MIN_VALUE | 12345);

  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(1 << 20);

  @Test
  void whoHoldsNothingIsToldAnotherStatusThanWhoHoldsSomethingElse() {
    TestClient client = daemon.client();
    assertThat(client.refused(new BlobRequest.Release(UNKNOWN))).isEqualTo(Status.KEY_ERROR);

    ObjectId id = client.put("x");

    assertThat(client.refused(new BlobRequest.Release(UNKNOWN))).isEqualTo(Status.OBJECT_NOT_FOUND);
    client.release(id);
    assertThat(client.refused(new BlobRequest.Release(id))).isEqualTo(Status.KEY_ERROR);
  }

  @Test
  void sealingReadingAndHoldingCountOncePerConnection() {
    TestClient writer = daemon.client();
    ObjectId id = writer.put("x");
    writer.getOne(id);
    writer.getOne(id);
    writer.done(new BlobRequest.Hold(List.of(id, id)));

    writer.release(id);

    assertThat(writer.refused(new BlobRequest.Release(id))).isEqualTo(Status.KEY_ERROR);
    assertThat(inUse(writer, id)).isFalse();
    assertThat(writer.text(id)).isEqualTo("x");
  }

  @Test
  void creatingAloneIsNoReference() {
    TestClient client = daemon.client();
    ObjectId id = client.create(1).id();

    assertThat(client.refused(new BlobRequest.Release(id))).isEqualTo(Status.KEY_ERROR);
    assertThat(inUse(client, id)).isTrue(); // because it is still being written
  }

  @Test
  void holdingWhatIsUnknownIsAcceptedAndHoldsNothing() {
    TestClient client = daemon.client();

    client.done(new BlobRequest.Hold(List.of(UNKNOWN, ObjectId.EMPTY_BLOB)));

    assertThat(client.refused(new BlobRequest.Release(UNKNOWN))).isEqualTo(Status.KEY_ERROR);
  }

  @Test
  void eachConnectionReleasesForItselfOnly() {
    TestClient writer = daemon.client();
    TestClient first = daemon.client();
    TestClient second = daemon.client();
    ObjectId id = writer.put("shared");
    writer.release(id);
    first.getOne(id);
    second.getOne(id);

    first.release(id);

    assertThat(inUse(writer, id)).isTrue();
    writer.delete(id);
    assertThat(writer.usage()).isEqualTo(6);
    second.release(id);
    assertThat(writer.usage()).isZero();
  }

  @Test
  void whatIsDeletedCanStillBeReleased() {
    TestClient writer = daemon.client();
    TestClient reader = daemon.client();
    ObjectId id = writer.put("x");
    reader.getOne(id);
    writer.delete(id);

    reader.release(id);

    assertThat(reader.refused(new BlobRequest.Release(id))).isEqualTo(Status.KEY_ERROR);
  }

  @Test
  void releasingNeverDeletes() {
    TestClient writer = daemon.client();
    ObjectId id = writer.put("stays");

    writer.release(id);

    assertThat(daemon.client().text(id)).isEqualTo("stays");
  }

  private static boolean inUse(TestClient client, ObjectId id) {
    return client.wire().call(new SpillRequest.IsInUse(id), SpillReply.IsInUse.class).inUse();
  }
}
