"""One end of a record batch stream: frame_stream.py SOCKET write|read ID. A reader prints how many frames came.

What the client's own test of these streams means to do: that one opens its streams without a client, so its threads
end at once and it passes whatever the daemon does. Two processes, because a client that waits for a chunk holds up all
threads of its process.
"""

import sys

import pandas as pd
import vineyard
from vineyard._C import ObjectID
from vineyard.io.recordbatch import RecordBatchStream

COUNT = 20


def frame(number):
    return pd.DataFrame({"number": [number, number + 1], "text": [str(number), "x"], "half": [0.5, number / 2]})


def write(client, stream):
    writer = stream.open_writer(client)
    for number in range(COUNT):
        writer.append(client.put(frame(number)))
    writer.finish()


def read(client, stream):
    reader = stream.open_reader(client)
    number = 0
    while True:
        try:
            each = reader.next()
        except StopIteration:
            print(number, "frames")
            return
        pd.testing.assert_frame_equal(each, frame(number))
        number += 1


def main(socket, role, stream_id):
    client = vineyard.connect(socket)
    stream = RecordBatchStream(client.get_meta(ObjectID(stream_id)))
    (read if role == "read" else write)(client, stream)


main(*sys.argv[1:])
