"""Puts values for Java to get: make_values.py SOCKET. Those with bytes only are told by their ids."""

import sys

import vineyard

import values


def main(socket):
    client = vineyard.connect(socket)
    for name, value in (values.both_ways() | values.only_from_python()).items():
        object_id = client.put(value)
        if isinstance(value, bytes):
            print(f"{name}\t{object_id!r}".replace("'", "").replace('"', ""))
        else:
            client.persist(object_id)
            client.put_name(object_id, "python/" + name)


main(sys.argv[1])
