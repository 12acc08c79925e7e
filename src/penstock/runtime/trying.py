"""One run of a function for somebody who wants to see what it does."""

from __future__ import annotations

import asyncio

from penstock.kernel.definition import Value
from penstock.workers.api import Job
from penstock.workers.pool import FunctionPool
from penstock.workers.protocol import Call, Outcome, Withdrawn

LONGEST_MS = 60_000
"""How long a function that is tried may run, whatever its own limit is."""


async def trial(pool: FunctionPool, name: str, variables: dict[str, Value], id: str) -> Outcome | None:
    """Run a function for a job that is no instance's; None where every place of the pool is taken.

    Arguments:
        id: stands for the key of the job, and so for its idempotency key.
    """
    if not pool.idle:
        return None
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Outcome | None] = loop.create_future()

    def answer(outcome: Outcome | Withdrawn) -> None:
        if not future.done():  # whoever asked may have gone
            future.set_result(None if isinstance(outcome, Withdrawn) else outcome)

    def report(outcome: Outcome | Withdrawn) -> None:
        loop.call_soon_threadsafe(answer, outcome)

    job = Job(key=id, idempotency_key=id, instance_id="", element_id="")
    limit_ms = min(pool.limit_ms(name, None), LONGEST_MS)
    pool.submit(Call(name, dict(variables), job, limit_ms), report)
    return await future
