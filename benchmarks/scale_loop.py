"""Whether a step costs more when the instance is old: a loop of 10,000 rounds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.engine import Engine, expect_end, running
from benchmarks.figures import Measure
from benchmarks.workloads import loop, loop_with_wait

ROUNDS = 10_000
QUICK_ROUNDS = 2_000
PARTS = 10
"""The first and the last of so many parts of the rounds are compared."""

STEPS_A_ROUND = 20
"""More than one round takes, for the bound that the server sets to loops without a wait."""

BOUND = 1.2


def measure(folder: Path, quick: bool) -> Iterator[Measure]:
    """Run one instance with a user task in each round, and some that run through by themselves.

    Raises:
        EngineFailed: an instance did not come to its end.
    """
    yield from asyncio.run(_measure(folder, QUICK_ROUNDS if quick else ROUNDS))


async def _measure(folder: Path, rounds: int) -> list[Measure]:
    few = rounds // PARTS
    workloads = (loop_with_wait(rounds), loop(rounds))
    async with running(folder / "loop.db", workloads, loop_limit=STEPS_A_ROUND * rounds) as engine:
        parts = await _with_wait(engine, rounds)
        await _through(engine, few)  # warms up
        short, long = await _through(engine, few), await _through(engine, rounds)
    first, last = parts[0], parts[-1]
    return [
        Measure(f"a user task a round, first {few:,} of {rounds:,} rounds: CPU", first, "ms a round"),
        Measure(f"a user task a round, last {few:,} of {rounds:,} rounds: CPU", last, "ms a round"),
        Measure("a user task a round, last rounds over first", last / first, "times", BOUND),
        Measure(f"a loop without a wait, {few:,} rounds: CPU", short, "ms a round"),
        Measure(f"a loop without a wait, {rounds:,} rounds: CPU", long, "ms a round"),
        Measure("a loop without a wait, long over short", long / short, "times", BOUND),
    ]


async def _with_wait(engine: Engine, rounds: int) -> list[float]:
    """Give the CPU, in ms a round, of each part of one long instance.

    Keys come from a counter in the instance, so each round's task has keys so much higher than the last
    round's; a wrong key would be refused.
    """
    workload = loop_with_wait(rounds)
    instance_id = (await engine.start(workload)).id
    first = await engine.open_task(instance_id)
    await engine.complete(instance_id, first)
    second = await engine.open_task(instance_id)
    step = second.key - first.key
    spent: list[float] = []
    for number in range(1, rounds):
        began = time.process_time()
        keys = {"owner": first.owner + number * step, "key": first.key + number * step}
        row = await engine.complete(instance_id, msgspec.structs.replace(first, **keys))
        spent.append((time.process_time() - began) * 1000)
    expect_end(row, workload)
    # The median round of a part, since what else the machine does makes some rounds dearer.
    size = rounds // PARTS
    return [median(spent[at : at + size]) for at in range(0, len(spent), size)]


async def _through(engine: Engine, rounds: int) -> float:
    """Give the CPU, in ms a round, of a loop that one start runs to its end."""
    workload = loop(rounds)
    began = time.process_time()
    row = await engine.start(workload)
    row = await engine.settled(row.id)
    spent = time.process_time() - began
    expect_end(row, workload)
    return spent / rounds * 1000
