"""What a cluster of our daemons does when something fails. Nothing that was acknowledged is lost."""

import signal
import threading
import time

import numpy as np
import pytest
import vineyard
from conftest import OFFICIAL, OURS, Migration, eventually

# How soon everything is back after etcd is.
RECOVERY_SECONDS = 5

# How long a request may wait for an etcd that says nothing before it is refused.
ANSWER_SECONDS = 40


def persisted(member, value):
    found = member.client.put(value)
    member.client.persist(found)
    return found


def restart_etcd(cluster):
    cluster.etcd.process = None
    cluster.etcd.start()


def kill_etcd(cluster):
    cluster.etcd.process.kill()
    cluster.etcd.process.wait()


def works(first, second):
    """Persists at one and reads at the other, which proves that everything does its work."""
    found = persisted(first, "fresh")
    eventually(lambda: second.sees(found), RECOVERY_SECONDS)


def test_etcd_is_killed_and_comes_back(clusters):
    cluster, first, second = clusters(OURS, OURS)
    found = persisted(first, np.ones(1000))
    kill_etcd(cluster)

    local = first.client.put(np.zeros(1000))
    np.testing.assert_array_equal(first.client.get(local), np.zeros(1000))
    restart_etcd(cluster)

    works(first, second)
    works(second, first)
    assert second.sees(found)
    assert len(second.client.meta) == 2


def test_etcd_comes_back_without_its_data(clusters):
    cluster, first, second = clusters(OURS, OURS)
    found = persisted(first, np.ones(1000))
    first.client.put_name(found, "name")
    ids = (first.instance_id, second.instance_id)
    kill_etcd(cluster)
    for folder in (cluster.private / "etcd").iterdir():
        folder.rename(cluster.private / "lost")
    restart_etcd(cluster)

    eventually(lambda: len(cluster.keys("data/")) > 0, RECOVERY_SECONDS)
    works(first, second)
    works(second, first)
    eventually(lambda: sorted(second.client.meta) == sorted(ids), RECOVERY_SECONDS)
    assert second.sees(found)
    assert second.client.get_name("name") == found


def test_etcd_stands_still(clusters):
    cluster, first, second = clusters(OURS, OURS)
    found = first.client.put(np.ones(1000))
    other = vineyard.connect(str(first.daemon.socket)).fork()
    ended = threading.Event()
    refusals = []

    def persist():
        try:
            other.persist(found)
        except vineyard.EtcdErrorException as refused:
            refusals.append(str(refused))
        ended.set()

    cluster.etcd.process.send_signal(signal.SIGSTOP)
    thread = threading.Thread(target=persist)
    try:
        thread.start()
        local = first.client.put(np.zeros(1000))
        np.testing.assert_array_equal(first.client.get(local), np.zeros(1000))
    finally:
        cluster.etcd.process.send_signal(signal.SIGCONT)

    assert ended.wait(ANSWER_SECONDS), "an answer comes in any case"
    thread.join()
    assert not refusals or "did not answer" in refusals[0]
    first.client.persist(found)  # does no harm if it was persisted
    eventually(lambda: second.sees(found), RECOVERY_SECONDS)
    works(second, first)


def test_etcd_is_full(clusters):
    cluster, first, second = clusters(OURS, OURS, etcd_flags=["--quota-backend-bytes=2000000"])
    found = persisted(first, "kept")
    large = "x" * 200_000
    with pytest.raises(vineyard.EtcdErrorException):
        for _ in range(100):
            persisted(first, large)

    local = first.client.put(np.zeros(1000))
    np.testing.assert_array_equal(first.client.get(local), np.zeros(1000))
    assert second.sees(found)
    cluster.make_room()

    first.client.persist(local)
    eventually(lambda: second.sees(local), RECOVERY_SECONDS)
    assert first.sees(found)


def test_foreign_and_damaged_keys_stop_nothing(clusters):
    cluster, first, second = clusters(OURS, OURS)

    cluster.put_key("data/o0000000000000001", "no json")
    cluster.put_key("data/o0000000000000002", '{"typename": 3}')
    cluster.put_key("data/o0000000000000003/__name", '"vremnant"')
    cluster.put_key("data/nothing/at/all", "{}")
    cluster.put_key("names/x", '"no number"')
    cluster.put_key("signatures/i0/s1", "[")
    cluster.put_key("instances/i77/hostid", "\xff\xfe")
    cluster.put_key("instances/nobody/hostid", "1")
    cluster.put_key("something/else", "")

    works(first, second)
    works(cluster.join(OURS), first)


@pytest.mark.parametrize("kind", [OURS, OFFICIAL])
def test_a_source_is_killed_while_it_is_copied(clusters, kind):
    _, source, target = clusters(kind, OURS)
    found = persisted(source, np.ones(4 << 20))
    assert target.sees(found)
    before = target.usage()
    source.signal(signal.SIGSTOP)  # it accepts the connection, and never answers
    migration = Migration(target, found)
    time.sleep(1)
    source.kill()

    assert "instance" in migration.ended(30).problem
    assert target.usage() == before
    works(target, target)


def test_timestamps_of_another_time_harm_nobody(clusters):
    cluster, first, second = clusters(OURS, OURS)
    own = f"instances/i{second.instance_id}/timestamp"
    for shift in (-(10**6), 10**6):  # some days before and after
        cluster.put_key(own, str(int(time.time() + shift) << 32))
        works(first, second)
        works(second, first)
    assert len(first.client.meta) == 2
