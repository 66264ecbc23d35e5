"""Clusters of real processes for the tests beside this file: daemons, ours and official ones, over a real etcd.

Each test has an etcd and daemons of its own, which are gone when it ends.
"""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from programs import CLIENT_VERSION, Daemon, Etcd, free_port, receive_frame, send_frame  # noqa: E402

import vineyard  # noqa: E402

PREFIX = "vineyard_clusters"
SESSION = PREFIX + "/S0000000000000000"

OURS = "ours"
OFFICIAL = "official"


def pytest_addoption(parser):
    parser.addoption("--ours", help="the command of our daemon", required=True)
    parser.addoption("--official", help="the command of the official daemon", required=True)
    parser.addoption("--environment", help="the folder of the Python environment", required=True)
    parser.addoption("--logs", help="a folder for what the programs print", required=True)


class Member:
    """A daemon of a cluster, and a client of it."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.client = vineyard.connect(str(daemon.socket))

    @property
    def name(self):
        return self.daemon.name

    @property
    def instance_id(self):
        return self.client.instance_id

    def usage(self):
        return self.client.status.memory_usage

    def sees(self, object_id):
        self.client.sync_meta()
        return self.client.exists(object_id)

    def ask(self, request):
        """Sends a request on a connection of its own, and does not wait."""
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(self.daemon.socket))
        register = {"type": "register_request", "version": CLIENT_VERSION, "store_type": 1, "session_id": 0}
        send_frame(connection, {**register, "username": "", "password": ""})
        receive_frame(connection)
        send_frame(connection, request)
        return connection

    @staticmethod
    def answer(connection, seconds):
        """Waits for the answer to what was asked."""
        with connection:
            connection.settimeout(seconds)
            return receive_frame(connection)

    def signal(self, number):
        os.kill(self.daemon.process.pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.daemon.process.wait()


class Migration:
    """A call of `migrate` by a process of its own: the client lets no other thread run while it waits."""

    CALL = """
import json, sys, vineyard
client = vineyard.connect(sys.argv[1])
print("asks", flush=True)
try:
    print(json.dumps([int(client.migrate(vineyard.ObjectID(int(sys.argv[2])))), ""]))
except Exception as problem:
    print(json.dumps([None, type(problem).__name__ + ": " + str(problem)]))
"""

    def __init__(self, member, object_id):
        command = [sys.executable, "-c", self.CALL, str(member.daemon.socket), str(int(object_id))]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        self.copy = None
        self.problem = ""

    def ended(self, seconds):
        """Waits for the answer, which comes in any case."""
        printed, _ = self.process.communicate(timeout=seconds)
        self.copy, self.problem = json.loads(printed.splitlines()[-1])
        return self


class Line:
    """A TCP port of this host that leads to another one, until it is cut. A process of its own carries the bytes."""

    def __init__(self, port):
        self.ports = [str(free_port()), str(port)]
        self.endpoint = f"http://127.0.0.1:{self.ports[0]}"
        self.mend()

    def mend(self):
        command = [sys.executable, str(Path(__file__).resolve().parent / "line.py"), *self.ports]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self.process.stdout.readline(), "it listens"

    def cut(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Cluster:
    """An etcd, and the daemons over it."""

    def __init__(self, config, private, logs, etcd_flags):
        self.config = config
        self.private = private
        self.logs = logs
        self.members = []
        self.lines = []
        self.etcd = Etcd(Path(config.getoption("environment")), logs / "etcd.log", private, *etcd_flags)
        self.etcd.start()

    def line(self):
        """A way to the etcd that can be cut."""
        self.lines.append(Line(int(self.etcd.endpoint.rpartition(":")[2])))
        return self.lines[-1]

    def join(self, kind, *more_flags, before=()):
        """Starts one daemon more, behind another command if there is one."""
        number = len(self.members)
        flags = ["--size", "256M", "--meta", "etcd", "--etcd_endpoint", self.etcd.endpoint]
        flags += ["--etcd_prefix", PREFIX, *more_flags]  # of two that are the same the last one counts
        name = f"{kind}{number}"
        program = [*before, *self.config.getoption(kind).split()]
        daemon = Daemon(name, program, flags, kind == OFFICIAL, self.logs / f"{name}.log", self.private)
        daemon.start()
        self.members.append(Member(daemon))
        return self.members[-1]

    def put_key(self, path, value):
        """Writes a key of the root session behind the daemons' backs."""
        self.ask("kv/put", {"key": encoded(f"{SESSION}/{path}"), "value": encoded(value)})

    def ask(self, what, question):
        request = urllib.request.Request(
            f"{self.etcd.endpoint}/v3/{what}", json.dumps(question).encode(), method="POST"
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def keys(self, path):
        """The keys of the root session that begin so, without what all begin with."""
        first = f"{SESSION}/{path}"
        found = self.ask("kv/range", {"key": encoded(first), "range_end": encoded(first + "\xff"), "keys_only": True})
        keys = [base64.b64decode(each["key"]).decode() for each in found.get("kvs", [])]
        return [key[len(SESSION) + 1 :] for key in keys]

    def value(self, path):
        """The text of a key of the root session, if there is one."""
        found = self.ask("kv/range", {"key": encoded(f"{SESSION}/{path}")}).get("kvs", [])
        return base64.b64decode(found[0]["value"]).decode() if found else None

    def make_room(self):
        """Deletes the largest part of what is stored, and has etcd accept more again."""
        for key in self.keys("data/"):
            value = self.ask("kv/range", {"key": encoded(f"{SESSION}/{key}")})["kvs"][0]["value"]
            if len(value) > 100_000:
                self.ask("kv/deleterange", {"key": encoded(f"{SESSION}/{key}")})
        revision = self.ask("kv/range", {"key": encoded("none")})["header"]["revision"]
        self.ask("kv/compaction", {"revision": revision, "physical": True})
        self.ask("maintenance/defragment", {})
        for alarm in self.ask("maintenance/alarm", {"action": "GET"}).get("alarms", []):
            self.ask("maintenance/alarm", {"action": "DEACTIVATE", **alarm})

    def stop(self):
        for member in self.members:
            if member.daemon.process is not None and member.daemon.process.poll() is None:
                member.signal(signal.SIGCONT)
            member.daemon.stop()
        for line in self.lines:
            line.cut()
        self.etcd.stop()


def encoded(text):
    return base64.b64encode(text.encode("latin-1")).decode()


@pytest.fixture
def clusters(request, tmp_path):
    """Makes clusters of daemons of these kinds: clusters(OURS, OFFICIAL) returns the cluster and its members."""
    made = []

    def make(*kinds, etcd_flags=()):
        private = Path(tempfile.mkdtemp(prefix="vinery-"))  # a socket's path must be short
        logs = Path(request.config.getoption("logs")) / f"{request.node.name}-{len(made)}"
        logs.mkdir(parents=True, exist_ok=True)
        cluster = Cluster(request.config, private, logs, etcd_flags)
        made.append(cluster)
        return cluster, *[cluster.join(kind) for kind in kinds]

    yield make
    for cluster in made:
        cluster.stop()


def eventually(check, seconds=10):
    """Waits until a check holds."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if check():
                return
        except vineyard.ObjectNotExistsException:
            pass
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.05)
