"""One operation on very many instances: a batch that suspends 100,000 and one that cancels them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from benchmarks.engine import ACTOR, Engine, EngineFailed, running
from benchmarks.figures import Measure
from benchmarks.scale_outside import STARVED_MS, fill, probed
from benchmarks.workloads import WAITING
from penstock.kernel.commands import CancelInstance, Command, SuspendInstance
from penstock.runtime.ids import new_id
from penstock.store import batches, instances
from penstock.store.batches import BatchRow, Operation
from penstock.store.instances import Conditions
from penstock.store.rows import Status

INSTANCES = 100_000
QUICK_INSTANCES = 5_000
FEW = 1_000
PATIENCE_SECONDS = 600.0
POLL_SECONDS = 0.05

BOUND = 1.5
"""What an instance among many may cost over one among few, within what two measurements differ by."""


def measure(folder: Path, quick: bool) -> Iterator[Measure]:
    """Suspend instances by a batch, few and then many, and cancel the many.

    Raises:
        EngineFailed: a batch did not deal with all of them.
    """
    yield from asyncio.run(_measured(folder, QUICK_INSTANCES if quick else INSTANCES))


async def _measured(folder: Path, size: int) -> list[Measure]:
    async with running(folder / "batch.db", (WAITING,)) as engine:
        return [found async for found in _measures(engine, size)]


async def _measures(engine: Engine, size: int) -> AsyncIterator[Measure]:
    await fill(engine, WAITING, 0, FEW)
    few = await _carried_out(engine, "suspend", SuspendInstance(), "active", FEW)
    await fill(engine, WAITING, 0, size)
    waits: list[float] = []
    async with probed(engine, waits):
        began = time.perf_counter()
        many = await _carried_out(engine, "suspend", SuspendInstance(), "active", size)
        took = time.perf_counter() - began
    yield Measure(f"a batch that suspends {FEW:,}: CPU", few, "ms each")
    yield Measure(f"a batch that suspends {size:,}: CPU", many, "ms each")
    yield Measure(
        f"a batch that suspends {size:,}: an instance over one of {FEW:,}", many / few, "times", BOUND
    )
    yield Measure(f"a batch that suspends {size:,}", took, "s")
    yield Measure("the longest that a message meanwhile had to wait for it", max(waits), "ms", STARVED_MS)
    cancel = await _carried_out(engine, "cancel", CancelInstance(), "suspended", size + FEW)
    yield Measure(f"a batch that cancels {size + FEW:,}: CPU", cancel, "ms each")


async def _carried_out(
    engine: Engine, operation: Operation, command: Command, status: Status, size: int
) -> float:
    """Run a batch to its end, and give the CPU of an instance, in ms.

    Raises:
        EngineFailed: it has not dealt with so many.
    """
    now, spent = engine.runtime.clock.now(), time.process_time()
    selection = Conditions(process_id=WAITING.process_id, status=[status])
    row = BatchRow(
        new_id(now), operation, command, selection, "running", 0, 0, 0, None, ACTOR, now, ended_at=None
    )
    made = await engine.runtime.make_batch(row, None)
    deadline = time.perf_counter() + PATIENCE_SECONDS
    while made.state == "running" and time.perf_counter() < deadline:
        await asyncio.sleep(POLL_SECONDS)
        found = await engine.runtime.read(batches.find, made.id)
        if found is None:
            raise EngineFailed(f"the batch {made.id} is gone")
        made = found
    left = await engine.runtime.read(instances.count, selection)
    if made.done != size or left:
        raise EngineFailed(f"of {size} instances a batch has dealt with {made.done}, and {left} are left")
    return (time.process_time() - spent) / size * 1000
