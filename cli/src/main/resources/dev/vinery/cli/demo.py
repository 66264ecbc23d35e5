"""The third process of the demonstration: reads the table with the official Python client.

Arguments: socket, name of the table, file for the figures, column to group by, columns to take means of.
Exit status 3: the official client is not installed, or cannot be loaded.
"""

import json
import os
import sys

try:
    import vineyard
except Exception:  # installed next to libraries that it does not get along with, it fails in many ways
    sys.exit(3)


def main():
    socket, name, figures, group, measured = sys.argv[1:]
    client = vineyard.connect(socket)
    table = client.get(name=name)
    rows, columns = table.shape
    print("4. Python %d.%d with the official client, pid %d, gets '%s' by its name:"
          % (*sys.version_info[:2], os.getpid(), name))
    print("   %s, %d rows x %d columns\n" % (type(table).__name__, rows, columns))
    means = table.groupby(group)[measured.split(",")].mean()
    print(means.round(3).to_string())
    print()
    with open(figures, "w") as out:
        json.dump(
            {
                "rows": rows,
                "columns": list(table.columns),
                "means": {key: list(row) for key, row in zip(means.index, means.values.tolist())},
            },
            out,
        )


main()
