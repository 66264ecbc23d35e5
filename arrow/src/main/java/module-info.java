/// Arrow vectors, record batches and tables as values.
@org.jspecify.annotations.NullMarked
module dev.vinery.arrow {
  requires static org.jspecify;
  requires transitive dev.vinery.types;
  requires transitive org.apache.arrow.memory.core;
  requires transitive org.apache.arrow.vector;
  requires org.apache.arrow.compression;
  requires org.apache.arrow.format;
  // Arrow wants an allocator of its own before it takes any other.
  requires org.apache.arrow.memory.unsafe;

  exports dev.vinery.arrow;

  provides dev.vinery.client.Builder with
      dev.vinery.arrow.ArrowBuilders.OfVector,
      dev.vinery.arrow.ArrowBuilders.OfChunks,
      dev.vinery.arrow.ArrowBuilders.OfSchema,
      dev.vinery.arrow.ArrowBuilders.OfBatch,
      dev.vinery.arrow.ArrowBuilders.OfTable;
  provides dev.vinery.client.Resolver with
      dev.vinery.arrow.ArrayResolvers.OfNumbers,
      dev.vinery.arrow.ArrayResolvers.OfBooleans,
      dev.vinery.arrow.ArrayResolvers.OfNulls,
      dev.vinery.arrow.ArrayResolvers.OfFixedSizeBinary,
      dev.vinery.arrow.ArrayResolvers.OfAnyBinary,
      dev.vinery.arrow.ArrayResolvers.OfLargeStrings,
      dev.vinery.arrow.ArrayResolvers.OfOlderStrings,
      dev.vinery.arrow.ArrayResolvers.OfOlderBinary,
      dev.vinery.arrow.ArrayResolvers.OfLists,
      dev.vinery.arrow.ArrayResolvers.OfCppLists,
      dev.vinery.arrow.ArrayResolvers.OfFixedSizeLists,
      dev.vinery.arrow.TableResolvers.OfSchema,
      dev.vinery.arrow.TableResolvers.OfBatch,
      dev.vinery.arrow.TableResolvers.OfTable,
      dev.vinery.arrow.StreamResolvers.FromDataFrames,
      dev.vinery.arrow.StreamResolvers.FromRecordBatches;
}
