"""What waiting instances cost: memory of the server, and time of a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Measure, tree_cpu_seconds, tree_rss_mb
from benchmarks.load import Plan, Step, run_apart
from benchmarks.penstock_http import exchange
from benchmarks.server import Server, ServerFailed, serving, write_project
from benchmarks.workloads import USER, WAITING

SIZES = (10_000, 100_000)
QUICK_SIZES = (10_000,)

CONNECTIONS = 64
WARM_UP_EXCHANGES = 1_000
"""Run before memory is read, so that a server that has just started is compared with like."""

FILL_SECONDS = 240.0

MEMORY_BOUND = 1.05
"""No larger, within what two starts of the same server differ by."""


def measure(folder: Path, quick: bool) -> Iterator[Measure]:
    """Start instances that wait, restart the server, and compare it with one that has none.

    Raises:
        LoadFailed: a start was refused.
        ServerFailed: not all of the instances wait.
    """
    project = write_project(folder / "project", (USER, WAITING))
    database = folder / "penstock.db"
    with serving(project, database):
        pass  # The first start lays out the database and deploys; it is not what a restart costs.
    *restart, empty = _restart(project, database, 0)
    yield from (*restart, empty)
    filled = 0
    for size in QUICK_SIZES if quick else SIZES:
        with serving(project, database) as server:
            _fill(server, size - filled)
            memory = tree_rss_mb(server.pid)
        filled = size
        yield Measure(f"server that has just started {size:,} waiting instances", memory, "MB")
        *restart, full = _restart(project, database, size)
        yield from (*restart, full)
        name = f"its memory over that with none waiting, {size:,}"
        yield Measure(name, full.value / empty.value, "times", MEMORY_BOUND)


def _restart(project: Path, database: Path, waiting: int) -> tuple[Measure, Measure, Measure]:
    """Restart the server; give the time and the CPU until it is ready, and its memory after some work."""
    with serving(project, database) as server:
        cpu = tree_cpu_seconds(server.pid)
        _expect(server, waiting)
        run_apart(Plan(server.port, CONNECTIONS, FILL_SECONDS, WARM_UP_EXCHANGES, exchange(USER)))
        memory = tree_rss_mb(server.pid)
    return (
        Measure(f"restart with {waiting:,} waiting instances", server.ready_seconds, "s"),
        Measure(f"restart with {waiting:,} waiting instances: CPU", cpu, "s"),
        Measure(f"server with {waiting:,} waiting instances", memory, "MB"),
    )


def _fill(server: Server, instances: int) -> None:
    path = f"/domo/workflow/v1/models/{WAITING.name}/start"
    steps = [Step("POST", path, WAITING.variables)]
    load = run_apart(Plan(server.port, CONNECTIONS, FILL_SECONDS, instances, steps))
    if load.exchanges != instances:
        raise ServerFailed(f"only {load.exchanges} of {instances} instances were started in {FILL_SECONDS} s")


def _expect(server: Server, waiting: int) -> None:
    overall = server.overall(WAITING)
    if overall["inProgressWorkflows"] != waiting:
        raise ServerFailed(f"{waiting} instances must wait, /overall says {overall['inProgressWorkflows']}")
