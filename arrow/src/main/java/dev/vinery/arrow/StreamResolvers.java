package dev.vinery.arrow;

import dev.vinery.client.Resolver;
import dev.vinery.client.Streams;
import dev.vinery.client.VineryObject;

/// Resolvers of streams, from the objects that describe them.
final class StreamResolvers {
  private StreamResolvers() {}

  /// A [DataFrameStream].
  public static final class FromDataFrames implements Resolver {
    @Override
    public String typeNamePrefix() {
      return Streams.DATA_FRAMES;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      try (object) {
        return new DataFrameStream(object.id(), Streams.parameters(object.metadata()));
      }
    }
  }

  /// A [RecordBatchStream].
  public static final class FromRecordBatches implements Resolver {
    @Override
    public String typeNamePrefix() {
      return Streams.RECORD_BATCHES;
    }

    @Override
    public Object resolve(VineryObject object, Class<?> wanted) {
      try (object) {
        return new RecordBatchStream(object.id(), Streams.parameters(object.metadata()));
      }
    }
  }
}
