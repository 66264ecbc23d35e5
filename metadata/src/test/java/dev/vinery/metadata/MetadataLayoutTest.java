package dev.vinery.metadata;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vinery.metadata.MetadataStore.Entry;
import dev.vinery.protocol.InstanceId;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.JsonText;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.ProtocolException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Expected texts were printed by the reference implementation.
final class MetadataLayoutTest {
  private static final String ROOT = "vineyard/S0000000000000000";
  private static final ObjectId TENSOR = new ObjectId(0x0001aa0000000002L);
  private static final ObjectId SCALAR = new ObjectId(0x0001aa0000000004L);
  private static final ObjectId GLOBAL = new ObjectId(0x0001aa0000000006L);
  private static final ObjectId BLOB = new ObjectId(0x808001aa00000001L);

  private final MetadataLayout layout = new MetadataLayout(MetadataKeys.of("vineyard", 0));

  private static Metadata tensor() {
    return Metadata.builder("vineyard::Tensor<double>")
        .put("id", TENSOR.toString())
        .put("value_type_", "float64")
        .put("shape_", "[2,2]")
        .put("buffer_", Metadata.ofBlob(BLOB, 32, 0))
        .put("nbytes", 32)
        .put("instance_id", 0)
        .put("signature", 17)
        .put("transient", true)
        .put("__timestamp", 1_700_000_000_000L)
        .build();
  }

  private static Metadata scalar() {
    return Metadata.builder("vineyard::Scalar<int64>")
        .put("id", SCALAR.toString())
        .put("instance_id", 1)
        .put("signature", 34)
        .put("transient", true)
        .build();
  }

  private static Metadata global() {
    return Metadata.builder("vineyard::GlobalTensor")
        .put("global", true)
        .put("instance_id", Json.Whole.unsigned(InstanceId.UNSPECIFIED))
        .put("nbytes", 0)
        .put("partitions_-0", tensor())
        .put("partitions_-1", scalar())
        .put("partitions_-size", 2)
        .put("signature", 51)
        .put("transient", true)
        .put("__timestamp", 1_700_000_000_000L)
        .build();
  }

  private static final String TENSOR_JSON =
      "{\"__timestamp\":1700000000000,"
          + "\"buffer_\":\"lo808001aa00000001.vineyard::Blob@0\",\"instance_id\":0,\"nbytes\":32,"
          + "\"shape_\":\"v[2,2]\",\"signature\":17,\"transient\":false,"
          + "\"typename\":\"vvineyard::Tensor<double>\",\"value_type_\":\"vfloat64\"}";

  private static final String GLOBAL_JSON =
      "{\"__timestamp\":1700000000000,\"global\":true,"
          + "\"instance_id\":18446744073709551615,\"nbytes\":0,"
          + "\"partitions_-0\":\"ls0000000000000011.vineyard::Tensor\","
          + "\"partitions_-1\":\"ls0000000000000022.vineyard::Scalar\","
          + "\"partitions_-size\":2,\"signature\":51,\"transient\":false,"
          + "\"typename\":\"vvineyard::GlobalTensor\"}";

  @Test
  void aLocalObjectIsStoredAsUpstreamStoresIt() {
    assertThat(layout.putObject(TENSOR, tensor()))
        .isEqualTo(new Change.Put(ROOT + "/data/o0001aa0000000002", TENSOR_JSON));
    assertThat(layout.putSignature(0, 17, TENSOR))
        .isEqualTo(
            new Change.Put(ROOT + "/signatures/i0/s0000000000000011", "\"o0001aa0000000002\""));
  }

  @Test
  void aGlobalObjectIsStoredAsUpstreamStoresIt() {
    assertThat(layout.putObject(GLOBAL, global()))
        .isEqualTo(new Change.Put(ROOT + "/data/o0001aa0000000006", GLOBAL_JSON));
    assertThat(layout.putSignature(1, 34, SCALAR))
        .isEqualTo(
            new Change.Put(ROOT + "/signatures/i1/s0000000000000022", "\"o0001aa0000000004\""));
  }

  @Test
  void aMemberOfAGlobalObjectNeedsASignature() {
    Metadata object =
        Metadata.builder("G").put("global", true).put("b", Metadata.ofBlob(BLOB, 1, 0)).build();

    assertThatThrownBy(() -> layout.putObject(GLOBAL, object))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("signature");
  }

  @Test
  void aNameIsTwoKeys() {
    assertThat(layout.putName("a/b~c", TENSOR))
        .containsExactly(
            new Change.Put(ROOT + "/names/a~1b~0c", "468391953432578"),
            new Change.Put(ROOT + "/data/o0001aa0000000002/__name", "\"va~1b~0c\""));
    assertThat(layout.dropName("a/b~c", TENSOR))
        .containsExactly(
            new Change.Delete(ROOT + "/names/a~1b~0c"),
            new Change.Delete(ROOT + "/data/o0001aa0000000002/__name"));
  }

