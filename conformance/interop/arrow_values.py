"""Arrow values that Python can put, by name: arrays of every type, whole and sliced, tables and frames of Polars."""

import datetime

import polars
import pyarrow as pa

INTEGERS = [pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32(), pa.int64(), pa.uint64()]
UNITS = ["s", "ms", "us", "ns"]


def extremes(kind):
    """Smallest, none, zero and largest number of a type of integers."""
    bits = kind.bit_width
    if pa.types.is_signed_integer(kind):
        return [-(2 ** (bits - 1)), None, 0, 2 ** (bits - 1) - 1]
    return [0, None, 1, 2**bits - 1]


def arrays():
    """One array for each type that has a builder in Python."""
    values = {str(kind): pa.array(extremes(kind) * 5, type=kind) for kind in INTEGERS}
    floats = [float("nan"), float("inf"), None, -0.0, 1.5] * 4
    values["float"] = pa.array(floats, type=pa.float32())
    values["double"] = pa.array(floats + [5e-324, 1.7976931348623157e308], type=pa.float64())
    values["halffloat"] = pa.array([1, None, 3] * 6, type=pa.int16()).view(pa.float16())
    values["bool"] = pa.array([True, None, False, True, True, False, None] * 3)
    for unit in UNITS:
        values[f"timestamp {unit}"] = pa.array([0, None, -1, 2**40] * 5, type=pa.timestamp(unit))
        values[f"timestamp {unit} with zone"] = pa.array([0, None, 12345] * 6, type=pa.timestamp(unit, tz="UTC"))
        values[f"duration {unit}"] = pa.array([0, None, -1, 10**9] * 5, type=pa.duration(unit))
    values["date32"] = pa.array([0, None, -1, 20000] * 5, type=pa.date32())
    values["date64"] = pa.array([datetime.date(2020, 1, 1), None, datetime.date(1901, 2, 3)] * 6, type=pa.date64())
    for kind in [pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns")]:
        values[str(kind)] = pa.array([0, None, 3600] * 6, type=kind)
    texts = ["a", None, "", "žluťoučký kůň \U0001f40e", "x" * 300, "\n\u0000\""] * 3
    values["string"] = pa.array(texts)
    values["large string"] = pa.array(texts, type=pa.large_string())
    values["large binary"] = pa.array([t and t.encode() for t in texts], type=pa.large_binary())
    values["null"] = pa.nulls(20)
    values["list"] = pa.array([[], None, [1, 2], [None, 1], [3]] * 4)
    values["list of strings"] = pa.array([["a", None], [], None, ["", "ü"]] * 5)
    values["list of lists"] = pa.array([[[1.5], []], None, [None, [2.5, None]]] * 6)
    return values


def columns():
    """Arrays that fit into one table, without lists of strings, whose schema Python's client gets wrong."""
    return {name: array.slice(0, 18) for name, array in arrays().items() if name not in ("list of strings", "list of lists")}


def tables():
    table = pa.table(columns())
    with_metadata = table.replace_schema_metadata({"made by": "Python ü"})
    return {
        "table": with_metadata,
        "table in pieces": pa.concat_tables([table, table.slice(3, 7), table.slice(0, 0), table.slice(11)]),
        "sliced table": table.slice(5, 9),
        "table without nulls": pa.table({"n": [1, 2, 3], "s": ["x", "y", "ü"]}),
        "table with a name twice": pa.table([pa.array([1]), pa.array(["a"])], names=["same", "same"]),
    }


def polars_frames():
    return {
        "polars frame": polars.DataFrame({"n": [1, None, 3], "s": ["a", None, "ü"], "f": [0.5, float("nan"), None]}),
        "polars frame without rows": polars.DataFrame({"n": [1], "s": ["a"]}).clear(),
    }


def opaque():
    """Values with columns that Python's client pickles: nobody else can read them."""
    return {
        "opaque polars lists": polars.DataFrame({"l": [[1, 2], [], None]}),
        "opaque dictionaries": pa.table({"d": pa.array(["a", "b", "a"]).dictionary_encode()}),
        "opaque structs": pa.table({"n": [1], "s": pa.array([{"a": 1}])}),
    }


def all_values():
    values = {}
    for name, array in arrays().items():
        values[name] = array
        values["sliced " + name] = array.slice(3, 10)
        values["empty " + name] = array.slice(4, 0)
        values["without nulls " + name] = array.drop_null()
    values["batch"] = pa.RecordBatch.from_arrays(list(columns().values()), list(columns()))
    return values | tables() | polars_frames() | opaque()


def as_table(value):
    """The same as a table, which can stand in a file."""
    if isinstance(value, pa.Table):
        return value
    if isinstance(value, pa.RecordBatch):
        return pa.Table.from_batches([value])
    if isinstance(value, polars.DataFrame):
        return value.to_arrow()
    return pa.table({"value": value})
