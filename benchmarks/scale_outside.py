"""What messages and signals cost with many who wait: one message among all, one signal to all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from benchmarks.engine import ACTOR, Engine, EngineFailed, running
from benchmarks.figures import Measure
from benchmarks.workloads import AWAIT_MESSAGE, AWAIT_SIGNAL, Workload
from penstock.runtime.requests import BroadcastSignal, PublishMessage
from penstock.store import instances

WAITING = 100_000
QUICK_WAITING = 10_000
FEW = 1_000
AT_ONCE = 2_000
"""Starts that are in flight while the store is filled."""

MESSAGES = 200
PATIENCE_SECONDS = 600.0
PROBE_SECONDS = 0.05

LOOK_UP_BOUND = 1.5
"""No more for one among many, within what two halves of one run differ by."""


def measure(folder: Path, quick: bool) -> Iterator[Measure]:
    """Let instances wait, and send them messages and a signal.

    Raises:
        EngineFailed: somebody did not get what was sent.
    """
    yield from asyncio.run(_measured(folder, QUICK_WAITING if quick else WAITING))


async def _measured(folder: Path, waiting: int) -> list[Measure]:
    async with running(folder / "outside.db", (AWAIT_MESSAGE, AWAIT_SIGNAL)) as engine:
        return [found async for found in _measures(engine, waiting)]


async def _measures(engine: Engine, waiting: int) -> AsyncIterator[Measure]:
    await _fill(engine, AWAIT_MESSAGE, 0, FEW)
    among_few = await _messages(engine, 0)
    await _fill(engine, AWAIT_MESSAGE, FEW, waiting)
    among_many = await _messages(engine, MESSAGES)
    yield Measure(f"a message among {FEW:,} who wait: CPU", among_few, "ms")
    yield Measure(f"a message among {waiting:,} who wait: CPU", among_many, "ms")
    yield Measure("a message among many over few", among_many / among_few, "times", LOOK_UP_BOUND)
    await _fill(engine, AWAIT_SIGNAL, 0, waiting)
    waits: list[float] = []
    probe = asyncio.create_task(_probe(engine, waits))
    began, spent = time.perf_counter(), time.process_time()
    signal = BroadcastSignal("storm", {})
    received = await engine.runtime.broadcast(signal, actor=ACTOR, wait_s=PATIENCE_SECONDS)
    took, cpu = time.perf_counter() - began, time.process_time() - spent
    probe.cancel()
    left = await engine.runtime.read(instances.search, process_id=AWAIT_SIGNAL.process_id, status=["active"])
    if received.receivers != waiting or left:
        raise EngineFailed(f"of {waiting} who wait for the signal, {len(left)} or more still do")
    yield Measure(f"a signal to {waiting:,} who wait", took, "s")
    yield Measure(f"a signal to {waiting:,} who wait: CPU", cpu / waiting * 1000, "ms each")
    yield Measure("the longest that a message meanwhile had to wait", max(waits), "ms")


async def _fill(engine: Engine, workload: Workload, first: int, last: int) -> None:
    for at in range(first, last, AT_ONCE):
        await asyncio.gather(
            *(engine.start(workload, order=number) for number in range(at, min(last, at + AT_ONCE)))
        )


async def _messages(engine: Engine, first: int) -> float:
    """Send messages to so many of those who wait, and give the CPU of each in ms."""
    spent = time.process_time()
    for number in range(first, first + MESSAGES):
        message = PublishMessage("paid", str(number), {})
        received = await engine.runtime.receive(message, actor=ACTOR)
        if len(received.correlated) != 1:
            raise EngineFailed(f"the message with the key {number} has found {received.correlated}")
    return (time.process_time() - spent) / MESSAGES * 1000


async def _probe(engine: Engine, waits: list[float]) -> None:
    """Send a message for nobody now and then, and note how long each takes in ms."""
    while True:
        began = time.perf_counter()
        await engine.runtime.receive(PublishMessage("paid", "nobody", {}), actor=ACTOR)
        waits.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(PROBE_SECONDS)
