package dev.vinery.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vinery.client.Client;
import dev.vinery.client.contract.RunningDaemon;
import dev.vinery.protocol.Metadata;
import dev.vinery.protocol.ObjectId;
import dev.vinery.protocol.StoreException;
import dev.vinery.testkit.SeededTest;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Objects whose metadata lies: what is got of them is an error that names object and field, or a
/// value that can be read in full without leaving its memory.
final class DamagedMetadataTest {
  @RegisterExtension static final RunningDaemon DAEMON = new RunningDaemon();

  @SeededTest(runs = 400)
  void damagedTreesAreRefusedOrReadInFull(RandomGenerator random) {
    try (Client client = DAEMON.connect()) {
      Damage.check(client, random);
    }
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
