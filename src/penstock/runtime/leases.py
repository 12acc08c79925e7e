"""Jobs for workers elsewhere: leased, leased for longer, and given back; each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from penstock.kernel import Rejected
from penstock.runtime.clock import Clock
from penstock.runtime.definitions import Definitions
from penstock.runtime.jobs import ActivatedJob, Names, activated
from penstock.store import jobs
from penstock.store.rows import JobRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which jobs a worker wants to have."""

    types: Sequence[str]
    limit: int
    lease_ms: int
    worker: str
    names: Names
    """Which variables they are to come with; None for all that their tasks see."""


def lease(
    connection: sa.Connection, definitions: Definitions, clock: Clock, wanted: Wanted
) -> list[ActivatedJob]:
    """Lease available jobs to a worker."""
    now = clock.now()
    until = now + wanted.lease_ms
    rows = jobs.lease(
        connection, wanted.types, limit=wanted.limit, now=now, until=until, worker=wanted.worker
    )
    return activated(connection, definitions, rows, lambda _type: wanted.names)


def extend(
    connection: sa.Connection, clock: Clock, instance_id: str, key: int, lease_ms: int, worker: str | None
) -> JobRow:
    """Let the worker of a job have it for so many more milliseconds from now.

    Raises:
        Rejected: the job is not open, nobody has leased it, or another worker has.
    """
    row = _held(connection, instance_id, key, worker)
    jobs.extend(connection, instance_id, key, until=clock.now() + lease_ms, worker=row.worker)
    return row


def give_back(connection: sa.Connection, clock: Clock, instance_id: str, key: int, worker: str) -> JobRow:
    """Make a job that a worker has leased available at once.

    Raises:
        Rejected: the job is not open, or the worker has it no longer.
    """
    row = _held(connection, instance_id, key, worker)
    jobs.extend(connection, instance_id, key, until=clock.now(), worker=None)
    return row


def _held(connection: sa.Connection, instance_id: str, key: int, worker: str | None) -> JobRow:
    """Give an open job that the worker has leased, or, with None, that anyone has; and lock it."""
    row = jobs.lock(connection, instance_id, key)
    if row is None:
        raise Rejected("not_found", f"job {instance_id}.{key} is no longer open")
    if row.worker is None:
        raise Rejected("conflict", f"job {instance_id}.{key} is leased to nobody")
    if worker not in (None, row.worker):
        raise Rejected("conflict", f"job {instance_id}.{key} is leased to another worker")
    return row
