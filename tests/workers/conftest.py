"""What the tests of the workers share: project folders, pools that are stopped, and jobs."""

from __future__ import annotations

import queue
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from penstock.workers.api import Job
from penstock.workers.pool import FunctionPool
from penstock.workers.protocol import Call, Failed, Outcome, Withdrawn

PATIENCE_S = 30
"""How long a test waits for what must come; no test depends on how fast it does."""

WriteFunctions = Callable[..., Path]
StartPool = Callable[..., "Caller"]


def job(**changes: Any) -> Job:
    """Give a job, with the fields that a test cares for."""
    fields = {
        "key": "job-1",
        "idempotency_key": "once-1",
        "instance_id": "instance-1",
        "element_id": "Task_1",
    }
    return Job(**{**fields, **changes})


def failure(outcome: Outcome) -> Failed:
    """Expect that a call failed, and give the failure."""
    assert isinstance(outcome, Failed), outcome
    return outcome


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until something is so that another process or thread brings about."""
    for _ in range(PATIENCE_S * 100):
        if condition():
            return
        threading.Event().wait(0.01)
    raise AssertionError("what must come did not come")


class Caller:
    """A started pool, called as a test wants to: one call, one outcome."""

    def __init__(self, pool: FunctionPool) -> None:
        self.pool = pool

    def submit(
        self, function: str, /, *, limit_ms: int | None = None, **variables: Any
    ) -> queue.Queue[Outcome | Withdrawn]:
        """Submit a call, and give the queue that gets its outcome."""
        outcomes: queue.Queue[Outcome | Withdrawn] = queue.Queue()
        self.pool.submit(Call(function, variables, job(), limit_ms), outcomes.put)
        return outcomes

    def __call__(self, function: str, /, *, limit_ms: int | None = None, **variables: Any) -> Outcome:
        """Run a call and wait for its outcome."""
        outcome = self.submit(function, limit_ms=limit_ms, **variables).get(timeout=PATIENCE_S)
        assert not isinstance(outcome, Withdrawn)
        return outcome


@pytest.fixture
def write_functions(tmp_path: Path) -> WriteFunctions:
    """Write function files into a project folder: `write_functions(orders="...source...")`."""

    def write(**sources: str) -> Path:
        folder = tmp_path / "project" / "functions"
        folder.mkdir(parents=True, exist_ok=True)
        for stem, source in sources.items():
            (folder / f"{stem}.py").write_text(_HEAD + textwrap.dedent(source))
        return folder

    return write


_HEAD = "from penstock.workers.api import BpmnError, current_job, task\n"


@pytest.fixture
def start_pool(write_functions: WriteFunctions) -> Iterator[StartPool]:
    """Start a pool of one process over one file of functions: `start_pool("...source...")`."""
    pools: list[FunctionPool] = []

    def start(source: str, **settings: Any) -> Caller:
        pool = FunctionPool(write_functions(tasks=source), **{"processes": 1, **settings})
        pools.append(pool)
        pool.start()
        return Caller(pool)

    yield start
    for pool in pools:
        pool.stop(grace_s=0)
