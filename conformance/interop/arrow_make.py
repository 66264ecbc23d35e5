"""Puts Arrow values for Java to get: arrow_make.py SOCKET FOLDER.

Prints the names. What each holds stands in an Arrow file in the folder, by its number.
"""

import sys

import pyarrow as pa
import vineyard

import arrow_values


def main(socket, folder):
    client = vineyard.connect(socket)
    for number, (name, value) in enumerate(arrow_values.all_values().items()):
        object_id = client.put(value)
        client.persist(object_id)
        client.put_name(object_id, "arrow/python/" + name)
        table = arrow_values.as_table(value)
        with pa.OSFile(f"{folder}/{number}.arrow", "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
        print(name)


main(sys.argv[1], sys.argv[2])
