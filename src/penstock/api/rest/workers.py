"""The workers outside the server: who asks for jobs, and what each has at the moment."""

from __future__ import annotations

from typing import Final

from penstock.api.http import Call, Reply
from penstock.api.keys import join_key
from penstock.api.queries import NoQuery
from penstock.api.rest.values import Shape
from penstock.api.times import iso, iso_or_none
from penstock.runtime.runtime import RUNNER
from penstock.runtime.workers_seen import SeenWorker
from penstock.store import jobs
from penstock.store.rows import JobRow

MOST_JOBS: Final = 1_000


class LeasedJob(Shape, frozen=True):
    """A job that a worker has."""

    key: str
    type: str
    element: str
    process_instance: str
    until: str
    """When it goes to another worker if this one says nothing."""


class Worker(Shape, frozen=True):
    """A worker."""

    name: str
    """What it calls itself."""
    types: list[str]
    """The types of jobs that it asked for the last time, or has."""
    seen_at: str | None
    """When it last asked this node; null where it asks another one, or has not since this one was started."""
    jobs: list[LeasedJob]
    """What it has at the moment, whichever node gave it that."""


async def get(call: Call[NoQuery, None]) -> Reply:
    """Give the workers by name: who has asked this node for jobs, and whoever has some."""
    leased = await call.runtime.read(jobs.leased, now=call.runtime.clock.now(), limit=MOST_JOBS)
    having: dict[str, list[JobRow]] = {}
    for row in leased:
        # What the nodes run themselves is told by the functions.
        if row.worker is not None and row.worker.partition(" ")[0] != RUNNER:
            having.setdefault(row.worker, []).append(row)
    seen = {it.name: it for it in call.runtime.workers.all()}
    return Reply(
        [_shown(name, seen.get(name), having.get(name, [])) for name in sorted(having.keys() | seen.keys())]
    )


def _shown(name: str, seen: SeenWorker | None, has: list[JobRow]) -> Worker:
    asked = () if seen is None else seen.types
    return Worker(
        name,
        sorted({*asked, *(row.type for row in has)}),
        iso_or_none(None if seen is None else seen.seen_at),
        [_job(row) for row in has],
    )


def _job(row: JobRow) -> LeasedJob:
    key = join_key(row.instance_id, row.key)
    return LeasedJob(key, row.type, row.element, row.instance_id, iso(row.available_at))
