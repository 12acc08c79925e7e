"""What comes when many wait: one message among a million, one signal to all, all timers at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from benchmarks.engine import ACTOR, Engine, EngineFailed, running
from benchmarks.figures import Measure
from benchmarks.workloads import AWAIT_MESSAGE, AWAIT_SIGNAL, AWAIT_TIMER, Workload
from penstock.runtime.requests import BroadcastSignal, PublishMessage
from penstock.store import instances, timers
from penstock.store.instances import Conditions
from penstock.store.tables import subscription, timer

WAITING = 100_000
QUICK_WAITING = 10_000
FEW = 1_000
AT_ONCE = 2_000
"""Starts that are in flight while the store is filled."""

CROWD = 10
"""So many times as many wait for a message as for a signal."""

CHUNK = 20_000
MESSAGES = 200
PATIENCE_SECONDS = 600.0
PROBE_SECONDS = 0.05

STARVED_MS = 1_000.0
"""No longer may others have to wait: a few transactions."""

TIMERS_SECONDS = 60.0
"""Those that are due in one minute are fired within one."""

LOOK_UP_BOUND = 1.5
"""No more for one among many, within what two halves of one run differ by."""


def measure(folder: Path, quick: bool) -> Iterator[Measure]:
    """Let instances wait, and send them messages and a signal.

    Raises:
        EngineFailed: somebody did not get what was sent.
    """
    yield from asyncio.run(_measured(folder, QUICK_WAITING if quick else WAITING))


async def _measured(folder: Path, waiting: int) -> list[Measure]:
    async with running(folder / "outside.db", (AWAIT_MESSAGE, AWAIT_SIGNAL, AWAIT_TIMER)) as engine:
        return [found async for found in _measures(engine, waiting)]


async def _measures(engine: Engine, waiting: int) -> AsyncIterator[Measure]:
    await fill(engine, AWAIT_MESSAGE, 0, FEW)
    among_few = await _messages(engine, 0)
    crowd = CROWD * waiting
    await _crowd(engine, crowd)
    among_many = await _messages(engine, MESSAGES)
    yield Measure(f"a message among {FEW:,} who wait: CPU", among_few, "ms")
    yield Measure(f"a message among {crowd:,} who wait: CPU", among_many, "ms")
    yield Measure("a message among many over few", among_many / among_few, "times", LOOK_UP_BOUND)
    await fill(engine, AWAIT_SIGNAL, 0, waiting)
    waits: list[float] = []
    async with probed(engine, waits):
        began, spent = time.perf_counter(), time.process_time()
        signal = BroadcastSignal("storm", {})
        received = await engine.runtime.broadcast(signal, actor=ACTOR, wait_s=PATIENCE_SECONDS)
        took, cpu = time.perf_counter() - began, time.process_time() - spent
    wanted = Conditions(process_id=AWAIT_SIGNAL.process_id, status=["active"])
    left = await engine.runtime.read(instances.search, wanted)
    if received.receivers != waiting or left:
        raise EngineFailed(f"of {waiting} who wait for the signal, {len(left)} or more still do")
    yield Measure(f"a signal to {waiting:,} who wait", took, "s")
    yield Measure(f"a signal to {waiting:,} who wait: CPU", cpu / waiting * 1000, "ms each")
    yield Measure("the longest that a message meanwhile had to wait", max(waits), "ms", STARVED_MS)
    async for found in _timers(engine, waiting):
        yield found


async def _timers(engine: Engine, waiting: int) -> AsyncIterator[Measure]:
    """Let the timers of all those who wait be due at once."""
    await fill(engine, AWAIT_TIMER, 0, waiting)
    due = sa.update(timer).values(due_at=engine.runtime.clock.now())
    await asyncio.wrap_future(engine.runtime.dispatcher.transact(lambda writer: writer.execute(due)))
    waits: list[float] = []
    async with probed(engine, waits):
        began, spent = time.perf_counter(), time.process_time()
        while await engine.runtime.read(timers.next_due) is not None:
            await asyncio.sleep(PROBE_SECONDS)
        took, cpu = time.perf_counter() - began, time.process_time() - spent
    wanted = Conditions(process_id=AWAIT_TIMER.process_id, status=["active"])
    left = await engine.runtime.read(instances.search, wanted)
    if left:
        raise EngineFailed(f"of {waiting} whose timers were due, {len(left)} or more still wait")
    yield Measure(f"{waiting:,} timers due at once: all fired", took, "s", TIMERS_SECONDS)
    yield Measure(f"{waiting:,} timers due at once: CPU", cpu / waiting * 1000, "ms each")
    yield Measure("the longest that a message meanwhile had to wait for them", max(waits), "ms", STARVED_MS)


async def fill(engine: Engine, workload: Workload, first: int, last: int) -> None:
    """Start instances, with a number of their own as `order`."""
    for at in range(first, last, AT_ONCE):
        await asyncio.gather(
            *(engine.start(workload, order=number) for number in range(at, min(last, at + AT_ONCE)))
        )


async def _crowd(engine: Engine, size: int) -> None:
    """Let so many more wait for the message under keys of their own: copies of one who really does."""
    for first in range(0, size, CHUNK):
        numbers = range(first, min(first + CHUNK, size))
        await asyncio.wrap_future(engine.runtime.dispatcher.transact(partial(_copy, numbers)))


def _copy(numbers: range, connection: sa.Connection) -> None:
    columns = [column for column in subscription.c if column.name != "id"]
    model = dict(connection.execute(sa.select(*columns).limit(1)).mappings().one())
    rows = [
        {**model, "instance_id": f"copy-{number}", "correlation_key": f"copy-{number}"} for number in numbers
    ]
    connection.execute(sa.insert(subscription), rows)


async def _messages(engine: Engine, first: int) -> float:
    """Send messages to so many of those who wait, and give the CPU of each in ms."""
    spent = time.process_time()
    for number in range(first, first + MESSAGES):
        message = PublishMessage("paid", str(number), {})
        received = await engine.runtime.receive(message, actor=ACTOR)
        if len(received.correlated) != 1:
            raise EngineFailed(f"the message with the key {number} has found {received.correlated}")
    return (time.process_time() - spent) / MESSAGES * 1000


@asynccontextmanager
async def probed(engine: Engine, waits: list[float]) -> AsyncIterator[None]:
    """Send a message for nobody now and then meanwhile, and note how long each takes in ms."""
    probe = asyncio.create_task(_probe(engine, waits))
    try:
        yield
    finally:
        probe.cancel()


async def _probe(engine: Engine, waits: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await engine.runtime.receive(PublishMessage("paid", "nobody", {}), actor=ACTOR)
        waits.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(PROBE_SECONDS)
