"""What is measured: each subject a command of its own, so that none warms or burdens another.

The command is `python -m MODULE MODE SECONDS FOLDER [WORKLOAD...]`; it prints what `figures.emit` prints.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Result, read

ROOT = Path(__file__).parents[1]

PENSTOCK = "Penstock"
IN_PROCESS = "in process, 64 at once"
ALONE = "in process, one by one"
HTTP = "HTTP, 64 clients"
HTTP_ALONE = "HTTP, one client"

STARTING_SECONDS = 60.0
"""What a subject may take beside its measured time: to start, to warm up, to stop."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An engine in one way of running it."""

    peer: str
    mode: str
    module: str
    of_peers: bool
    """Whether it runs in the peers' venv."""


SUBJECTS = (
    Subject(PENSTOCK, IN_PROCESS, "benchmarks.penstock_inprocess", False),
    Subject(PENSTOCK, ALONE, "benchmarks.penstock_inprocess", False),
    Subject(PENSTOCK, HTTP, "benchmarks.penstock_http", False),
    Subject(PENSTOCK, HTTP_ALONE, "benchmarks.penstock_http", False),
    Subject("SpiffWorkflow", "in memory", "benchmarks.peers.spiff", True),
    Subject("SpiffWorkflow", "saved at waits and end", "benchmarks.peers.spiff", True),
    Subject("SpiffWorkflow", "saved after each task", "benchmarks.peers.spiff", True),
    Subject("DBOS", "SQLite in WAL mode", "benchmarks.peers.dbos", True),
)


class SubjectFailed(Exception):
    """A subject's process ended with an error or took too long."""


def measure(subject: Subject, peers_python: Path, seconds: float, workloads: Sequence[str]) -> list[Result]:
    """Run a subject for `seconds` a workload, in a folder that is gone afterwards.

    Raises:
        SubjectFailed: with the end of what the subject wrote to standard error.
    """
    python = str(peers_python) if subject.of_peers else sys.executable
    with tempfile.TemporaryDirectory(prefix="penstock-bench-") as folder:
        command = [python, "-m", subject.module, subject.mode, str(seconds), folder, *workloads]
        patience = STARTING_SECONDS + 4 * seconds * max(1, len(workloads))
        return run(command, patience)


def run(command: Sequence[str], patience: float) -> list[Result]:
    """Run a command of the kind described above and read its results.

    Args:
        command: program and arguments.
        patience: seconds after which it is ended.

    Raises:
        SubjectFailed: it ended with an error or took longer.
    """
    try:
        ended = subprocess.run(
            command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired:
        raise SubjectFailed(f"`{' '.join(command)}` took longer than {patience:.0f} s") from None
    if ended.returncode != 0:
        raise SubjectFailed(
            f"`{' '.join(command)}` ended with {ended.returncode}:\n{ended.stderr.strip()[-2000:]}"
        )
    return [read(line) for line in ended.stdout.splitlines() if line.startswith("{")]
