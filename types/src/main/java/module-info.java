/// Values that people put and get.
@org.jspecify.annotations.NullMarked
module dev.vinery.types {
  requires static org.jspecify;
  requires transitive dev.vinery.client;

  exports dev.vinery.types;

  provides dev.vinery.client.Builder with
      dev.vinery.types.Scalars.OfNumber,
      dev.vinery.types.Scalars.OfBoolean,
      dev.vinery.types.Scalars.OfText,
      dev.vinery.types.Bytes.OfArray,
      dev.vinery.types.Bytes.OfSegment,
      dev.vinery.types.Bytes.OfBuffer,
      dev.vinery.types.Sequences.OfList,
      dev.vinery.types.Sequences.OfPair,
      dev.vinery.types.Sequences.OfArray,
      dev.vinery.types.PickleCodec.OfMap,
      dev.vinery.types.PickleCodec.OfSet,
      dev.vinery.types.PickleCodec.OfComplex,
      dev.vinery.types.PickleCodec.OfOptional,
      dev.vinery.types.TensorCodec.OfTensor,
      dev.vinery.types.TensorCodec.OfView,
      dev.vinery.types.TensorCodec.OfObjects,
      dev.vinery.types.SparseCodec.OfMatrix,
      dev.vinery.types.SparseCodec.OfColumn,
      dev.vinery.types.SeriesCodec.OfIndex,
      dev.vinery.types.SeriesCodec.OfSeries,
      dev.vinery.types.GlobalCodec.OfTensor,
      dev.vinery.types.GlobalCodec.OfFrame,
      dev.vinery.types.GlobalCodec.OfCollection,
      dev.vinery.types.GlobalCodec.OfPart,
      dev.vinery.types.StringsCodec.OfStrings,
      dev.vinery.types.StreamCodec.OfCollection,
      dev.vinery.types.DataFrameCodec.OfFrame;
  provides dev.vinery.client.Resolver with
      dev.vinery.types.Scalars.FromObject,
      dev.vinery.types.Bytes.FromObject,
      dev.vinery.types.Sequences.FromObject,
      dev.vinery.types.PickleCodec.FromObject,
      dev.vinery.types.TensorCodec.FromObject,
      dev.vinery.types.StringsCodec.FromObject,
      dev.vinery.types.Sequences.FromTuple,
      dev.vinery.types.Sequences.FromPair,
      dev.vinery.types.Sequences.FromArray,
      dev.vinery.types.SparseCodec.FromColumn,
      dev.vinery.types.SparseCodec.FromCsr,
      dev.vinery.types.SparseCodec.FromCsc,
      dev.vinery.types.SparseCodec.FromCoo,
      dev.vinery.types.SparseCodec.FromBsr,
      dev.vinery.types.SparseCodec.FromDia,
      dev.vinery.types.SeriesCodec.FromIndex,
      dev.vinery.types.SeriesCodec.FromSeries,
      dev.vinery.types.GlobalCodec.FromTensor,
      dev.vinery.types.GlobalCodec.FromFrame,
      dev.vinery.types.GlobalCodec.FromCollection,
      dev.vinery.types.StreamCodec.FromBytes,
      dev.vinery.types.StreamCodec.FromCollection,
      dev.vinery.types.StreamCodec.FromParallel,
      dev.vinery.types.DataFrameCodec.FromObject;
}
