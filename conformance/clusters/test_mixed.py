"""Our daemons and official ones are one cluster: what one persists the other reads, copies, names and deletes."""

import json
import time

import numpy as np
import pytest
from conftest import OFFICIAL, OURS, eventually

PAIRS = [(OURS, OFFICIAL), (OFFICIAL, OURS), (OURS, OURS)]

# An official daemon notices that another one has gone when it was silent for four rounds of ten seconds.
CLEANING_SECONDS = 75


def persisted(member, value, name=None):
    found = member.client.put(value)
    member.client.persist(found)
    if name is not None:
        member.client.put_name(found, name)
    return found


@pytest.mark.parametrize("pair", PAIRS)
def test_all_instances_are_known_to_each(clusters, pair):
    _, first, second = clusters(*pair)

    for member in (first, second):
        eventually(lambda member=member: len(member.client.meta) == 2)
        known = member.client.meta
        assert known[first.instance_id]["ipc_socket"] == str(first.daemon.socket)
        assert known[second.instance_id]["ipc_socket"] == str(second.daemon.socket)


@pytest.mark.parametrize("pair", PAIRS)
def test_what_one_persists_the_other_reads(clusters, pair):
    _, first, second = clusters(*pair)
    value = np.arange(100_000, dtype="float64").reshape(10, -1)

    found = persisted(first, value)

    seen = second.client.get_meta(found, True)
    assert tuple(json.loads(seen["shape_"])) == value.shape
    assert seen.instance_id == first.instance_id
    np.testing.assert_array_equal(second.client.get(found), value)  # over TCP


@pytest.mark.parametrize("pair", PAIRS)
def test_objects_are_copied(clusters, pair):
    _, first, second = clusters(*pair)
    value = {"a": np.random.rand(1000, 100), "b": [1, "two", 3.0], "empty": np.zeros((0, 3))}
    before = second.usage()
    found = persisted(first, value)

    copy = second.client.migrate(found)

    assert copy != found
    assert second.client.migrate(found) == copy
    assert second.client.migrate(copy) == copy
    source = second.client.get_meta(found, True)
    seen = second.client.get_meta(copy, True)
    assert seen["signature"] == source["signature"]
    assert seen.instance_id == second.instance_id
    read = second.client.get(copy)
    np.testing.assert_array_equal(read["a"], value["a"])
    assert list(read["b"]) == value["b"]
    assert read["empty"].shape == (0, 3)
    assert second.usage() >= before + value["a"].nbytes
    assert first.client.get_meta(copy, True).instance_id == second.instance_id
    second.client.delete(copy)
    eventually(lambda: second.usage() <= before)
    assert first.sees(found)


@pytest.mark.parametrize("pair", PAIRS)
def test_names_are_shared(clusters, pair):
    _, first, second = clusters(*pair)
    found = persisted(first, np.ones(8), "a/name")

    assert second.client.get_name("a/name", True) == found
    second.client.drop_name("a/name")

    eventually(lambda: not has_name(first, "a/name"))


def has_name(member, name):
    return name in member.client.list_names("*")


@pytest.mark.parametrize("pair", PAIRS)
def test_what_one_deletes_is_gone_at_the_other(clusters, pair):
    _, first, second = clusters(*pair)
    before = first.usage()
    found = persisted(first, np.ones(100_000))
    assert second.sees(found)

    second.client.delete(found)

    eventually(lambda: not first.sees(found))
    eventually(lambda: first.usage() == before)


@pytest.mark.parametrize("pair", PAIRS)
def test_a_global_object_is_read_by_the_copy_that_is_left(clusters, pair):
    _, first, second = clusters(*pair)
    here = persisted(first, np.ones(1000))
    there = persisted(second, np.zeros(1000))
    first.client.get_meta(there, True)
    whole = first.client.put((here, there), global_=True)
    first.client.persist(whole)
    copy = first.client.migrate(there)

    first.client.sync_meta()
    first.client.delete(there, force=False, deep=True)

    for member in (first, second):
        eventually(lambda member=member: not member.sees(there))
        assert member.sees(whole)
        assert member.sees(copy)
    second.client.delete(copy, force=False, deep=True)
    for member in (first, second):
        assert member.sees(copy), "the last of its kind has an owner"


def test_a_killed_daemon_is_cleaned_up_by_whoever_is_left(clusters):
    killed = []
    for pair in PAIRS:  # all at once, because it takes so long
        cluster, first, second = clusters(*pair)
        found = persisted(first, np.ones(1000), "name")
        kept = persisted(second, np.ones(1000))
        assert second.sees(found)
        first.kill()
        killed.append((cluster, first.daemon.name, second, found, kept))
    deadline = time.monotonic() + CLEANING_SECONDS

    for cluster, name, second, found, kept in killed:
        left = max(1, deadline - time.monotonic())
        eventually(lambda second=second: len(second.client.meta) == 1, left)
        eventually(lambda second=second, found=found: not second.sees(found), left)
        assert second.sees(kept)
        assert [key for key in cluster.keys("data/") if str(found)[-16:] in key] == [], name
