"""Writes Parquet and Feather files for Java to read: files_make.py FOLDER.

Prints their names. NAME.arrow beside such a file has what pyarrow reads from it; those that must be refused have none.
"""

import decimal
import sys

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq

import arrow_values


def plain():
    return pa.table({name: array for name, array in arrow_values.columns().items() if name != "time64[ns]"})


def nested():
    arrays = arrow_values.arrays()
    names = ["list", "list of strings", "list of lists"]
    length = min(len(arrays[name]) for name in names)
    table = pa.table({name: arrays[name].slice(0, length) for name in names})
    must = pa.field("must", pa.list_(pa.field("element", pa.int64(), nullable=False)), nullable=False)
    return table.append_column(must, pa.array([[i] * (i % 3) for i in range(length)], type=must.type))


def long():
    """So many rows that columns have several pages, and pages several encodings."""
    rows = range(200_000)
    return pa.table(
        {
            "number": pa.array([None if i % 7 == 0 else i * 3 for i in rows]),
            "text": pa.array([None if i % 11 == 0 else f"text {i % 1000}" for i in rows]),
            "few": pa.array([i // 5000 for i in rows], type=pa.int16()),
            "real": pa.array([i / 7 for i in rows]),
            "flag": pa.array([i % 3 == 0 for i in rows]),
            "lists": pa.array([None if i % 13 == 0 else list(range(i % 5)) for i in rows]),
        }
    )


def timestamps():
    return pa.table({"stamp": pa.array([0, None, -1000, 1_700_000_000_123_456_000], type=pa.timestamp("ns"))})


def nanoseconds():
    numbers = [0, None, -1, 1_700_000_000_123_456_789]
    return pa.table(
        {
            "local": pa.array(numbers, type=pa.timestamp("ns")),
            "zoned": pa.array(numbers, type=pa.timestamp("ns", tz="UTC")),
            "long": pa.array(numbers, type=pa.duration("ns")),
        }
    )


def files():
    values = {f"flat {codec}": (plain(), {"compression": codec}) for codec in ["none", "snappy", "gzip", "zstd", "lz4"]}
    values["flat in groups"] = (plain(), {"row_group_size": 7})
    values["flat without dictionaries"] = (plain(), {"use_dictionary": False})
    values["flat of version 2.4"] = (plain(), {"version": "2.4", "coerce_timestamps": "us", "allow_truncated_timestamps": True})
    values["flat in pages of version 2"] = (plain(), {"data_page_version": "2.0"})
    values["flat without a schema of Arrow"] = (plain(), {"store_schema": False})
    values["names that differ in case"] = (pa.table([[1], [2], [[3]], [4], [5]], names=["a", "A", "lists", "", "a"]), {})
    values["nested"] = (nested(), {"row_group_size": 5})
    values["long"] = (long(), {"row_group_size": 70_000, "data_page_size": 10_000})
    values["long of version 2"] = (long(), {"data_page_version": "2.0", "compression": "zstd"})
    delta = {"number": "DELTA_BINARY_PACKED", "text": "DELTA_BYTE_ARRAY", "real": "BYTE_STREAM_SPLIT"}
    values["encodings"] = (long(), {"use_dictionary": False, "column_encoding": delta})
    values["nanoseconds"] = (nanoseconds(), {})
    values["96 bits"] = (timestamps(), {"use_deprecated_int96_timestamps": True})
    values["no rows"] = (plain().slice(0, 0), {})
    return values


def refused():
    return {
        "structs": pa.table({"good": [1], "bad": [{"a": 1}]}),
        "maps": pa.table({"bad": pa.array([[("a", 1)]], type=pa.map_(pa.string(), pa.int64()))}),
        "decimals": pa.table({"bad": pa.array([decimal.Decimal("1.25")])}),
        "structs in lists": pa.table({"bad": [[{"a": 1}]]}),
        "times in nanoseconds": pa.table({"good": [1], "bad": pa.array([123_456_789], type=pa.time64("ns"))}),
        "times in lists": pa.table({"bad": pa.array([[1]], type=pa.list_(pa.time64("ns")))}),
    }


def as_read(path):
    """What pyarrow reads, in types that we have for it: durations are numbers."""
    table = pq.ParquetFile(path).read()
    return table.cast(pa.schema([pa.field(f.name, our_type(f.type)) for f in table.schema]), safe=False)


def our_type(kind):
    if pa.types.is_date64(kind):
        return pa.date32()
    if pa.types.is_duration(kind):
        return pa.int64()
    return pa.float32() if pa.types.is_float16(kind) else kind


def write_expected(table, path):
    with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def main(folder):
    for name, (table, options) in files().items():
        pq.write_table(table, f"{folder}/{name}.parquet", **options)
        write_expected(as_read(f"{folder}/{name}.parquet"), f"{folder}/{name}.arrow")
        print(f"{name}.parquet")
    for name, table in refused().items():
        pq.write_table(table, f"{folder}/{name}.parquet")
        print(f"{name}.parquet")
    for codec in ["lz4", "zstd", "uncompressed"]:
        for name, table in {"flat": plain(), "long": long()}.items():
            pyarrow.feather.write_feather(table, f"{folder}/feather {name} {codec}.feather", compression=codec)
            write_expected(table, f"{folder}/feather {name} {codec}.arrow")
            print(f"feather {name} {codec}.feather")


main(sys.argv[1])
