/// Arrow vectors, record batches, tables and schemas as values, laid out as the official Python
/// client reads them. The only package that sees Arrow.
///
/// Read first [dev.vinery.arrow.ArrowTable], [dev.vinery.arrow.ArrowMemory] and
/// [dev.vinery.arrow.ArrayKind].
package dev.vinery.arrow;
