"""ORC files beside Arrow files of the same tables: orc_files.py make FOLDER, orc_files.py check ORC ARROW.

Checking prints what differs, if anything does.
"""

import datetime
import decimal
import sys
from pathlib import Path

import pyarrow as pa
from pyarrow import orc

from arrow_difference import difference

ROWS = 40_000


def table():
    """Columns of all types that ORC has, of which each seventh value is missing."""

    def column(kind, value):
        return pa.array([None if i % 7 == 3 else value(i) for i in range(ROWS)], kind)

    day = datetime.date(1960, 1, 1)
    return pa.table(
        {
            "flag": column(pa.bool_(), lambda i: i % 2 == 0),
            "tiny": column(pa.int8(), lambda i: i % 256 - 128),
            "small": column(pa.int16(), lambda i: i - 20_000),
            "int": column(pa.int32(), lambda i: -i),
            "long": column(pa.int64(), lambda i: i * 10**12),
            "float": column(pa.float32(), lambda i: i / 4),
            "real": column(pa.float64(), lambda i: i / 3),
            "text": column(pa.string(), lambda i: f"é {i}"),
            "bytes": column(pa.binary(), lambda i: bytes([i % 256, 0, 255])),
            "day": column(pa.date32(), lambda i: day + datetime.timedelta(days=i)),
            "time": column(pa.timestamp("ns"), lambda i: (i - 1000) * 86_399 * 10**9 + i),
            "money": column(pa.decimal128(20, 3), lambda i: decimal.Decimal(i * 1234).scaleb(-3)),
            "list": column(pa.list_(pa.int64()), lambda i: list(range(i % 4))),
            "struct": column(
                pa.struct([("a", pa.int32()), ("b", pa.string())]), lambda i: {"a": i, "b": str(i)}
            ),
            "map": column(
                pa.map_(pa.string(), pa.int64()), lambda i: [(str(k), k) for k in range(i % 3)]
            ),
        }
    )


def make(folder):
    made = table()
    orc.write_table(made, str(folder / "made.orc"), stripe_size=64 << 10, compression="zstd")
    with pa.OSFile(str(folder / "made.arrow"), "wb") as file:
        with pa.ipc.new_file(file, made.schema) as writer:
            writer.write_table(made)


def check(path, arrow):
    with pa.OSFile(arrow) as file:
        wanted = pa.ipc.open_file(file).read_all()
    reason = difference(wanted, orc.read_table(path).cast(wanted.schema))
    if reason:
        print(reason)


if sys.argv[1] == "make":
    make(Path(sys.argv[2]))
else:
    check(*sys.argv[2:])
