package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StoreException;
import dev.vinery.testkit.SeededTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Objects whose metadata lies: what is got of them is an error that names object and field, or a
/// value that can be read in full without leaving its memory.
final class DamagedMetadataTest {
  @RegisterExtension static final RunningDaemon DAEMON = new RunningDaemon();

  /// Numbers that sizes, offsets and counts are replaced by.
  private static final List<Long> NUMBERS =
      List.of(
          0L,
          1L,
          -1L,
          2L,
          7L,
          63L,
          1L << 20,
          1L << 31,
          (1L << 32) + 1,
          1L << 40,
          1L << 60,
          Long.MAX_VALUE,
          Long.MIN_VALUE);

  /// Fields that a daemon gives, or checks itself.
  private static final Set<String> KEPT =
      Set.of(Metadata.ID, Metadata.INSTANCE_ID, Metadata.GLOBAL, Metadata.SIGNATURE);

  private static final List<String> TEXTS =
      List.of(
          "",
          "[]",
          "[-1]",
          "[1, 2, 3]",
          "[9223372036854775807, 2]",
          "[4611686018427387904, 0]",
          "[1.5]",
          "{",
          "null",
          "\"x\"",
          "int64",
          "<U4",
          "<U999999999",
          "Sparse[float64, nan]",
          "[\"a\"]",
          "[[[]]]");

  @SeededTest(runs = 400)
  void damagedTreesAreRefusedOrReadInFull(RandomGenerator random) {
    try (Client client = DAEMON.connect()) {
      List<Map.Entry<String, Object>> samples = List.copyOf(Samples.all().entrySet());
      var sample = samples.get(random.nextInt(samples.size()));
      ObjectId whole = client.put(sample.getValue());
      Metadata tree = client.getMetadata(whole);
      ObjectId damaged = store(client, damage(tree, random), random);
      try {
        Object value = client.get(damaged);
        Reading.everything(value);
        for (AutoCloseable part : Reading.closeable(value)) {
          part.close();
        }
      } catch (StoreException refused) {
        assertThat(refused).hasMessageMatching("(?s).*(o[0-9a-f]{16}|string|sparse matrix).*");
      } catch (Exception e) {
        throw new AssertionError("after damage to " + sample.getKey() + ": " + tree, e);
      } finally {
        client.clear();
      }
    }
  }

  /// Changes one to three fields anywhere in a tree.
  private static Metadata damage(Metadata tree, RandomGenerator random) {
    Json.Fields damaged = tree.fields();
    for (int i = 0; i <= random.nextInt(3); i++) {
      damaged = damageOnce(damaged, random);
    }
    return Metadata.of(damaged);
  }

  private static Json.Fields damageOnce(Json.Fields tree, RandomGenerator random) {
    var fields = new LinkedHashMap<String, Json>(tree.values());
    List<String> names = new ArrayList<>(fields.keySet());
    names.removeAll(KEPT);
    String name = names.get(random.nextInt(names.size()));
    Json value = tree.get(name);
    if (value instanceof Json.Fields member
        && !Metadata.of(member).isBlob()
        && random.nextInt(4) > 0) {
      fields.put(name, damageOnce(member, random));
    } else {
      replacement(name, value, fields, random)
          .ifPresentOrElse(with -> fields.put(name, with), () -> fields.remove(name));
    }
    return Json.Fields.of(fields);
  }

  /// @return nothing if the field is to go
  private static Optional<Json> replacement(
      String name, Json value, Map<String, Json> siblings, RandomGenerator random) {
    if (name.equals(Metadata.TYPE_NAME)) {
      return Optional.of(new Json.Text(typeName(random)));
    }
    return switch (random.nextInt(6)) {
      case 0 -> Optional.empty();
      case 1, 2 -> Optional.of(Json.Whole.signed(NUMBERS.get(random.nextInt(NUMBERS.size()))));
      case 3 -> Optional.of(new Json.Text(TEXTS.get(random.nextInt(TEXTS.size()))));
      case 4 -> {
        List<Json> others = siblings.values().stream().filter(each -> !each.equals(value)).toList();
        yield others.isEmpty()
            ? Optional.empty()
            : Optional.of(others.get(random.nextInt(others.size())));
      }
      default -> Optional.of(new Json.Flag(random.nextBoolean()));
    };
  }

