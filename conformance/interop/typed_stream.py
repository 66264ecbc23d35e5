"""One end of streams of a type: typed_stream.py SOCKET read ID or typed_stream.py SOCKET write|fail KIND.

A writer makes the stream, prints its id and writes. A reader finds the type by itself and prints a line for each chunk
and one for how the stream ended; of a collection, those of its streams one after the other. A batch is printed as its
rows, a chunk of bytes as text.
"""

import sys

import pandas as pd
import pyarrow as pa
import vineyard
from vineyard._C import ObjectID
from vineyard._C import ObjectMeta
from vineyard._C import StreamFailedException
from vineyard.io.byte import ByteStream
from vineyard.io.byte import register_byte_stream_types
from vineyard.io.dataframe import DataframeStream
from vineyard.io.dataframe import register_dataframe_stream_types
from vineyard.io.recordbatch import RecordBatchStream
from vineyard.io.recordbatch import register_recordbatch_stream_types
from vineyard.io.stream import StreamCollection
from vineyard.io.stream import register_stream_collection_types

BATCHES = 3
PARAMETERS = {"header_row": "1", "delimiter": ","}


def batch(number):
    frame = pd.DataFrame(
        {
            "number": range(number),
            "text": [None if i == 1 else "row %d" % i for i in range(number)],
            "half": [i / 2 for i in range(number)],
        }
    )
    frame = frame.astype({"number": "int64", "half": "float64", "text": "object"})
    schema = pa.schema([("number", pa.int64()), ("text", pa.large_string()), ("half", pa.float64())])
    return pa.RecordBatch.from_pandas(frame, schema=schema, preserve_index=False)


def show(chunk):
    if isinstance(chunk, memoryview):
        return bytes(chunk).decode()
    rows = chunk.to_pylist()
    return "; ".join("|".join("-" if cell is None else str(cell) for cell in row.values()) for row in rows)


def announce(stream):
    print(repr(stream.id).strip("\"'"), flush=True)
    return stream


def end(writer, failing):
    if failing:
        writer.fail()
    else:
        writer.finish()


def write_frames(client, failing):
    writer = announce(DataframeStream.new(client, params=PARAMETERS)).open_writer(client)
    writer.write_table(pa.Table.from_batches([batch(number) for number in range(1, BATCHES + 1)]))
    end(writer, failing)


def write_batches(client, failing):
    writer = announce(RecordBatchStream.new(client, params=PARAMETERS)).open_writer(client)
    for number in range(1, BATCHES + 1):
        writer.append(client.put(batch(number)))
    end(writer, failing)


def write_bytes(client, stream):
    writer = stream.open_writer(client)
    writer.write(b"the bytes of ")
    writer.write(stream.params["name"].encode())
    writer.finish()


def parts(client):
    return [ByteStream.new(client, params={"name": name}) for name in ("one", "two")]


def write_collection(client, _failing):
    streams = parts(client)
    announce(StreamCollection.new(client, {"__path": "a/b", "rows": 7}, [stream.id for stream in streams]))
    for stream in streams:
        write_bytes(client, stream)


def write_parallel(client, _failing):
    streams = parts(client)
    meta = ObjectMeta()
    meta["typename"] = "vineyard::ParallelStream"
    meta.set_global(True)
    meta["__streams_-size"] = len(streams)
    for index, stream in enumerate(streams):
        meta.add_member("__streams_-%d" % index, stream.id)
    announce(client.create_metadata(meta))
    for stream in streams:
        write_bytes(client, stream)


WRITERS = {
    "frames": write_frames,
    "batches": write_batches,
    "collection": write_collection,
    "parallel": write_parallel,
}


def read(client, stream):
    if isinstance(stream, StreamCollection):
        print("collection", stream.meta["__path"])
        stream = [client.get(each) for each in stream.streams]
    if isinstance(stream, list):
        for each in stream:
            read(client, each)
        return
    print(type(stream).__name__, sorted(stream.params.items()))
    reader = stream.open_reader(client)
    while True:
        try:
            print(show(reader.next()))
        except StopIteration:
            print("finished")
            return
        except StreamFailedException as reason:
            print("failed:", str(reason).replace("\n", " "))
            return


def main(socket, role, what):
    client = vineyard.connect(socket)
    contexts = vineyard.core.default_builder_context, vineyard.core.default_resolver_context
    register_byte_stream_types(*contexts)
    register_dataframe_stream_types(*contexts)
    register_recordbatch_stream_types(*contexts)
    register_stream_collection_types(*contexts)
    if role == "read":
        read(client, client.get(ObjectID(what)))
    else:
        WRITERS[what](client, role == "fail")


main(*sys.argv[1:])
