"""The values that Java and Python exchange, by name, each with the type it shows. Java has the same list in MatrixValues.

A value stands under the side that can put it: `BOTH`, `JAVA` (Python gets what Java puts, but cannot put it so that it is
got back), `PYTHON`, or `NEITHER` (Python can neither put nor get it).
"""

import datetime
import math
import zoneinfo

import numpy as np
import pandas as pd
import scipy.sparse
import vineyard
from vineyard.data.dataframe import NDArrayArray

BOTH, JAVA, PYTHON, NEITHER = "both", "java", "python", "neither"

TENSOR_TYPES = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32", "float64"]


def extremes(dtype):
    """Smallest, zero, one and largest number of a type."""
    limits = np.iinfo(dtype) if np.dtype(dtype).kind in "iu" else np.finfo(dtype)
    return np.array([limits.min, 0, 1, limits.max], dtype=dtype)


def scalars():
    return {
        "true": (BOTH, True),
        "false": (BOTH, False),
        "zero": (BOTH, 0),
        "negative": (BOTH, -7),
        "largest": (BOTH, 2**63 - 1),
        "smallest": (BOTH, -(2**63)),
        "byte": (JAVA, -128),
        "short": (JAVA, -32768),
        "int": (JAVA, 2**31 - 1),
        "single": (JAVA, 0.25),
        "half": (BOTH, 0.5),
        "not a number": (JAVA, math.nan),
        "infinite": (JAVA, -math.inf),
        "beyond 64 bits": (JAVA, 2**100),
        "many digits": (JAVA, 0.1),
        "text": (BOTH, "aé\u0000\U0001f347 \"quoted\"\n"),
        "empty text": (BOTH, ""),
        "nothing": (BOTH, None),
        "complex number": (BOTH, complex(1.5, -2.0)),
        "bytes": (BOTH, b"\x00\xff\x80"),
        "no bytes": (BOTH, b""),
    }


def sequences():
    return {
        "list": (BOTH, (1, "a", 2.5, None, True, (3, ("b",)))),
        "empty list": (BOTH, ()),
        "list of bytes": (BOTH, (b"xyz", b"")),
        "list of tensors": (BOTH, (np.array([1, 2], dtype="int32"), np.array([0.5]))),
        "pair": (BOTH, ("key", 42)),
        "dictionary": (BOTH, {"a": [1, [2.5, None]], "é": {"deep": True}, 3: "x", "big": 2**80}),
        "empty dictionary": (BOTH, {}),
        "dictionary of bytes": (PYTHON, {"b": b"x", "c": {True}, "t": (1, 2)}),
        "set": (BOTH, {"a", "b"}),
    }


def tensors():
    values = {"tensor " + dtype: (BOTH, extremes(dtype)) for dtype in TENSOR_TYPES}
    column_major = np.asfortranarray(np.arange(6, dtype="int64").reshape(2, 3))
    values |= {
        "tensor bool": (BOTH, np.array([True, False, True])),
        "tensor complex64": (BOTH, np.array([1 + 2j, -0.5j], dtype="complex64")),
        "tensor complex128": (BOTH, np.array([[1 + 2j], [complex(math.nan, math.inf)]])),
        "tensor of dates": (BOTH, np.array(["1969-12-31T23:59:59", "NaT", "2262-04-11"], dtype="datetime64[ns]")),
        "tensor of days": (BOTH, np.array(["1970-01-02", "NaT"], dtype="datetime64[D]")),
        "tensor of durations": (BOTH, np.array([-1, 0, 2**62], dtype="timedelta64[us]")),
        "tensor odd numbers": (BOTH, np.array([math.nan, math.inf, -math.inf, -0.0, 5e-324])),
        "tensor of one": (BOTH, np.array(3.5)),
        "tensor of none": (BOTH, np.zeros(0, dtype="int16")),
        "tensor of no columns": (BOTH, np.zeros((2, 0))),
        "tensor 2 x 3": (BOTH, np.arange(6, dtype="int64").reshape(2, 3)),
        "tensor 2 x 3 x 4": (BOTH, np.arange(24, dtype="float32").reshape(2, 3, 4)),
        "column-major tensor": (BOTH, column_major),
        "every second column": (BOTH, np.arange(12, dtype="int32").reshape(3, 4)[:, ::2]),
        "tensor of texts": (BOTH, np.array(["a", None, "", "é\U0001f347"], dtype=object)),
        "tensor of no texts": (BOTH, np.array([], dtype=object)),
        "tensor of texts 2 x 2": (PYTHON, np.array([["a", "bcd"], ["", "é\U0001f347"]])),
        "tensor of objects": (BOTH, np.array([1, "a", None, 2.5, True], dtype=object)),
        "tensor of objects 2 x 2": (BOTH, np.array([[1, "a"], [None, [2]]], dtype=object)),
    }
    return values


