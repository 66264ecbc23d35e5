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
      dev.vinery.types.TensorCodec.ToObject,
      dev.vinery.types.StringsCodec.ToObject,
      dev.vinery.types.DataFrameCodec.ToObject;
  provides dev.vinery.client.Resolver with
      dev.vinery.types.Scalars.FromObject,
      dev.vinery.types.Bytes.FromObject,
      dev.vinery.types.Sequences.FromObject,
      dev.vinery.types.PickleCodec.FromObject,
      dev.vinery.types.TensorCodec.FromObject,
      dev.vinery.types.StringsCodec.FromObject,
      dev.vinery.types.DataFrameCodec.FromObject,
      dev.vinery.types.DataFrameCodec.FromIndex,
      dev.vinery.types.DataFrameCodec.FromSeries;
}
