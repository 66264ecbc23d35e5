"""What is left of an object on its way to our daemon when something fails in the middle: nothing."""

import socket
import threading

import numpy as np
import pytest
import vineyard
from conftest import OFFICIAL, OURS, Migration, eventually

# How soon everything is back after etcd is.
RECOVERY_SECONDS = 5

# How long a copy may wait for an etcd that is lost before it is given up.
ANSWER_SECONDS = 60

# How many bytes of a source's answers come through before its relay holds the rest.
HELD_AFTER_BYTES = 1 << 20


class Relay:
    """Stands in front of a source of blobs, and holds back what it sends after so many bytes until told to go on."""

    def __init__(self, port):
        self.target = ("127.0.0.1", port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.holds = threading.Event()
        self.goes_on = threading.Event()
        threading.Thread(target=self.accept, daemon=True).start()

    def endpoint(self):
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.target)
            for source, sink, holding in ((client, server, False), (server, client, True)):
                threading.Thread(target=self.forward, args=(source, sink, holding), daemon=True).start()

    def forward(self, source, sink, holding):
        count = 0
        try:
            while True:
                some = source.recv(1 << 16)
                if not some:
                    break
                count += len(some)
                if holding and count > HELD_AFTER_BYTES:
                    self.holds.set()
                    self.goes_on.wait()
                sink.sendall(some)
        except OSError:
            pass  # whoever is left is told so
        for each in (source, sink):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.goes_on.set()
        self.listener.close()


@pytest.fixture
def on_its_way(clusters, request):
    """Has an object of 32 MiB copied to our daemon, up to its middle."""
    kind = getattr(request, "param", OURS)
    cluster, source, target = clusters(kind, OURS)
    found = source.client.put(np.arange(4 << 20, dtype="int64"))
    source.client.persist(found)
    assert target.sees(found)
    before = target.usage()
    relay = Relay(source.daemon.port)
    cluster.put_key(f"instances/i{source.instance_id}/rpc_endpoint", f'"{relay.endpoint()}"')
    eventually(lambda: target.client.meta[source.instance_id]["rpc_endpoint"] == relay.endpoint())
    migration = Migration(target, found)
    assert relay.holds.wait(30), "the bytes are on their way"
    eventually(lambda: target.usage() > before)  # there is memory for them
    yield cluster, source, target, found, before, relay, migration
    relay.close()


@pytest.mark.parametrize("on_its_way", [OURS, OFFICIAL], indirect=True)
def test_the_source_is_killed(on_its_way):
    cluster, source, target, _, before, relay, migration = on_its_way

    source.kill()
    relay.goes_on.set()

    assert "instance" in migration.ended(ANSWER_SECONDS).problem
    eventually(lambda: target.usage() == before)
    assert cluster.keys(f"signatures/i{target.instance_id}/") == []
    assert len(objects(cluster)) == 1
    works(target)


def test_etcd_is_killed(on_its_way):
    cluster, _, target, found, before, relay, migration = on_its_way
    cluster.etcd.process.kill()
    cluster.etcd.process.wait()

    relay.goes_on.set()

    problem = migration.ended(ANSWER_SECONDS).problem
    cluster.etcd.process = None
    cluster.etcd.start()
    assert problem.startswith("EtcdErrorException"), problem
    eventually(lambda: target.usage() == before)
    works(target)
    eventually(lambda: len(objects(cluster)) == 1, RECOVERY_SECONDS)
    copy = target.client.migrate(found)
    np.testing.assert_array_equal(target.client.get(copy), np.arange(4 << 20, dtype="int64"))


def test_a_second_call_waits_for_the_same_copy(on_its_way):
    cluster, _, target, found, before, relay, migration = on_its_way
    second = Migration(target, found)

    relay.goes_on.set()

    assert migration.ended(ANSWER_SECONDS).copy == second.ended(ANSWER_SECONDS).copy is not None
    assert target.usage() == before + (32 << 20)
    assert len(objects(cluster)) == 2


@pytest.mark.parametrize("kind", [OURS, OFFICIAL])
def test_the_target_is_full(clusters, kind):
    cluster, source, target = clusters(kind, OURS)
    found = source.client.put(np.ones(16 << 20))
    source.client.persist(found)
    assert target.sees(found)
    filling = target.client.put(np.ones(20 << 20))
    before = target.usage()

    with pytest.raises(vineyard.NotEnoughMemoryException):
        target.client.migrate(found)

    assert target.usage() == before
    assert len(objects(cluster)) == 1
    target.client.delete(filling)
    assert target.client.migrate(found) != found


def objects(cluster):
    return {key.split("/")[1] for key in cluster.keys("data/")}


def works(member):
    found = member.client.put("fresh")
    eventually(lambda: persists(member, found), RECOVERY_SECONDS)
    member.client.delete(found)


def persists(member, found):
    try:
        member.client.persist(found)
        return True
    except vineyard.EtcdErrorException:
        return False