  @Test
  void aLabelIsAKeyOfItsOwn() {
    assertThat(layout.putField(TENSOR, "__labels", new Json.Text("{\"k\":\"v\"}")))
        .isEqualTo(
            new Change.Put(
                ROOT + "/data/o0001aa0000000002/__labels", "\"v{\\\"k\\\":\\\"v\\\"}\""));
    assertThat(layout.putField(TENSOR, "a/b", Json.Whole.signed(-1)))
        .isEqualTo(new Change.Put(ROOT + "/data/o0001aa0000000002/a~1b", "-1"));
    assertThatThrownBy(() -> layout.putField(TENSOR, "m", Json.Fields.of(Map.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDeletedObjectLeavesOnlyItsNames() {
    try (var store = new EmbeddedMetadataStore(InstantSource.system())) {
      store.commit(
          List.of(
              layout.putObject(TENSOR, tensor()),
              layout.putSignature(0, 17, TENSOR),
              layout.putField(TENSOR, "__labels", new Json.Text("{}")),
              layout.putObject(SCALAR, scalar())));
      store.commit(layout.putName("t", TENSOR));

      store.commit(layout.deleteObject(TENSOR, 0, 17));

      assertThat(store.list("").entries())
          .extracting(Entry::key)
          .containsExactly(ROOT + "/data/o0001aa0000000004", ROOT + "/names/t");
    }
  }

  @Test
  void whatIsStoredIsReadBack() {
    try (var store = new EmbeddedMetadataStore(InstantSource.system())) {
      store.commit(
          List.of(
              layout.putObject(TENSOR, tensor()),
              layout.putObject(GLOBAL, global()),
              layout.putSignature(0, 17, TENSOR)));
      store.commit(layout.putName("käfer/🐞", TENSOR));
      List<Entry> entries = store.list(ROOT).entries();

      var objects = layout.objects(entries);
      assertThat(objects.keySet()).containsExactly(TENSOR, GLOBAL);
      StoredObject read = requireNonNull(objects.get(TENSOR));
      assertThat(read.fields().text("shape_")).isEqualTo("[2,2]");
      assertThat(read.fields().flag("transient")).isFalse();
      assertThat(read.fields().text("__name")).isEqualTo("käfer~1🐞");
      assertThat(read.fields().has("buffer_")).isFalse();
      assertThat(read.members())
          .containsExactly(Map.entry("buffer_", new Link.ById(BLOB, "vineyard::Blob", 0)));
      assertThat(layout.names(entries)).containsExactly(Map.entry("käfer/🐞", TENSOR));
    }
  }

  @Test
  void singleFieldsAreMergedOverTheirObject() {
    String copy = ROOT + "/data/o0001aa0000000008";

    var objects =
        layout.objects(
            List.of(
                entry(ROOT + "/data/o0001aa0000000002", TENSOR_JSON),
                entry(ROOT + "/data/o0001aa0000000002/nbytes", "33"),
                entry(ROOT + "/data/o0001aa0000000002/x~1y", "\"vz\""),
                entry(copy + "/buffer_", "\"lo808001aa00000001.vineyard::Blob@0\""),
                entry(copy + "/transient", "false"),
                entry(copy + "/typename", "\"vT\"")));

    StoredObject tensor = requireNonNull(objects.get(TENSOR));
    assertThat(tensor.fields().whole("nbytes")).isEqualTo(33);
    assertThat(tensor.fields().text("x/y")).isEqualTo("z");
    assertThat(tensor.fields().text("value_type_")).isEqualTo("float64");
    StoredObject merged = requireNonNull(objects.get(new ObjectId(0x0001aa0000000008L)));
    assertThat(JsonText.print(merged.encode()))
        .isEqualTo(
            "{\"buffer_\":\"lo808001aa00000001.vineyard::Blob@0\","
                + "\"transient\":false,\"typename\":\"vT\"}");
  }

  @Test
  void whatCannotBeReadIsLeftOut() {
    String data = ROOT + "/data/";

    var entries =
        List.of(
            entry(data + "o0000000000000001", "{"),
            entry(data + "o0000000000000002", "[]"),
            entry(data + "o0000000000000003", "{\"typename\":\"no prefix\"}"),
            entry(data + "o0000000000000004", "{\"typename\":\"vT\",\"m\":\"lno link\"}"),
            entry(data + "o0000000000000005/__name", "\"vleftover\""),
            entry(data + "o0000000000000006", "{\"typename\":\"vT\"}"),
            entry(data + "o6", "{\"typename\":\"vT\"}"),
            entry(data + "o0000000000000007/a/b", "{\"typename\":\"vT\"}"),
            entry(ROOT + "/names/bad", "\"o0000000000000006\""),
            entry(ROOT + "/names/good", "6"),
            entry(ROOT + "/names/worse", ""),
            entry("vineyard/S0000000000000001/names/other", "6"));

    assertThat(layout.objects(entries).keySet()).containsExactly(new ObjectId(6));
    assertThat(layout.names(entries)).containsExactly(Map.entry("good", new ObjectId(6)));
  }

  @Test
  void daemonsAgreeOnTheOtherKeys() {
    MetadataKeys keys = MetadataKeys.of("/vineyard", 0x1aL);

    assertThat(keys.instance(InstanceId.UNSPECIFIED, "hostid"))
        .isEqualTo("/vineyard/S000000000000001a/instances/i18446744073709551615/hostid");
    assertThat(keys.nextInstanceId()).isEqualTo("/vineyard/S000000000000001a/next_instance_id");
    assertThat(keys.syncLock()).isEqualTo("/vineyard/S000000000000001a/meta_sync_lock");
    try (var store = new EmbeddedMetadataStore(InstantSource.system())) {
      Lease lease = store.grant(Duration.ofSeconds(10));
      try (KeyLock lock = store.lock(keys.syncLock(), lease, Duration.ZERO).orElseThrow()) {
        assertThat(lock.key()).startsWith("/vineyard/S000000000000001a/meta_sync_lock/");
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this test", e);
    }
  }

  private static Entry entry(String key, String value) {
    return new Entry(key, value, 1);
  }
}