def sparse():
    dense = np.array([[1.0, 0, 2, 0], [0, 0, 3, 0], [0, 4, 0, 0], [0, 0, 0, 5]])
    forms = {form: (BOTH, getattr(scipy.sparse, form + "_matrix")(dense)) for form in ["csr", "csc", "coo", "dia"]}
    forms["bsr"] = (BOTH, scipy.sparse.bsr_matrix(dense, blocksize=(2, 2)))
    values = {"matrix " + form: value for form, value in forms.items()}
    values["matrix of nothing"] = (BOTH, scipy.sparse.csr_matrix((3, 2), dtype="float32"))
    values["sparse column"] = (BOTH, pd.arrays.SparseArray([math.nan, 0.5, math.nan, -1.5]))
    values["sparse whole numbers"] = (BOTH, pd.arrays.SparseArray([0, 3, 0, 0], fill_value=0))
    return values


ZONES = {
    "utc": "UTC",
    "pytz": "Asia/Singapore",
    "zoneinfo": zoneinfo.ZoneInfo("Asia/Singapore"),
    "offset": datetime.timezone(datetime.timedelta(hours=8)),
}


def zoned(zone):
    return pd.Series(pd.to_datetime(["2020-01-01", None])).dt.tz_localize(zone)


def zoned_index():
    return pd.DatetimeIndex(["2020-01-01", "2021-01-01"], tz="Asia/Singapore", name="when")


def frames():
    zoned_series = pd.Series(pd.to_datetime(["2020-01-01", "2021-01-01"]), name="t").dt.tz_localize("Asia/Singapore")
    dates = pd.to_datetime(["2020-01-01", None, "2262-04-11T23:47:16.854775807"], format="ISO8601")
    durations = pd.to_timedelta([1, None, -5], unit="s")
    mixed = pd.DataFrame({"a": [1, 2], 1: [0.5, 1.5], 2: [True, False]})
    return {
        "index": (BOTH, pd.Index(["x", "y"], name="letters")),
        "index of numbers": (BOTH, pd.Index([3, 1, 2])),
        "index of dates in a zone": (BOTH, zoned_index()),
        "index of dates": (BOTH, pd.DatetimeIndex(["2020-01-01", "2021-01-01"])),
        "series": (BOTH, pd.Series([1.5, math.nan], name="s")),
        "series of times in a zone": (PYTHON, zoned_series),
        "series with labels": (BOTH, pd.Series(["a", None], name="t", index=["x", "y"])),
        "frame": (
            BOTH,
            pd.DataFrame(
                {
                    "whole": [1, -2, 2**62],
                    "real": [0.5, math.nan, math.inf],
                    "flag": [True, False, True],
                    "text": ["a", None, "é"],
                    "byte": np.array([1, 2, 255], dtype="uint8"),
                    "single": np.array([1.5, 2.5, math.nan], dtype="float32"),
                }
            ),
        ),
        "frame with numbers for names": (BOTH, pd.DataFrame({0: [1.5, 2.5], 7: [True, False]})),
        "frame with mixed names": (BOTH, mixed),
        "frame with nested names": (BOTH, pd.DataFrame([1, 2, 3], columns=[["x"]])),
        "frame with named rows": (BOTH, pd.DataFrame({"a": [1, 2]}, index=["x", "y"])),
        "frame with a named index": (BOTH, pd.DataFrame({"a": [1, 2]}, index=pd.Index([8, 9], name="y"))),
        "frame without rows": (BOTH, pd.DataFrame({"a": np.zeros(0), "b": np.zeros(0, dtype="int64")})),
        "frame without columns": (BOTH, pd.DataFrame()),
        "frame of one cell": (BOTH, pd.DataFrame({"only": [-1]})),
        "frame with times": (BOTH, pd.DataFrame({"when": dates})),
        # Java does not keep which of Python's libraries a zone is of.
        "frame with times in zones": (BOTH, pd.DataFrame({name: zoned(ZONES[name]) for name in ["utc", "pytz", "offset"]})),
        "frame with times in a zone of zoneinfo": (PYTHON, pd.DataFrame({"zoneinfo": zoned(ZONES["zoneinfo"])})),
        "frame with times in a zone for rows": (BOTH, pd.DataFrame({"n": [1, 2]}, index=zoned_index())),
        # Python's client puts these, but cannot get its own back.
        "frame with durations": (PYTHON, pd.DataFrame({"long": durations})),
        "frame with dates for rows": (
            BOTH,
            pd.DataFrame({"n": [1, 2]}, index=pd.to_datetime(["2020-01-01", "2021-01-01"])),
        ),
        "frame with objects": (BOTH, pd.DataFrame({"o": np.array([1, "b", None, 2.5], dtype=object)})),
        "frame with missing texts": (PYTHON, pd.DataFrame({"t": np.array(["a", math.nan, "c"], dtype=object)})),
        "frame with sparse columns": (
            BOTH,
            pd.DataFrame({"s": pd.arrays.SparseArray([math.nan, 0.5, math.nan])}),
        ),
        "frame with arrays": (PYTHON, pd.DataFrame({"d": NDArrayArray(np.arange(6.0).reshape(3, 2))})),
    }


