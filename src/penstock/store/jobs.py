"""Open jobs: who may take which, and until when it is theirs.

`available_at` is the one column behind waiting and leasing: the end of a backoff, or of a worker's lease. A
job whose lease has run out is simply available again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import sqlalchemy as sa

from penstock.store.held import HELD
from penstock.store.parts import part_of
from penstock.store.prepared import Prepared
from penstock.store.rows import JobRow
from penstock.store.tables import job
from penstock.store.waits import WaitTable

TABLE: Final = WaitTable(job, ("retries", "tries", "available_at", "worker", "element"))


def _held_as_before(moment: str) -> sa.ColumnElement[int]:
    """Give the moment of this name, held where the job's instance is suspended."""
    held = sa.case((job.c.available_at >= HELD, HELD), else_=0)
    return sa.bindparam(moment, type_=sa.BigInteger) + held


COLUMNS: Final = [job.c[name] for name in JobRow.__struct_fields__]
_INSTANCE: Final = (job.c.part == sa.bindparam("part"), job.c.instance_id == sa.bindparam("instance_id"))
_FIND: Final = Prepared(sa.select(*COLUMNS).where(*_INSTANCE, job.c.key == sa.bindparam("key")))
_LOCK: Final = Prepared(
    sa.select(*COLUMNS).where(*_INSTANCE, job.c.key == sa.bindparam("key")).with_for_update()
)
_OF_INSTANCE: Final = Prepared(sa.select(*COLUMNS).where(*_INSTANCE).order_by(job.c.key))
_AVAILABLE: Final = Prepared(
    sa.select(*COLUMNS)
    .where(job.c.type == sa.bindparam("type"), job.c.available_at <= sa.bindparam("now"))
    .order_by(job.c.available_at)
    .limit(sa.bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_THAT: Final = (
    job.c.part == sa.bindparam("b_part"),
    job.c.instance_id == sa.bindparam("b_instance_id"),
    job.c.key == sa.bindparam("b_key"),
)
"""One job, in a statement whose values have names of their own."""
_OF_WORKER: Final = (*_THAT, job.c.worker == sa.bindparam("of"))
_LEASE: Final = Prepared(
    sa.update(job).where(*_THAT).values(available_at=_held_as_before("until"), worker=sa.bindparam("by"))
)
_RENEW: Final = Prepared(sa.update(job).where(*_OF_WORKER).values(available_at=_held_as_before("until")))
_GIVE_BACK: Final = Prepared(
    sa.update(job).where(*_OF_WORKER).values(available_at=_held_as_before("now"), worker=sa.null())
)
_RENEW_LIVE: Final = Prepared(
    sa.update(job)
    .where(*_OF_WORKER, job.c.available_at > sa.bindparam("now"))
    .values(available_at=_held_as_before("until"))
)
"""For a job whose place another one gets when its lease has run out."""
_RELEASE: Final = Prepared(
    sa.update(job)
    .where(job.c.worker == sa.bindparam("of"))
    .values(available_at=_held_as_before("now"), worker=sa.null())
)


def find(connection: sa.Connection, instance_id: str, key: int) -> JobRow | None:
    """Give an open job, None where it is not open (any longer)."""
    row = _FIND.one(connection, {"part": part_of(instance_id), "instance_id": instance_id, "key": key})
    return None if row is None else JobRow(*row)


def lock(connection: sa.Connection, instance_id: str, key: int) -> JobRow | None:
    """Give an open job, None where it is not open, and let nobody else take it meanwhile."""
    row = _LOCK.one(connection, {"part": part_of(instance_id), "instance_id": instance_id, "key": key})
    return None if row is None else JobRow(*row)


def of_instance(connection: sa.Connection, instance_id: str) -> list[JobRow]:
    """Give the open jobs of an instance, in the order in which they were opened."""
    values = {"part": part_of(instance_id), "instance_id": instance_id}
    return [JobRow(*row) for row in _OF_INSTANCE.run(connection, values)]


def lease(
    connection: sa.Connection, types: Sequence[str], *, limit: int, now: int, until: int, worker: str
) -> list[JobRow]:
    """Give available jobs of these types to a worker until a moment, those that waited longest first.

    Those that somebody else is just taking or ending are passed over.
    """
    found: list[JobRow] = []
    for type_ in types:
        if len(found) < limit:
            values = {"type": type_, "now": now, "limit": limit - len(found)}
            found += [JobRow(*row) for row in _AVAILABLE.run(connection, values)]
    for row in found:
        extend(connection, row.instance_id, row.key, until=until, worker=worker)
    return found


def extend(connection: sa.Connection, instance_id: str, key: int, *, until: int, worker: str | None) -> None:
    """Let a worker have an open job until a moment (epoch milliseconds); None has it available from then."""
    values = {"b_part": part_of(instance_id), "b_instance_id": instance_id, "b_key": key}
    _LEASE.do(connection, values | {"until": until, "by": worker})


def renew(
    connection: sa.Connection,
    keys: Iterable[tuple[str, int]],
    *,
    until: int,
    worker: str,
    now: int | None = None,
) -> None:
    """Let a worker have those of the jobs that it still has until a moment (epoch milliseconds).

    Arguments:
        now: where those whose leases have run out are not to be had again; None where they are.
    """
    rows = [
        {"b_part": part_of(id), "b_instance_id": id, "b_key": key, "until": until, "of": worker, "now": now}
        for id, key in sorted(keys)
    ]
    (_RENEW if now is None else _RENEW_LIVE).many(connection, rows)


def give_back(connection: sa.Connection, keys: Iterable[tuple[str, int]], *, now: int, worker: str) -> None:
    """Make those of the jobs available that a worker still has."""
    rows = [
        {"b_part": part_of(id), "b_instance_id": id, "b_key": key, "now": now, "of": worker}
        for id, key in sorted(keys)
    ]
    _GIVE_BACK.many(connection, rows)


def release(connection: sa.Connection, worker: str, now: int) -> None:
    """Make every job that a worker holds available."""
    _RELEASE.do(connection, {"of": worker, "now": now})


def leased(connection: sa.Connection, *, now: int, limit: int) -> list[JobRow]:
    """Give the jobs that workers have at this moment (epoch ms), by their workers."""
    query = (
        sa.select(*COLUMNS)
        .where(job.c.worker.is_not(None), job.c.available_at > now, job.c.available_at < HELD)
        .order_by(job.c.worker, job.c.available_at)
        .limit(limit)
    )
    return [JobRow(*row) for row in connection.execute(query)]
