"""Compares what Java has put: check_values.py SOCKET [NAME=ID ...]. The pairs are values that have no name."""

import math
import sys

import numpy as np
import pandas as pd
import vineyard

import values


def same(wanted, got):
    """Whether a value came back equal, in type, shape and every element."""
    if isinstance(wanted, pd.DataFrame):
        pd.testing.assert_frame_equal(wanted, got, check_index_type=False, check_column_type=False)
        return True
    if isinstance(wanted, np.ndarray):
        return same_arrays(wanted, got)
    if isinstance(wanted, bytes):
        return bytes(got) == wanted
    if isinstance(wanted, tuple):
        return isinstance(got, tuple) and len(wanted) == len(got) and all(map(same, wanted, got))
    if isinstance(wanted, float) and math.isnan(wanted):
        return isinstance(got, float) and math.isnan(got)
    if isinstance(wanted, bool):
        return wanted == got
    return type(wanted) is type(got) and wanted == got


def same_arrays(wanted, got):
    if wanted.dtype != got.dtype or wanted.shape != got.shape:
        return False
    if wanted.dtype == object:
        return list(wanted) == list(got)
    return wanted.tobytes() == np.ascontiguousarray(got).tobytes()


def main(socket, pairs):
    client = vineyard.connect(socket)
    ids = dict(pair.split("=") for pair in pairs)
    failures = 0
    for name, wanted in (values.both_ways() | values.only_from_java()).items():
        try:
            if name in ids:
                got = client.get(vineyard.ObjectID(ids[name]))
            else:
                got = client.get(client.get_name("java/" + name))
            reason = None if same(wanted, got) else f"wanted {wanted!r}, got {got!r}"
        except Exception as e:  # whatever the client throws is a failure of this value only
            reason = f"{type(e).__name__}: {e}"
        if reason:
            failures += 1
            print(f"{name}: {reason}")
    return 1 if failures else 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
