"""Compares Arrow values that Java has put: arrow_check.py SOCKET FOLDER.

The folder has a file for each, named by the number of the value, with what it should hold; the object has the name
arrow/java/NUMBER. Prints a line for each that differs: the number and why.
"""

import sys
from pathlib import Path

import pyarrow as pa
import vineyard

from arrow_difference import difference


def main(socket, folder):
    client = vineyard.connect(socket)
    for path in sorted(Path(folder).glob("*.arrow")):
        with pa.OSFile(str(path)) as file:
            wanted = pa.ipc.open_file(file).read_all()
        try:
            reason = difference(wanted, client.get(client.get_name("arrow/java/" + path.stem)))
        except Exception as e:  # whatever the client throws is a failure of this value only
            reason = f"{type(e).__name__}: {e}"
        if reason:
            print(f"{path.stem}\t{reason}".replace("\n", " ")[:300])


main(sys.argv[1], sys.argv[2])