  private static String typeName(RandomGenerator random) {
    List<String> names =
        List.of(
            "vineyard::Tensor<double>",
            "vineyard::Tensor<complex128>",
            "vineyard::Tensor<std::string>",
            "vineyard::Tensor<object>",
            "vineyard::Tensor<str96>",
            "vineyard::Array<double>",
            "vineyard::Sequence",
            "vineyard::Pair",
            "vineyard::PickleBuffer",
            "vineyard::DataFrame",
            "vineyard::Series",
            "vineyard::Index",
            "vineyard::Scalar<int>",
            "vineyard::SparseArray<x>",
            "vineyard::CSRMatrix<float64>",
            "vineyard::BSRMatrix<float64>",
            "vineyard::DIAMatrix<float64>",
            "vineyard::GlobalTensor",
            "vineyard::GlobalDataFrame",
            "vineyard::Collection<x>",
            "vineyard::BaseBinaryArray<arrow::LargeStringArray>",
            "nobody::Knows");
    return names.get(random.nextInt(names.size()));
  }

  /// Stores a tree, members first, and returns the id of its root. What the daemon itself refuses
  /// is replaced by a number.
  private static ObjectId store(Client client, Metadata tree, RandomGenerator random) {
    var fields = new LinkedHashMap<String, Json>();
    tree.fields()
        .values()
        .forEach((name, value) -> {
          if (value instanceof Json.Fields member) {
            fields.put(name, member(client, Metadata.of(member), random));
          } else if (!name.equals(Metadata.ID) && !name.equals(Metadata.SIGNATURE)) {
            fields.put(name, value);
          }
        });
    fields.putIfAbsent(Metadata.TYPE_NAME, new Json.Text("nobody::Knows"));
    return client.createMetadata(Metadata.of(Json.Fields.of(fields)));
  }

  private static Json member(Client client, Metadata member, RandomGenerator random) {
    if (!member.has(Metadata.ID)) {
      return Json.Whole.signed(0);
    }
    if (member.isBlob()) {
      return member.fields();
    }
    return client.getMetadata(store(client, member, random)).fields();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          vineyard::Tensor<double>     | shape_          | [3]
          vineyard::Tensor<double>     | shape_          | [-1]
          vineyard::Tensor<double>     | shape_          | [9223372036854775807, 2]
          vineyard::Tensor<double>     | shape_          | [4294967296, 4294967296, 2]
          vineyard::Tensor<double>     | shape_          | [1.5]
          vineyard::Tensor<double>     | shape_          | 7
          vineyard::Tensor<double>     | shape_          | {
          vineyard::Array<double>      | size_           | -1
          vineyard::Array<double>      | size_           | 3
          vineyard::Array<double>      | size_           | 2305843009213693952
          vineyard::PickleBuffer       | size_           | 17
          vineyard::PickleBuffer       | size_           | -1
          vineyard::Sequence           | __elements_-size | 1000000
          vineyard::Sequence           | __elements_-size | -1
          vineyard::GlobalTensor       | partitions_-size | -1
          """)
  void theErrorNamesObjectAndField(String typeName, String field, String value) {
    try (Client client = DAEMON.connect()) {
      ObjectId blob = client.put(new byte[16]);
      Metadata.Builder metadata =
          Metadata.builder(typeName).put("buffer_", Metadata.ofBlob(blob, 16, client.instanceId()));
      if (field.equals("shape_")) {
        metadata.put(field, value);
      } else {
        metadata.put(field, Long.parseLong(value));
      }
      ObjectId id = client.createMetadata(metadata.build());

      assertThat(refusal(client, id)).contains(typeName).contains(id.toString());
    }
  }

  private static String refusal(Client client, ObjectId id) {
    try {
      return "no refusal but " + client.get(id);
    } catch (StoreException refused) {
      return String.valueOf(refused.getMessage());
    }
  }
}
