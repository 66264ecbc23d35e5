/// Parquet files as tables of Arrow. The only package that sees DuckDB.
package dev.vinery.parquet;
