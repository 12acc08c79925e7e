"""How long `/overall` takes over a million instances."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from benchmarks.figures import Measure
from benchmarks.load import Plan, Step, run_apart
from benchmarks.server import serving, write_project
from benchmarks.workloads import ADD
from penstock.runtime.ids import new_id
from penstock.store.counters import Changes
from penstock.store.database import Database
from penstock.store.opening import open_database
from penstock.store.rows import Status
from penstock.store.tables import instance

INSTANCES = 1_000_000
QUICK_INSTANCES = 100_000
DAYS = 90
DAY_MS = 86_400_000
CYCLE_MS = 1_500
CHUNK = 20_000

REQUESTS = 100
SECONDS = 60.0
BOUND_MS = 10.0

TENTHS: tuple[Status, ...] = (*(("completed",) * 9), "cancelled")
"""Of ten instances in a row, how each has ended."""


def measure(folder: Path, quick: bool) -> Iterator[Measure]:
    """Fill the store, then ask for `/overall` as an app's dashboard would.

    Raises:
        LoadFailed: a request was refused.
    """
    project = write_project(folder / "project", (ADD,))
    database = folder / "penstock.db"
    with serving(project, database) as server:
        run_apart(Plan(server.port, 1, SECONDS, 1, [Step("POST", _path("start"), ADD.variables)]))
    total, now = QUICK_INSTANCES if quick else INSTANCES, time.time_ns() // 1_000_000
    began = time.perf_counter()
    _fill(database, total, now)
    yield Measure(f"inserting {total:,} instances", time.perf_counter() - began, "s")
    with serving(project, database) as server:
        yield Measure(f"restart with {total:,} ended instances", server.ready_seconds, "s")
        for name, query in _queries(now).items():
            load = run_apart(Plan(server.port, 1, SECONDS, REQUESTS, [Step("GET", _path("overall") + query)]))
            title = f"/overall over {total:,} instances, {name}"
            yield Measure(f"{title}: p50", load.p50_ms, "ms", BOUND_MS)
            yield Measure(f"{title}: p99", load.p99_ms, "ms")


def _path(what: str) -> str:
    return f"/domo/workflow/v1/models/{ADD.name}/{what}"


def _queries(now: int) -> dict[str, str]:
    week = f"after={now - 7 * DAY_MS - 1234}&until={now - 1234}"
    return {
        "all of it": "",
        "one status": "?status=CANCELED",
        "a week to the millisecond": f"?{week}",
        "a deep page": "?offset=10000&limit=100",
    }


def _fill(database: Path, total: int, now: int) -> None:
    """Copy the one instance that was really run, spread evenly over the days before `now`."""
    store = open_database(f"sqlite:///{database}")
    try:
        with store.reading() as connection:
            model = dict(connection.execute(sa.select(instance)).mappings().one())
        step = DAYS * DAY_MS // total
        for first in range(0, total, CHUNK):
            _insert(store, model, range(first, min(first + CHUNK, total)), now - DAYS * DAY_MS, step)
    finally:
        store.close()


def _insert(store: Database, model: dict[str, object], numbers: range, since: int, step: int) -> None:
    rows: list[dict[str, object]] = []
    changes = Changes()
    for number in numbers:
        started, status = since + number * step, TENTHS[number % len(TENTHS)]
        ended = started + CYCLE_MS
        times = {"started_at": started, "updated_at": ended, "ended_at": ended}
        rows.append({**model, **times, "id": new_id(started), "status": status})
        changes.move(str(model["process_id"]), str(model["version"]), started, None, status, CYCLE_MS)
    with store.transaction() as connection:
        connection.execute(sa.insert(instance), rows)
        changes.flush(connection)
