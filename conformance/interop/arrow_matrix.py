"""The Arrow values that Java and Python exchange, by name, each with the side that can put it, as `values.py` has them.

arrow_matrix.py FOLDER prints a line NAME TAB KIND for each, and writes what it holds into FOLDER/NUMBER.arrow: Java makes
its values of these files.
"""

import sys

import polars
import pyarrow as pa

import arrow_values
from arrow_difference import difference
from values import BOTH, JAVA, NEITHER, PYTHON

# What Python's client writes and cannot read, whoever wrote it.
UNREADABLE = ("date64", "time32", "time64", "with zone")


class Arrow:
    """A value of Arrow, and what it is in Java."""

    def __init__(self, kind, value):
        self.kind = kind
        self.value = value

    def put_with(self, client):
        return client.put(self.value)

    def as_table(self):
        if self.kind == "schema":
            return self.value.empty_table()
        return arrow_values.as_table(self.value)

    def same_as(self, got):
        if self.kind == "schema":
            return got.names == self.value.names and got.metadata == self.value.metadata
        reason = difference(self.as_table(), got)
        if reason:
            raise ValueError(reason)
        if self.kind == "polars":
            return isinstance(got, polars.DataFrame)
        return True

    def __repr__(self):
        return f"{self.kind} {self.value}"


def side(name):
    return PYTHON if any(part in name for part in UNREADABLE) else BOTH


def vectors():
    numbers = [1, None, -3, 2**40]
    bodies = [b"abcde", None, b"\x00\xff12\n"] * 6
    only_java = {
        "binary": pa.array([b"", None, b"\x00\xff", b"x" * 300] * 5, type=pa.binary()),
        "fixed-size binary": pa.array(bodies, type=pa.binary(5)),
        "large list": pa.array([[1, None], None, [], [2]] * 5, type=pa.large_list(pa.int64())),
    }
    values = {"Arrow " + name: (side(name), Arrow("vector", array)) for name, array in arrow_values.arrays().items()}
    values |= {"Arrow " + name: (JAVA, Arrow("vector", array)) for name, array in only_java.items()}
    fixed = pa.array([[1.5, None, -0.0], [2.5, 3.5, 4.5]] * 5, type=pa.list_(pa.float64(), 3))
    values["Arrow fixed-size list"] = (NEITHER, Arrow("vector", fixed))
    values["Arrow chunked array"] = (JAVA, Arrow("chunks", pa.chunked_array([numbers, [None], numbers[::-1]])))
    return values


def tables():
    table = pa.table({name: array for name, array in arrow_values.columns().items() if side(name) == BOTH})
    with_metadata = table.replace_schema_metadata({"made by": "Python ü"})
    pieces = pa.concat_tables([table.slice(i % 11, i % 5) for i in range(200)])
    frame = polars.DataFrame({"n": [1, None, 3], "s": ["a", None, "ü"], "f": [0.5, float("nan"), None]})
    everything = pa.table(arrow_values.columns())
    return {
        "Arrow schema": (BOTH, Arrow("schema", with_metadata.schema)),
        "Arrow batch": (BOTH, Arrow("batch", table.to_batches()[0])),
        "Arrow table": (BOTH, Arrow("table", with_metadata)),
        "Arrow table in 200 pieces": (BOTH, Arrow("table", pieces)),
        "Arrow table, sliced": (BOTH, Arrow("table", table.slice(5, 9))),
        "Arrow table without rows": (BOTH, Arrow("table", table.slice(3, 0))),
        "Arrow table without missing values": (BOTH, Arrow("table", pa.table({"n": [1, 2, 3], "s": ["x", "y", "ü"]}))),
        "Arrow table of times": (PYTHON, Arrow("table", everything)),
        "Polars frame": (BOTH, Arrow("polars", frame)),
        "Polars frame without rows": (BOTH, Arrow("polars", frame.clear())),
    }


def all_values():
    return vectors() | tables()


def main(folder):
    for number, (name, (_, value)) in enumerate(all_values().items()):
        table = value.as_table() if value.kind != "chunks" else pa.table({"value": value.value})
        with pa.OSFile(f"{folder}/{number}.arrow", "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
        print(f"{name}\t{value.kind}")


if __name__ == "__main__":
    main(sys.argv[1])
