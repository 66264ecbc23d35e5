"""The programs that the conformance tests need: daemons, and an etcd for those of a cluster."""

import json
import os
import shlex
import socket
import struct
import subprocess
import time
import urllib.request

CLIENT_VERSION = "0.24.2"
START_SECONDS = 30
STOP_SECONDS = 10
LOG_TAIL_LINES = 40


class Unable(Exception):
    """The tests could not be run to their end: the message says why, in one line."""


class Program:
    """One process, started and stopped once."""

    def __init__(self, name, command, log, private):
        self.name = name
        self.command = command
        self.log = log
        self.private = private
        self.process = None

    def start(self):
        print("conformance: starting", shlex.join(self.command), flush=True)
        began = time.monotonic()
        with self.log.open("wb") as log:
            try:
                self.process = subprocess.Popen(
                    self.command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=self.private,
                )
            except OSError as refused:
                raise Unable(f"{self.name} cannot be started: {refused}") from refused
        while not self.answers():
            if self.process.poll() is not None:
                raise Unable(f"{self.name} ended before it answered")
            if time.monotonic() - began > START_SECONDS:
                raise Unable(f"{self.name} did not answer within {START_SECONDS} s")
            time.sleep(0.02)
        print(f"conformance: {self.name} answered after {time.monotonic() - began:.2f} s", flush=True)

    def stop(self):
        """Ends the process, if it was started and not stopped yet.

        Returns what was wrong: a list of sentences.
        """
        if self.process is None:
            return []
        process, self.process = self.process, None
        if process.poll() is not None:
            return [f"{self.name} ended by itself with status {process.returncode}"]
        problems = []
        process.terminate()
        try:
            status = process.wait(STOP_SECONDS)
            if status != 0:
                problems.append(f"{self.name} ended with status {status} after SIGTERM")
        except subprocess.TimeoutExpired:
            problems.append(f"{self.name} did not end within {STOP_SECONDS} s after SIGTERM")
            process.kill()
            process.wait()
        return problems

    def print_log_tail(self):
        if not self.log.exists():
            return
        lines = self.log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
        if not lines:
            return
        print(f"conformance: the last {len(lines)} lines of {self.log}:")
        for line in lines:
            print("  | " + line)


class Daemon(Program):
    """A daemon, ours or the official one."""

    def __init__(self, name, program, flags, official, log, private):
        self.official = official
        self.socket = private / f"{log.stem}.sock"
        self.port = free_port()
        command = [*program, "--socket", str(self.socket), "--rpc_socket_port", str(self.port), *flags]
        super().__init__(name, command, log, private)

    def answers(self):
        """Whether a client can register on the socket."""
        request = {
            "type": "register_request",
            "version": CLIENT_VERSION,
            "store_type": 1,
            "session_id": 0,
            "username": "",
            "password": "",
        }
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                send_frame(connection, request)
                answer = receive_frame(connection)
                send_frame(connection, {"type": "exit_request"})
        except (OSError, EOFError, ValueError):
            return False
        return answer.get("type") == "register_reply"

    def stop(self):
        problems = super().stop()
        if self.socket.exists():
            problems.append(f"{self.name} left its socket behind")
        if self.official and problems:  # known of it, and not what is tested here
            print("conformance: noted of the official daemon:", "; ".join(problems))
            return []
        return problems


class Etcd(Program):
    """An etcd of one member, with its data in the private folder."""

    def __init__(self, environment, log, private, *flags):
        self.endpoint = f"http://127.0.0.1:{free_port()}"
        peers = f"http://127.0.0.1:{free_port()}"
        command = [str(environment / "bin" / "etcd"), "--name=conformance"]
        command += [f"--data-dir={private / 'etcd'}", "--logger=zap", "--log-level=error"]
        command += [f"--listen-client-urls={self.endpoint}", f"--advertise-client-urls={self.endpoint}"]
        command += [f"--listen-peer-urls={peers}", f"--initial-advertise-peer-urls={peers}"]
        command += [f"--initial-cluster=conformance={peers}", *flags]
        super().__init__("etcd", command, log, private)

    def answers(self):
        try:
            with urllib.request.urlopen(self.endpoint + "/health", timeout=1) as answer:
                return json.load(answer).get("health") == "true"
        except (OSError, ValueError):
            return False

    def stop(self):
        super().stop()  # how it ends is not what is tested here
        return []


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program_of(daemon, package):
    """Returns the command line of what is to be started, without its flags."""
    if daemon == "official":
        return [str(package / "bdist" / "vineyardd")]
    program = shlex.split(daemon)
    if os.sep in program[0]:
        program[0] = os.path.abspath(program[0])
    return program


def send_frame(connection, message):
    body = json.dumps(message).encode()
    connection.sendall(struct.pack("<Q", len(body)) + body)


def receive_frame(connection):
    (length,) = struct.unpack("<Q", receive_exactly(connection, 8))
    return json.loads(receive_exactly(connection, length))


def receive_exactly(connection, length):
    received = b""
    while len(received) < length:
        part = connection.recv(length - len(received))
        if not part:
            raise EOFError
        received += part
    return received
