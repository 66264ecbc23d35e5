package dev.vinery.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.protocol.BlobRequest;
import dev.vinery.protocol.ExtentReply;
import dev.vinery.protocol.ExtentRequest;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ObjectReply;
import dev.vinery.protocol.ObjectRequest;
import dev.vinery.protocol.Payload;
import dev.vinery.testkit.SeededTest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A client that puts and one that gets, each in one request, while a third deletes: what is there
/// is whole. The same in several requests is not.
final class CombinedCallsTest {
  private static final int STEPS = 120;

  @RegisterExtension private final DaemonUnderTest daemon = DaemonUnderTest.withMemory(4 << 20);

  /// How puts and gets are made.
  private enum Way {
    COMBINED,
    PUT_IN_STEPS,
    GET_IN_STEPS
  }

  /// The three clients, in steps that come in any order.
  private final class World {
    private final Way way;
    private final TestClient writer = daemon.client();
    private final TestClient reader = daemon.client();
    private final TestClient remover = daemon.client();
    private final Map<ObjectId, String> texts = new HashMap<>();
    private final List<ObjectId> known = new ArrayList<>();
    private ExtentReply.@Nullable Leased extent;
    private long front;
    private int number;
    private @Nullable ObjectId blob;
    private @Nullable Metadata found;

    World(Way way) {
      this.way = way;
    }

    private void put() {
      String text = "text " + number;
      if (way == Way.PUT_IN_STEPS) {
        putInSteps(text);
        return;
      }
      ExtentReply.Leased open = extent;
      if (open == null || open.memory().sizeBytes() - front < 64) {
        open = writer.wire().call(new ExtentRequest.Lease(4096), ExtentReply.Leased.class);
        extent = open;
        front = 0;
      }
      write(writer.wire().bytes(open.memory()).asSlice(front), text);
      var tree = JsonText.parse(tree("{\"vinery_blob\":0}"));
      var request =
          new ExtentRequest.Put(open.extent(), front, List.of((long) text.length()), List.of(tree));
      add(writer.wire().call(request, ExtentReply.Stored.class).objects().getFirst(), text);
      front += 64;
    }

    private void putInSteps(String text) {
      ObjectId sealed = blob;
      if (sealed == null) {
        blob = writer.put(text);
      } else {
        blob = null;
        String member = Metadata.ofBlob(sealed, text.length(), 0).toString();
        add(writer.createObject(tree(member)), text);
      }
    }

    private void write(MemorySegment memory, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }

    private String tree(String member) {
      return "{\"typename\":\"t\",\"instance_id\":0,\"nbytes\":0,\"m\":" + member + "}";
    }

    private void add(ObjectId id, String text) {
      number++;
      texts.put(id, text);
      known.add(id);
    }

    private void remove(RandomGenerator random) {
      if (random.nextInt(4) == 0 || known.isEmpty()) {
        remover.done(new ObjectRequest.Clear());
        known.clear();
      } else {
        remover.delete(known.remove(random.nextInt(known.size())));
      }
    }

    /// @return whether what was got, if anything, was whole
    private boolean get(RandomGenerator random) {
      if (way == Way.GET_IN_STEPS && found != null) {
        return getBytes(found);
      }
      if (known.isEmpty()) {
        return true;
      }
      ObjectId id = known.get(random.nextInt(known.size()));
      if (way == Way.GET_IN_STEPS) {
        found = reader.find(id).objects().get(id);
        return true;
      }
      var request = new ObjectRequest.Get(List.of(id), false, false, true);
      var reply = reader.wire().call(request, ObjectReply.Found.class);
      if (reply.objects().isEmpty()) {
        return true;
      }
      return reply.payloads().size() == 1 && isWhole(id, reply.payloads().getFirst());
    }

    private boolean getBytes(Metadata object) {
      found = null;
      List<Payload> payloads = reader.get(object.member("m").id());
      return payloads.size() == 1 && isWhole(object.id(), payloads.getFirst());
    }

    private boolean isWhole(ObjectId id, Payload payload) {
      String text = new String(reader.read(payload), StandardCharsets.UTF_8);
      reader.done(new BlobRequest.Release(payload.id()));
      return text.equals(texts.get(id));
    }

    /// @return whether all that was got was whole
    boolean run(RandomGenerator random) {
      for (int i = 0; i < STEPS; i++) {
        switch (random.nextInt(5)) {
          case 0, 1 -> put();
          case 2 -> remove(random);
          default -> {
            if (!get(random)) {
              return false;
            }
          }
        }
      }
      return true;
    }
  }

  @SeededTest(runs = 10)
  void whatIsPutAndGotInOneRequestIsWhole(RandomGenerator random) {
    assertThat(new World(Way.COMBINED).run(random)).isTrue();
  }

  @Test
  void theSameInSeveralRequestsIsNoticed() {
    for (Way way : Way.values()) {
      int wrong = 0;
      for (int seed = 0; seed < 10; seed++) {
        wrong += new World(way).run(new SplittableRandom(seed)) ? 0 : 1;
      }
      if (way == Way.COMBINED) {
        assertThat(wrong).isZero();
      } else {
        assertThat(wrong).as(way.name()).isPositive();
      }
    }
  }
}
