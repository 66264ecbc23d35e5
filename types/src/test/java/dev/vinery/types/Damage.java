package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.protocol.Json;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Objects whose metadata lies: trees of every family with fields changed, one to three of them.
final class Damage {
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

  /// The families whose values are objects, and no mere blobs.
  private static final List<Map.Entry<String, Family>> FAMILIES =
      Family.all().entrySet().stream()
          .filter(each -> !(each.getValue() instanceof Family.OfSharedMemory))
          .filter(each -> !(each.getValue() instanceof Family.OfShareableList))
          .toList();

  private Damage() {}

  /// How many families there are to be damaged.
  static int familyCount() {
    return FAMILIES.size();
  }

  /// Stores an object and a damaged one like it, and gets this one: either that is an error that
  /// names the object, or a value that can be read in full without leaving its memory.
  ///
  /// @param random chooses the family, by its first number, and the damage
  static void check(Client client, RandomGenerator random) {
    Map.Entry<String, Family> family = FAMILIES.get(random.nextInt(FAMILIES.size()));
    Metadata tree = client.getMetadata(family.getValue().store(client));
    Metadata damaged = damage(tree, random);
    ObjectId id = store(client, damaged);
    try {
      Object value = client.get(id);
      Reading.everything(value);
      Reading.close(value);
    } catch (StoreException refused) {
      assertThat(refused).hasMessageMatching("(?s).*(o[0-9a-f]{16}|string|sparse matrix).*");
    } catch (RuntimeException e) {
      throw new AssertionError("a damaged " + family.getKey() + ": " + damaged.fields(), e);
    } finally {
      client.clear();
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
  private static ObjectId store(Client client, Metadata tree) {
    var fields = new LinkedHashMap<String, Json>();
    tree.fields()
        .values()
        .forEach((name, value) -> {
          if (value instanceof Json.Fields member) {
            fields.put(name, member(client, Metadata.of(member)));
          } else if (!name.equals(Metadata.ID) && !name.equals(Metadata.SIGNATURE)) {
            fields.put(name, value);
          }
        });
    fields.putIfAbsent(Metadata.TYPE_NAME, new Json.Text("nobody::Knows"));
    return client.createMetadata(Metadata.of(Json.Fields.of(fields)));
  }

  private static Json member(Client client, Metadata member) {
    if (!member.has(Metadata.ID)) {
      return Json.Whole.signed(0);
    }
    if (member.isBlob()) {
      return member.fields();
    }
    return client.getMetadata(store(client, member)).fields();
  }
}
