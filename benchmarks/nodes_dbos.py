"""DBOS beside the nodes: the same process on the same PostgreSQL, in the peers' venv."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]

CLIENTS = 64
"""More of them make each instance dearer."""


class PeerFailed(Exception):
    """DBOS could not be measured."""


@dataclass(frozen=True, slots=True)
class Peer:
    """What an instance needed."""

    per_second: float
    own_ms: float
    database_ms: float


def measure(python: Path, url: str, seconds: float, cpu_of_database: Callable[[], float]) -> Peer:
    """Let DBOS run instances for some seconds.

    Arguments:
        python: the interpreter of the peers' venv.
        url: an empty database.
        cpu_of_database: gives the CPU seconds that PostgreSQL has used for it so far.

    Raises:
        PeerFailed: with what DBOS wrote.
    """
    command = [str(python), "-m", "benchmarks.peers.dbos_postgres", url, str(seconds), str(CLIENTS)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if not process.stdout.readline():
            raise PeerFailed(_last_words(process))
        spent = cpu_of_database()
        process.stdin.write("\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise PeerFailed(_last_words(process))
        spent = cpu_of_database() - spent
    finally:
        process.kill()
        process.wait()
    found = json.loads(line)
    ended = found["ended"]
    return Peer(ended / found["seconds"], found["cpu"] / ended * 1000, spent / ended * 1000)


def _last_words(process: subprocess.Popen[str]) -> str:
    _, words = process.communicate(timeout=60)
    return f"DBOS on PostgreSQL ended with {process.returncode}:\n{words.strip()[-2000:]}"
