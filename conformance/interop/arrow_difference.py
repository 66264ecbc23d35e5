"""Tells how Arrow values differ, apart from what storing changes."""

import polars
import pyarrow as pa


def flat(array):
    """Elements in a form that can be compared: bits of numbers, so that no number differs from itself."""
    kind = array.type
    if pa.types.is_fixed_size_binary(kind):
        return array.to_pylist()
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return [None if item is None or not item.is_valid else flat(item.values) for item in array]
    if not pa.types.is_boolean(kind) and not pa.types.is_null(kind) and pa.types.is_primitive(kind):
        return array.view(pa.from_numpy_dtype(f"int{kind.bit_width}")).to_pylist()
    return array.to_pylist()


def plain(kind):
    """A type without what storing changes: the width of offsets, the names of values in lists."""
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"list<{plain(kind.value_type)}>"
    return str(kind).replace("large_", "")


def difference(wanted, got):
    """Why a value is not what was put; nothing if it is."""
    if isinstance(got, polars.DataFrame):
        got = got.to_arrow()
    if isinstance(got, (pa.Table, pa.RecordBatch)):
        if got.schema.names != wanted.schema.names:
            return f"columns {got.schema.names}"
        columns = [got.column(i) for i in range(got.num_columns)]
        columns = [c.combine_chunks() if isinstance(c, pa.ChunkedArray) else c for c in columns]
    elif isinstance(got, pa.Array):
        columns = [got]
    else:
        return f"a {type(got).__name__}"
    for i, column in enumerate(columns):
        column.validate(full=True)
        expected = wanted.column(i).combine_chunks()
        if plain(column.type) != plain(expected.type):
            return f"column {i} is {column.type} and not {expected.type}"
        if flat(column) != flat(expected):
            return f"column {i} holds {column} and not {expected}"
    return None
