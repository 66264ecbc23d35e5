"""Exchanges values with Java: exchange.py put|check MODULE DOOR [NAME=ID ...].

MODULE has a function `all_values`, as `values.py` has; DOOR is the path of a daemon's socket.

`put` prints a line NAME TAB SIDE TAB ID for each value; in place of the id `-` if Python cannot put it, and an error with a
`!` before it if it should and fails. `check` gets the values of the given ids, and prints a line NAME TAB TAB !REASON for each
that differs from what it should be.
"""

import importlib
import math
import sys
import warnings

import numpy as np
import pandas as pd
import scipy.sparse
import vineyard

import values


def put(client, wanted):
    return wanted.put_with(client) if hasattr(wanted, "put_with") else client.put(wanted)


def id_text(object_id):
    return repr(object_id).replace("'", "").replace('"', "")


def got(client, wanted, object_id):
    """What Python gets, in a form that can be compared with the value that was wanted."""
    if isinstance(wanted, values.Shared):
        from vineyard.shared_memory import ShareableList

        return list(ShareableList(client, name=object_id))
    if isinstance(wanted, values.SharedBytes):
        from vineyard.shared_memory import SharedMemory

        return bytes(SharedMemory(client, name=object_id).buf)
    if isinstance(wanted, values.GlobalTensor):
        meta = client.get_meta(object_id)
        count = int(meta["partitions_-size"])
        return [client.get(meta["partitions_-%d" % i].id) for i in range(count)]
    return client.get(object_id)


def same(wanted, got):
    """Whether a value came back equal, in type, shape and every element."""
    if hasattr(wanted, "same_as"):
        return wanted.same_as(got)
    if isinstance(wanted, values.Shared):
        return same(wanted.elements, got)
    if isinstance(wanted, values.SharedBytes):
        return same(wanted.content, got)
    if isinstance(wanted, (values.GlobalTensor, values.GlobalFrame)):
        return same(wanted.blocks, got)
    if isinstance(wanted, pd.DataFrame):
        dense = wanted.apply(lambda column: column.sparse.to_dense() if hasattr(column, "sparse") else column)
        pd.testing.assert_frame_equal(dense, got, check_index_type=False, check_column_type=False, check_freq=False)
        return wanted.index.name == got.index.name
    if isinstance(wanted, pd.Series):
        pd.testing.assert_series_equal(wanted, got, check_index_type=False)
        return True
    if isinstance(wanted, pd.Index):
        pd.testing.assert_index_equal(wanted, got)
        return True
    if isinstance(wanted, pd.arrays.SparseArray):
        pd.testing.assert_extension_array_equal(wanted, got)
        return True
    if scipy.sparse.issparse(wanted):
        return type(wanted) is type(got) and same_arrays(wanted.toarray(), got.toarray())
    if isinstance(wanted, np.ndarray):
        return same_arrays(wanted, got)
    if isinstance(wanted, bytes):
        return bytes(got) == wanted
    if isinstance(wanted, (tuple, list)):
        return isinstance(got, type(wanted)) and len(wanted) == len(got) and all(map(same, wanted, got))
    if isinstance(wanted, float) and math.isnan(wanted):
        return isinstance(got, float) and math.isnan(got)
    if isinstance(wanted, bool):
        return wanted == got
    return type(wanted) is type(got) and wanted == got


def same_arrays(wanted, got):
    if wanted.dtype != got.dtype or wanted.shape != got.shape:
        return False
    if wanted.ndim > 1 and wanted.flags["F_CONTIGUOUS"] != got.flags["F_CONTIGUOUS"] and wanted.base is None:
        return False
    if wanted.dtype == object:
        return wanted.tolist() == got.tolist()
    return wanted.tobytes() == np.ascontiguousarray(got).tobytes()


def main(action, module, door, ids):
    warnings.simplefilter("ignore")
    client = vineyard.connect(door)
    for name, (side, wanted) in importlib.import_module(module).all_values().items():
        try:
            if action == "put":
                object_id = id_text(put(client, wanted)) if side in (values.BOTH, values.PYTHON) else "-"
                print(f"{name}\t{side}\t{object_id}")
            elif name in ids:
                value = got(client, wanted, vineyard.ObjectID(ids[name]))
                if not same(wanted, value):
                    print(f"{name}\t\t!wanted {wanted!r}, got {value!r}".replace("\n", " "))
        except Exception as e:  # whatever the client throws is a failure of this value only
            print(f"{name}\t{side}\t!{type(e).__name__}: {e}".replace("\n", " "))


main(sys.argv[1], sys.argv[2], sys.argv[3], dict(pair.split("=") for pair in sys.argv[4:]))
