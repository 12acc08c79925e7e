"""Service levels of jobs: who leases one of a limited type has the type alone, and counts what is leased.

There is a row for each limited type. It is locked by whoever leases or renews there until the end of the
transaction, and it keeps the latest time at which somebody did, so that the clocks of nodes that differ by
some milliseconds cannot disagree on which leases have run out. A type without a limit has no row, and is
leased as if there were no limits.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from penstock.levels import AGE_MS, Levels, Rate, TaskLevel
from penstock.store import jobs
from penstock.store.held import HELD
from penstock.store.prepared import Prepared
from penstock.store.rows import JobRow
from penstock.store.tables import job, job_level

_STEPS: Final = 100
"""Starts are counted in so many parts of a rate's period: what begins in one counts as begun at its end."""

_NO_LIMIT: Final = 1 << 40

_HAVE: Final = Prepared(
    sa.text(
        "INSERT INTO job_level (type, at, starts) VALUES (:type, :at, '[]') "
        "ON CONFLICT (type) DO UPDATE SET at = "
        "CASE WHEN job_level.at < excluded.at THEN excluded.at ELSE job_level.at END "
        "RETURNING at, starts"
    )
)
_STARTED: Final = Prepared(
    sa.update(job_level)
    .where(job_level.c.type == sa.bindparam("b_type"))
    .values(starts=sa.bindparam("new_starts"))
)
_AVAILABLE_AT: Final = job.c.available_at
_now: Final = sa.bindparam("now", type_=sa.BigInteger)
_LEASED: Final = Prepared(
    sa.select(
        sa.func.count(),
        sa.func.min(sa.case((_AVAILABLE_AT >= HELD, _AVAILABLE_AT - HELD), else_=_AVAILABLE_AT)),
    ).where(
        job.c.type == sa.bindparam("type"),
        _now < _AVAILABLE_AT,
        sa.or_(_AVAILABLE_AT < HELD, _now + HELD < _AVAILABLE_AT),
        job.c.worker.is_not(None),
    )
)
_RANKED: Final = Prepared(
    sa.select(*jobs.COLUMNS, job.c.rank)
    .where(job.c.type == sa.bindparam("type"), job.c.rank.is_not(None), _now >= _AVAILABLE_AT)
    .order_by(job.c.rank)
    .limit(sa.bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_UNRANKED: Final = Prepared(
    sa.select(*jobs.COLUMNS, _AVAILABLE_AT)
    .where(job.c.type == sa.bindparam("type"), job.c.rank.is_(None), _now >= _AVAILABLE_AT)
    .order_by(_AVAILABLE_AT)
    .limit(sa.bindparam("limit"))
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Leased:
    """The jobs that were leased, and which types have as many as may be."""

    rows: list[JobRow]
    full: Mapping[str, int] = field(default_factory=dict)
    """By type, the moment (epoch ms) at which there will be room again if nothing ends before."""


@dataclass(slots=True)
class _Room:
    """What the limits of a type leave."""

    level: TaskLevel
    now: int
    places: int
    """How many more may run."""
    next_end: int
    """When the next lease ends (epoch ms)."""
    begins: int
    """How many more may begin."""
    starts: list[tuple[int, int]]
    """How many have begun, each with until when (epoch ms) that counts."""

    @property
    def free(self) -> int:
        """How many jobs may be leased."""
        return max(0, min(self.places, self.begins))

    def take(self) -> None:
        """Let one begin."""
        self.places -= 1
        self.begins -= 1

    @property
    def until(self) -> int:
        """When there is room again if nothing ends before (epoch ms)."""
        until = self.now + 1
        if self.places <= 0:
            until = max(until, self.next_end)
        if self.begins <= 0 and self.starts:
            until = max(until, self.starts[0][0])
        return until


def rank(priority: int, now: int) -> int | None:
    """Give since when (epoch ms) a job counts as having waited; None where that is the real moment."""
    return now - priority * AGE_MS if priority else None


def lease(
    connection: sa.Connection,
    types: Sequence[str],
    levels: Levels,
    *,
    limit: int,
    now: int,
    lease_ms: int,
    worker: str,
) -> Leased:
    """Give available jobs of these types to a worker, the highest rank first, as far as they may run.

    Rank goes by priority and by how long a job has waited, so every job has its turn. Those that somebody
    else is just taking or ending are passed over.
    """
    limited = sorted(type_ for type_ in set(types) if levels.limit_of(type_))
    if not limited and not levels.ordered:
        until = now + lease_ms
        return Leased(jobs.lease(connection, types, limit=limit, now=now, until=until, worker=worker))
    rooms = {type_: _room(connection, type_, levels.tasks[type_], now, lease_ms) for type_ in limited}
    now = max((now, *(room.now for room in rooms.values())))
    chosen = _choose(connection, types, rooms, limit, now)
    for row in chosen:
        jobs.extend(connection, row.instance_id, row.key, until=now + lease_ms, worker=worker)
    for type_, room in rooms.items():
        _note_starts(connection, type_, room, sum(row.type == type_ for row in chosen))
    return Leased(chosen, {type_: room.until for type_, room in rooms.items() if not room.free})


def have(connection: sa.Connection, types: Collection[str], now: int) -> int:
    """Have limited types alone until the transaction ends; give the time (epoch ms) that holds for them."""
    rows = [_HAVE.one(connection, {"type": type_, "at": now}) for type_ in sorted(set(types))]
    times: list[int] = [row[0] for row in rows if row is not None]
    return max(now, *times) if times else now


def _choose(
    connection: sa.Connection, types: Sequence[str], rooms: Mapping[str, _Room], limit: int, now: int
) -> list[JobRow]:
    """Give the jobs to lease, by their rank, and take their places from the rooms."""
    found: list[tuple[int, JobRow]] = []
    for type_ in dict.fromkeys(types):
        room = rooms.get(type_)
        values = {"type": type_, "now": now, "limit": limit if room is None else min(limit, room.free)}
        if values["limit"]:
            rows = [*_RANKED.run(connection, values), *_UNRANKED.run(connection, values)]
            found += [(since, JobRow(*row)) for *row, since in rows]
    found.sort(key=lambda it: it[0])
    chosen: list[JobRow] = []
    for _, row in found:
        room = rooms.get(row.type)
        if len(chosen) < limit and (room is None or room.free):
            chosen.append(row)
            if room is not None:
                room.take()
    return chosen


def _room(connection: sa.Connection, type_: str, level: TaskLevel, now: int, lease_ms: int) -> _Room:
    row = _HAVE.one(connection, {"type": type_, "at": now})
    assert row is not None, "it is made where it is missing"
    now = row[0]
    room = _Room(level, now, _NO_LIMIT, now + lease_ms, _NO_LIMIT, [])
    if level.concurrency is not None:
        count = _LEASED.one(connection, {"type": type_, "now": now})
        assert count is not None, "a count has a row"
        room.places = level.concurrency - count[0]
        room.next_end = min(room.next_end, count[1] or room.next_end)
    if level.rate is not None:
        room.starts = [(end, number) for end, number in json.loads(row[1]) if end > now]
        room.begins = level.rate.number - sum(number for _, number in room.starts)
    return room


def _note_starts(connection: sa.Connection, type_: str, room: _Room, begun: int) -> None:
    """Note how many jobs of a type with a rate begin now."""
    rate = room.level.rate
    if rate is None or not begun:
        return
    end = _end(room.now, rate)
    if room.starts and room.starts[-1][0] == end:
        begun += room.starts.pop()[1]
    room.starts.append((end, begun))
    _STARTED.do(connection, {"b_type": type_, "new_starts": json.dumps(room.starts)})


def _end(now: int, rate: Rate) -> int:
    """Give until when a start counts: for a period after the last moment of the part of it that now is in."""
    part = max(1, rate.period // _STEPS)
    return (now // part + 1) * part - 1 + rate.period
