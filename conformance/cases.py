"""Runs test cases of the official client and compares what came of them with what is expected."""

import os
import signal
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

from programs import Unable


# What a process writes that pyarrow aborts when it ends, now and then and whatever the daemon: apache/arrow#34314.
ABORT = "terminate called without an active exception"


@dataclass(frozen=True)
class Outcome:
    """What came of some cases: their names, by how they ended."""

    passed: list = field(default_factory=list)
    skipped: list = field(default_factory=list)
    failed: list = field(default_factory=list)

    def plus(self, other):
        return Outcome(
            self.passed + other.passed, self.skipped + other.skipped, self.failed + other.failed
        )


def run_cases(python, package, files, options, junit, seconds, path=None):
    """Runs pytest in the folder above the package, lets it print, and returns what came of it.

    The client's conftest.py is in the package: pytest must be given the files by path, and run above it.
    """
    junit.unlink(missing_ok=True)
    command = [str(python), "-m", "pytest", "-q", "-rs"]
    command += ["-c", "/dev/null", f"--rootdir={package}", f"--confcutdir={package}"]
    command += ["-p", "no:cacheprovider", "-W", "ignore::DeprecationWarning"]
    command += [f"--junit-xml={junit}", *options]
    command += [f"{package.name}/{file}" for file in files]
    # Variables that would send the client elsewhere, or change pytest, stay out.
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("VINEYARD_", "PYTEST_", "PYTHON"))
    }
    if path is not None:
        variables["PATH"] = f"{path}{os.pathsep}{variables.get('PATH', os.defpath)}"
    process = subprocess.Popen(
        command, cwd=package.parent, env=variables, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise Unable(f"the tests did not end within {seconds} s") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # the tests start processes of their own
            process.wait()
    if not junit.exists():
        raise Unable(f"pytest ended with status {process.returncode} and wrote no report")
    return read_report(junit)


def read_report(junit):
    outcome = Outcome()
    for case in ElementTree.parse(junit).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed.append(name)
        elif case.find("skipped") is not None:
            outcome.skipped.append(name)
        else:
            outcome.passed.append(name)
    return outcome


def spoiled_cases(junit):
    """Returns the cases that failed because pyarrow aborted a process, as pytest is told of them."""
    return [
        f"{case.get('classname').replace('.', '/')}.py::{case.get('name')}"
        for case in ElementTree.parse(junit).iter("testcase")
        if ABORT in "".join(case.itertext())
    ]


def replace_cases(junit, again):
    """Puts what came of some cases the second time in the place of the first."""
    report = ElementTree.parse(junit)
    second = {(case.get("classname"), case.get("name")): case for case in ElementTree.parse(again).iter("testcase")}
    for suite in report.iter("testsuite"):
        for index, case in enumerate(suite):
            if case.tag == "testcase":
                suite[index] = second.get((case.get("classname"), case.get("name")), case)
    report.write(junit)


def compare(outcome, expected_passes, expected_skips):
    """Returns what differs from the expected counts: a list of sentences."""
    problems = [f"not passed: {case}" for case in sorted(outcome.failed)]
    problems += [f"skipped: {case}" for case in sorted(set(outcome.skipped) - expected_skips)]
    print(
        f"conformance: {len(outcome.passed)} passed, {len(outcome.skipped)} skipped, "
        f"{len(outcome.failed)} failed; expected {expected_passes} passed, {len(expected_skips)} skipped"
    )
    if len(outcome.passed) != expected_passes:
        problems.append(f"{len(outcome.passed)} cases passed and not {expected_passes}")
    if len(outcome.skipped) != len(expected_skips):
        problems.append(f"{len(outcome.skipped)} cases were skipped and not {len(expected_skips)}")
    return problems


def compare_some(outcome, expression):
    """Returns what is wrong if only the cases that an expression selects were run."""
    print(f"conformance: {len(outcome.passed)} passed, {len(outcome.failed)} failed of the cases asked for")
    problems = [f"not passed: {case}" for case in sorted(outcome.failed)]
    if not outcome.passed and not outcome.failed:
        problems.append(f"no case matches: {expression}")
    return problems
