"""The session of the guide to clusters: two sockets, and a pair of arrays of which each lives at another daemon.

Prints what the second client sees, as a line of JSON each, and last the id of the pair.
"""

import json
import sys

import numpy
import vineyard
import vineyard.data.tensor

first = vineyard.connect(sys.argv[1])
second = vineyard.connect(sys.argv[2])

zeros = first.put(numpy.zeros(8))
first.persist(zeros)
ones = second.put(numpy.ones(4))
second.persist(ones)

# The guide leaves out what this release of the client wants to be told: that the parts are on several daemons.
pair = first.put((first.get_object(zeros), second.get_object(ones)), global_=True)
first.persist(pair)

seen = second.get_object(pair)
print(json.dumps([seen.member("__elements_-%d" % i).typename for i in range(2)]))
print(json.dumps([part.tolist() for part in second.get(pair)]))  # over TCP, what is elsewhere
print(repr(pair))
