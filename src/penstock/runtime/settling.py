"""Waiting until an instance has ended or has nothing to do but wait.

What commits here tells whoever waits, in most cases without a look into the database. What another node does
is found by looking.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, Protocol

from penstock.runtime.jobs import JobRunner
from penstock.runtime.resting import CALLS_POLL_S, Rest, no_instance, rest_of
from penstock.runtime.watching import Watch
from penstock.store import instances
from penstock.store.rows import InstanceRow

LONGEST_POLL_S: Final = 1.0
"""Whoever has waited for long looks this seldom."""


class Read(Protocol):
    """Runs a query in one snapshot."""

    def __call__(self, query: Callable[..., Any], /, *args: Any) -> Awaitable[Any]:
        """Run it with these arguments behind the connection."""
        ...


async def settled(
    watch: Watch, instance_id: str, timeout_s: float, *, poll_s: float, read: Read, runner: JobRunner
) -> InstanceRow:
    """Wait until an instance that is watched is settled, for at most so many seconds, and give it.

    Arguments:
        poll_s: after how many seconds it is looked for the first time for what another node has done.
        runner: does the jobs here.

    Raises:
        Rejected: there is no such instance.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    look = partial(read, rest_of, instance_id, frozenset(runner.functions))
    told = True
    while True:
        seen = watch.seen if told else None
        rest = await look() if seen is None else seen.rest
        now = clock()
        if rest is Rest.SETTLED or now >= began + timeout_s:
            break
        poll = CALLS_POLL_S if rest is Rest.CALLS else max(poll_s, min(now - began, LONGEST_POLL_S))
        told = await watch.wait(min(began + timeout_s - now, poll))
        # What this node has in hand it will be told of.
        told = told or (
            watch.seen is not None and watch.seen.job is not None and runner.holds(watch.seen.job)
        )
    row: InstanceRow | None = await read(instances.find, instance_id) if seen is None else seen.row
    if row is None:
        raise no_instance(instance_id)
    return row
