"""The values that Java and Python exchange, by name. Java has the same list in InteropTest."""

import math

import numpy as np
import pandas as pd

TENSOR_TYPES = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"]


def extremes(dtype):
    """Smallest, zero, one and largest number of a type."""
    limits = np.iinfo(dtype) if np.dtype(dtype).kind in "iu" else np.finfo(dtype)
    return np.array([limits.min, 0, 1, limits.max], dtype=dtype)


def scalars():
    return {
        "true": True,
        "false": False,
        "zero": 0,
        "negative": -7,
        "largest": 2**63 - 1,
        "smallest": -(2**63),
        "half": 0.5,
        "text": "aé\u0000\U0001f347 \"quoted\"\n",
        "empty text": "",
    }


def sequences():
    return {
        "list": (1, "a", 2.5, None, True, (3, ("b",))),
        "empty list": (),
        "list of bytes": (b"xyz", b""),
        "list of tensors": (np.array([1, 2], dtype="int32"), np.array([0.5])),
        "pair": ("key", 42),
    }


def tensors():
    values = {"tensor " + dtype: extremes(dtype) for dtype in TENSOR_TYPES}
    values |= {
        "tensor bool": np.array([True, False, True]),
        "tensor odd numbers": np.array([math.nan, math.inf, -math.inf, -0.0, 5e-324]),
        "tensor of one": np.array(3.5),
        "tensor of none": np.zeros(0, dtype="int16"),
        "tensor of no columns": np.zeros((2, 0)),
        "tensor 2 x 3": np.arange(6, dtype="int64").reshape(2, 3),
        "tensor 2 x 3 x 4": np.arange(24, dtype="float32").reshape(2, 3, 4),
        "tensor of texts": np.array(["a", None, "", "é\U0001f347"], dtype=object),
        "tensor of no texts": np.array([], dtype=object),
    }
    return values


def frames():
    return {
        "frame": pd.DataFrame(
            {
                "whole": [1, -2, 2**62],
                "real": [0.5, math.nan, math.inf],
                "flag": [True, False, True],
                "text": ["a", None, "é"],
                "byte": np.array([1, 2, 255], dtype="uint8"),
                "single": np.array([1.5, 2.5, math.nan], dtype="float32"),
            }
        ),
        "frame with numbers for names": pd.DataFrame({0: [1.5, 2.5], 7: [True, False]}),
        "frame with named rows": pd.DataFrame({"a": [1, 2]}, index=["x", "y"]),
        "frame without rows": pd.DataFrame({"a": np.zeros(0), "b": np.zeros(0, dtype="int64")}),
        "frame without columns": pd.DataFrame(),
        "frame of one cell": pd.DataFrame({"only": [-1]}),
    }


def both_ways():
    """What either side can put and the other gets equal."""
    return scalars() | {"bytes": b"\x00\xff\x80", "no bytes": b""} | sequences() | tensors() | frames()


def only_from_java():
    """What Python's client stores so that even Python does not get it back."""
    return {"not a number": math.nan, "infinite": -math.inf, "beyond 64 bits": 2**100, "many digits": 0.1}


def only_from_python():
    """What Java reads of what only Python can store."""
    return {
        "dictionary": {"a": [1, (2.5, None)], "b": b"x", "c": {True}},
        "nothing": None,
        "column-major tensor": np.asfortranarray(np.arange(6, dtype="int64").reshape(2, 3)),
        "series": pd.Series([1.5, math.nan], name="s"),
        "frame with missing texts": pd.DataFrame({"t": np.array(["a", math.nan, "c"], dtype=object)}),
        "frame with dates": pd.DataFrame({"n": [1, 2], "when": pd.to_datetime(["2020-01-01", "2021-01-01"])}),
        "frame with dates for rows": pd.DataFrame({"n": [1, 2]}, index=pd.to_datetime(["2020-01-01", "2021-01-01"])),
    }
