"""One end of a byte stream. byte_stream.py SOCKET write|fail [ID] or byte_stream.py SOCKET read ID.

A writer makes the stream if no id is given, and prints its id. A reader prints each chunk in hexadecimal, and how
the stream ended.
"""

import sys

import vineyard
from vineyard._C import ObjectID
from vineyard._C import StreamFailedException
from vineyard._C import memory_copy
from vineyard.io.byte import ByteStream
from vineyard.io.byte import register_byte_stream_types

CHUNKS = [b"one", bytes(range(256)) * 300, b"\x00\xff"]


def write(client, stream, failing):
    writer = stream.open_writer(client)
    for chunk in CHUNKS:
        memory_copy(writer.next(len(chunk)), chunk)
    if failing:
        writer.fail()
    else:
        writer.finish()


def read(client, stream):
    print(sorted(stream.params.items()))
    reader = stream.open_reader(client)
    while True:
        try:
            print(bytes(reader.next()).hex())
        except StopIteration:
            print("finished")
            return
        except StreamFailedException as reason:
            print("failed:", reason)
            return


def main(socket, role, *ids):
    client = vineyard.connect(socket)
    register_byte_stream_types(vineyard.core.default_builder_context, vineyard.core.default_resolver_context)
    if ids:
        stream = client.get(ObjectID(ids[0]))
    else:
        stream = ByteStream.new(client, params={"header_row": "1", "delimiter": ","})
        print(repr(stream.id).strip("\"'"), flush=True)
    if role == "read":
        read(client, stream)
    else:
        write(client, stream, role == "fail")


main(*sys.argv[1:])
