"""Whether one of many costs more than one of few: multi-instances of 1,000 and of 10,000 items.

In process it is the kernel alone, one command after another; stored it is a runtime on SQLite, and a worker
that leases the jobs and completes them. The CPU of the whole multi-instance counts, with its start and its
end.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.engine import ACTOR, Engine, EngineFailed, expect_end, running
from benchmarks.figures import Measure
from benchmarks.workloads import JOB_TYPE, MANY, Workload
from penstock import bpmn
from penstock.kernel import ProcessInstance, advance
from penstock.kernel.commands import Command, CompleteJob, Continue, StartInstance
from penstock.kernel.definition import ProcessDefinition
from penstock.kernel.effects import ContinueLater
from penstock.kernel.events import JobOpened
from penstock.kernel.state import InstanceState
from penstock.runtime.requests import Request

FEW = 1_000
MANY_ITEMS = 10_000
QUICK_ITEMS = 3_000
ROUNDS = 3
"""How often the few are run, before and after the many; their median is compared."""

LEASED_AT_ONCE = 256
LEASE_MS = 600_000
NOW = 1_700_000_000_000

BOUND_OF_TEN = 12.0
"""What ten times as many items may cost over the few."""


def measure(folder: Path, quick: bool) -> Iterator[Measure]:
    """Run each kind of multi-instance, in the kernel and stored.

    Raises:
        EngineFailed: one did not come to its end.
    """
    items = QUICK_ITEMS if quick else MANY_ITEMS
    for workload in MANY:
        yield from _measures(f"{workload.name} in process", *_in_process(workload, items), items)
    for workload in MANY:
        few, many = asyncio.run(_stored(folder / f"{workload.name}.db", workload, items))
        yield from _measures(f"{workload.name} stored", few, many, items)


def _measures(name: str, few: float, many: float, items: int) -> Iterator[Measure]:
    """Report what an item costs among few and among many, and the ratio of the whole."""
    yield Measure(f"{name}, {FEW:,} items: CPU", few / FEW * 1000, "ms an item")
    yield Measure(f"{name}, {items:,} items: CPU", many / items * 1000, "ms an item")
    bound = BOUND_OF_TEN * items / MANY_ITEMS
    yield Measure(f"{name}, {items:,} items over {FEW:,}", many / few, "times", bound)


# -- the kernel alone --------------------------------------------------------------------------------


def _in_process(workload: Workload, items: int) -> tuple[float, float]:
    definition = bpmn.read(workload.xml().encode()).processes[0].definition
    assert definition is not None, f"{workload.name} does not compile"
    _advance_through(definition, FEW)  # warms up
    few = [_advance_through(definition, FEW) for _ in range(ROUNDS)]
    many = median(_advance_through(definition, items) for _ in range(ROUNDS))
    few += [_advance_through(definition, FEW) for _ in range(ROUNDS)]
    return median(few), many


def _advance_through(definition: ProcessDefinition, items: int) -> float:
    """Give the CPU, in seconds, of one multi-instance whose jobs are completed in their order."""
    instance = ProcessInstance("bench", definition.id)
    left: deque[Command] = deque([StartInstance(definition.starts[0], {"items": list(range(items))})])
    began = time.process_time()
    while left:
        outcome = advance(definition, instance, left.popleft(), NOW)
        left += [Continue() for effect in outcome.effects if isinstance(effect, ContinueLater)]
        left += [
            CompleteJob(event.scope, event.owner, event.key, {"done": 1})
            for event in outcome.events
            if isinstance(event, JobOpened)
        ]
    if instance.state is not InstanceState.COMPLETED:
        raise EngineFailed(f"a multi-instance of {items} items is {instance.state.value}")
    return time.process_time() - began


# -- the runtime on a store --------------------------------------------------------------------------


async def _stored(database: Path, workload: Workload, items: int) -> tuple[float, float]:
    async with running(database, (workload,)) as engine:
        await _work_through(engine, workload, FEW)  # warms up
        few = [await _work_through(engine, workload, FEW)]
        many = await _work_through(engine, workload, items)
        few += [await _work_through(engine, workload, FEW) for _ in range(ROUNDS - 1)]
        return median(few), many


async def _work_through(engine: Engine, workload: Workload, items: int) -> float:
    """Give the CPU, in seconds, of one multi-instance whose jobs a worker leases and completes."""
    began = time.process_time()
    row = await engine.start(workload, items=list(range(items)))
    done = 0
    while done < items:
        jobs = await engine.runtime.activate_jobs(
            [JOB_TYPE], limit=LEASED_AT_ONCE, lease_ms=LEASE_MS, worker=ACTOR, wait_s=10, names=["item"]
        )
        if not jobs:
            raise EngineFailed(f"{workload.name} has done {done} of {items} items and opens no further job")
        commands = (CompleteJob(it.row.scope, it.row.owner, it.row.key, {"done": 1}) for it in jobs)
        await asyncio.gather(
            *(engine.runtime.send(Request(row.id, command, ACTOR, bare=True)) for command in commands)
        )
        done += len(jobs)
    row = await engine.settled(row.id)
    spent = time.process_time() - began
    expect_end(row, workload)
    return spent