class GlobalTensor:
    """Blocks that `make_global_tensor` brings together."""

    def __init__(self, blocks):
        self.blocks = blocks

    def put_with(self, client):
        ids = [client.put(block, partition_index=[i, 0]) for i, block in enumerate(self.blocks)]
        shape = (sum(len(block) for block in self.blocks), self.blocks[0].shape[1])
        from vineyard.data.tensor import make_global_tensor

        return make_global_tensor(client, ids, shape=shape, partition_shape=(len(ids), 1)).id


class GlobalFrame:
    """Frames that `make_global_dataframe` brings together."""

    def __init__(self, blocks):
        self.blocks = blocks

    def put_with(self, client):
        ids = [
            client.put(block, partition_index=[i, 0], row_batch_index=i) for i, block in enumerate(self.blocks)
        ]
        from vineyard.data.dataframe import make_global_dataframe

        return make_global_dataframe(client, ids).id


class SharedBytes:
    """Bytes in a `SharedMemory`."""

    def __init__(self, content):
        self.content = content

    def put_with(self, client):
        from vineyard.shared_memory import SharedMemory

        memory = SharedMemory(client, create=True, size=len(self.content))
        memory.buf.cast("B")[:] = self.content
        memory.freeze()
        return vineyard.ObjectID(memory.name)


class Shared:
    """A `ShareableList`."""

    def __init__(self, elements):
        self.elements = elements

    def put_with(self, client):
        from vineyard.shared_memory import ShareableList

        shared = ShareableList(client, self.elements)
        shared.freeze()
        return vineyard.ObjectID(shared.shm.name)


def spread():
    first, second = np.arange(4.0).reshape(2, 2), np.arange(4.0, 8.0).reshape(2, 2)
    return {
        "global tensor": (BOTH, GlobalTensor([first, second])),
        "global frame": (BOTH, GlobalFrame([pd.DataFrame({"n": [1, 2]}), pd.DataFrame({"n": [3]})])),
        "shared memory": (BOTH, SharedBytes(b"\x01\x02\x03\x00\x00\x00\x00\x08")),
        "shareable list": (BOTH, Shared([1, -2.5, True, None, "text é", b"bytes"])),
    }


def all_values():
    return scalars() | sequences() | tensors() | sparse() | frames() | spread()
