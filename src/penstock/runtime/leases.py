"""Jobs for workers elsewhere: leased, leased for longer, and given back; each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from penstock.kernel import Rejected
from penstock.levels import Levels
from penstock.runtime.clock import Clock
from penstock.runtime.definitions import Definitions
from penstock.runtime.jobs import ActivatedJob, Names, activated
from penstock.store import held, jobs, levels
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
    connection: sa.Connection, definitions: Definitions, clock: Clock, limits: Levels, wanted: Wanted
) -> list[ActivatedJob]:
    """Lease available jobs to a worker, as far as their types may have so many."""
    found = levels.lease(
        connection,
        wanted.types,
        limits,
        limit=wanted.limit,
        now=clock.now(),
        lease_ms=wanted.lease_ms,
        worker=wanted.worker,
    )
    return activated(connection, definitions, found.rows, lambda _type: wanted.names)


def extend(
    connection: sa.Connection,
    clock: Clock,
    limits: Levels,
    instance_id: str,
    key: int,
    lease_ms: int,
    worker: str | None,
) -> JobRow:
    """Let the worker of a job have it for so many more milliseconds from now.

    Raises:
        Rejected: the job is not open, nobody has leased it, or another worker has; or its lease has run out,
            and its type is limited, so that another job may have its place.
    """
    now = clock.now()
    row = jobs.find(connection, instance_id, key) if limits.tasks else None
    limited = row is not None and limits.limit_of(row.type) is not None
    if row is not None and limited:
        now = levels.have(connection, [row.type], now)
    row = _held(connection, instance_id, key, worker)
    if limited and held.real(row.available_at) <= now:
        raise Rejected("conflict", f"the lease of job {instance_id}.{key} has run out: activate it again")
    jobs.extend(connection, instance_id, key, until=now + lease_ms, worker=row.worker)
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
