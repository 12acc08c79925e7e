"""DBOS, durable execution as a library, on the shared workloads.

Run in the peers' venv: `python -m benchmarks.peers.dbos MODE SECONDS FOLDER [WORKLOAD...]`. A workflow is a
Python function with one step a task, since only a step is saved. The fork is `asyncio.gather`, the user
task a message that the workflow waits for. SQLite runs in WAL mode, which DBOS keeps when it finds it, and
with `synchronous=FULL`, Python's default.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from dbos import DBOS

from benchmarks.figures import emit, one_after_another
from benchmarks.workloads import CHAIN_LENGTH, COMPARED, COMPLETION, FORK_WIDTH, Workload

PEER = "DBOS"
SQLITE = "SQLite in WAL mode"

POLL_SECONDS = 0.01
"""How often DBOS looks for messages on SQLite; its default of a second would be all of the latency."""

TOPIC = "completion"
PATIENCE_SECONDS = 60.0


@DBOS.step()
def _add_step(a: int, b: int) -> int:
    return a + b


@DBOS.step()
async def _add_step_async(a: int, b: int) -> int:
    return a + b


@DBOS.workflow()
def _add(a: int, b: int) -> dict[str, int]:
    return {"sum": _add_step(a, b)}


@DBOS.workflow()
def _chain(count: int) -> dict[str, int]:
    for _ in range(CHAIN_LENGTH):
        count = _add_step(count, 1)
    return {"count": count}


@DBOS.workflow()
async def _fork(a: int, b: int) -> dict[str, int]:
    sums = await asyncio.gather(*(_add_step_async(a, b) for _ in range(FORK_WIDTH)))
    return {f"sum{index}": value for index, value in enumerate(sums, 1)}


@DBOS.workflow()
def _user(a: int) -> dict[str, int]:
    completion: dict[str, int] = DBOS.recv(TOPIC, PATIENCE_SECONDS)
    return {"a": a, **completion}


def _run_user(a: int) -> dict[str, int]:
    handle = DBOS.start_workflow(_user, a)
    DBOS.send(handle.workflow_id, COMPLETION, TOPIC)
    return handle.get_result()


def _runner(workload: Workload, loop: asyncio.AbstractEventLoop) -> Callable[[], dict[str, int]]:
    """Give the function that runs one instance from start to end."""
    if workload.name == "fork5":
        return lambda: loop.run_until_complete(_fork(**workload.variables))
    function = {"add": _add, "chain20": _chain, "user": _run_user}[workload.name]
    return lambda: function(**workload.variables)


def _launch(file: Path) -> None:
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode = WAL")
    database.close()
    DBOS(
        config={
            "name": "bench",
            "system_database_url": f"sqlite:///{file}",
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": POLL_SECONDS,
        }
    )
    DBOS.launch()


def _run_checked(run: Callable[[], dict[str, int]], workload: Workload) -> None:
    result = run()
    if result != workload.result:
        raise RuntimeError(f"{workload.name} ended with {result}, not with {workload.result}")


def main(mode: str, budget: float, folder: Path, names: list[str]) -> None:
    """Measure the named workloads, all when none is named."""
    _launch(folder / "dbos.db")
    loop = asyncio.new_event_loop()
    for workload in COMPARED:
        if names and workload.name not in names:
            continue
        run_one = partial(_run_checked, _runner(workload, loop), workload)
        emit(one_after_another(run_one, budget).figure(PEER, mode, workload.name))
    sys.stdout.flush()
    # DBOS waits for its idle threads for seconds; there is nothing left to be saved.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
