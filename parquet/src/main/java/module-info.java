/// Parquet files as tables of Arrow.
@org.jspecify.annotations.NullMarked
module dev.vinery.parquet {
  requires static org.jspecify;
  requires transitive dev.vinery.arrow;
  requires duckdb.jdbc;
  requires java.sql;
  requires org.apache.arrow.c;

  exports dev.vinery.parquet;

  provides dev.vinery.arrow.TableFormat with
      dev.vinery.parquet.ParquetFormat;
}
