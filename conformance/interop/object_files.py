"""Objects in directories, by the official drivers: object_files.py save|load SOCKET ENDPOINT DIRECTORY.

Saving makes a frame and an array and writes each to a directory of its own. Loading reads them again, whoever wrote
them, and prints whether they are equal to what was made.
"""

import os
import sys

import numpy as np
import pandas as pd
import vineyard
import vineyard.io

FRAME = pd.DataFrame({"n": np.arange(1000), "r": np.arange(1000) / 4})
ARRAY = np.arange(24.0).reshape(2, 3, 4)


def main(action, socket, endpoint, directory):
    # The drivers are programs of this environment.
    os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    doors = {"vineyard_ipc_socket": socket, "vineyard_endpoint": endpoint}
    client = vineyard.connect(socket)
    for name, value in (("frame", FRAME), ("array", ARRAY)):
        path = os.path.join(directory, name)
        if action == "save":
            object_id = client.put(value)
            client.persist(object_id)
            vineyard.io.serialize(path, object_id, **doors)
            continue
        found = client.get(vineyard.io.deserialize(path, **doors))
        equal = found.equals(value) if isinstance(value, pd.DataFrame) else np.array_equal(found, value)
        print(f"{name} is equal" if equal else f"{name}: {found}")


main(*sys.argv[1:])
