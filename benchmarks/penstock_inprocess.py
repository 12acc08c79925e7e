"""Penstock in process: its runtime, durable on SQLite, asked by coroutines of the same process.

Run as every subject: `python -m benchmarks.penstock_inprocess MODE SECONDS FOLDER [WORKLOAD...]`. With 64
instances at once commits are shared, as on a busy server; one by one each waits for its own.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.engine import Engine, expect_end, running
from benchmarks.figures import WARM_UP_INSTANCES, Figure, Sample, emit, own_cpu_seconds, rss_mb
from benchmarks.subjects import ALONE, IN_PROCESS, PENSTOCK
from benchmarks.workloads import COMPARED, USER, Workload
from penstock.store.rows import UserTaskRow

AT_ONCE = {IN_PROCESS: 64, ALONE: 1}


@dataclass(slots=True)
class _Clients:
    """Coroutines that each run one instance after another until the time is up."""

    engine: Engine
    workload: Workload
    task: UserTaskRow | None
    """For a workload with a user task: what it is in any instance, since keys count within the instance."""
    latencies: list[float] = field(default_factory=list)

    async def run(self, at_once: int, seconds: float) -> None:
        """Let `at_once` clients work for `seconds`."""
        deadline = time.perf_counter() + seconds
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(self._client(deadline))

    async def _client(self, deadline: float) -> None:
        while (began := time.perf_counter()) < deadline:
            row = await self.engine.start(self.workload)
            if self.task is not None:
                row = await self.engine.complete(row.id, self.task)
            self.latencies.append(time.perf_counter() - began)
            expect_end(row, self.workload)


async def measure(engine: Engine, workload: Workload, mode: str, seconds: float) -> Figure:
    """Measure one workload for `seconds`, after a warm-up that is not counted.

    Raises:
        EngineFailed: an instance did not come to its end.
    """
    task = await _warm_up(engine, workload)
    clients = _Clients(engine, workload, task)
    cpu, began = own_cpu_seconds(), time.perf_counter()
    await clients.run(AT_ONCE[mode], seconds)
    seconds = time.perf_counter() - began
    sample = Sample(clients.latencies, seconds, own_cpu_seconds() - cpu, rss_mb(os.getpid()))
    return sample.figure(PENSTOCK, mode, workload.name)


async def _warm_up(engine: Engine, workload: Workload) -> UserTaskRow | None:
    task: UserTaskRow | None = None
    for _ in range(WARM_UP_INSTANCES):
        row = await engine.start(workload)
        if workload is USER:
            task = await engine.open_task(row.id)
            row = await engine.complete(row.id, task)
        expect_end(row, workload)
    return task


async def main(mode: str, budget: float, folder: Path, names: list[str]) -> None:
    """Measure the named workloads, all when none is named."""
    async with running(folder / "penstock.db", COMPARED) as engine:
        for workload in COMPARED:
            if not names or workload.name in names:
                emit(await measure(engine, workload, mode, budget))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:]))
