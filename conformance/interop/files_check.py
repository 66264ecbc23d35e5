"""Compares Parquet files that Java has written with Arrow files that Java has written: files_check.py FOLDER.

Prints a line for each that differs: the name and why.
"""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from arrow_difference import difference


def as_written(table):
    """Parquet has no lists of one length, and DuckDB no bytes of one length."""
    return table.cast(pa.schema([pa.field(f.name, written_type(f.type)) for f in table.schema]))


def written_type(kind):
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(kind.value_type)
    return pa.binary() if pa.types.is_fixed_size_binary(kind) else kind


def main(folder):
    for path in sorted(Path(folder).glob("*.parquet")):
        with pa.OSFile(str(path.with_suffix(".arrow"))) as file:
            wanted = as_written(pa.ipc.open_file(file).read_all())
        try:
            reason = difference(wanted, pq.read_table(path))
        except Exception as e:  # whatever pyarrow throws is a failure of this file only
            reason = f"{type(e).__name__}: {e}"
        if reason:
            print(f"{path.stem}\t{reason}".replace("\n", " ")[:300])


main(sys.argv[1])
