"""How many instances stand where: counted by the transactions that change them, never by scanning.

An instance counts in the hour and in the day of its start. A window of time is made of whole days, the whole
hours at its two ends, and at most two broken hours, for which the instances themselves are counted by their
index.

Nodes that counted in the same row would wait for each other, so each committer has a slot: a row of its own
beside those of the others, and whoever reads adds them up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from penstock.store.prepared import Prepared
from penstock.store.rows import Counts, Status
from penstock.store.tables import counter, instance

HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
_UNITS: Final = (("day", DAY), ("hour", HOUR))

_ADD: Final = Prepared(
    sa.text(
        "INSERT INTO counter (process_id, version, unit, at, status, slot, instances, cycle_ms) "
        "VALUES (:process_id, :version, :unit, :at, :status, :slot, :instances, :cycle_ms) "
        "ON CONFLICT (process_id, version, unit, at, status, slot) DO UPDATE SET "
        "instances = counter.instances + excluded.instances, cycle_ms = counter.cycle_ms + excluded.cycle_ms"
    )
)

SLOTS: Final = 64
"""Rows that a count may be spread over. Two committers with one slot wait for each other now and then."""

_Key = tuple[str, str, int, Status]


class Changes:
    """What one transaction adds to the counters."""

    def __init__(self) -> None:
        self._instances: dict[_Key, int] = {}
        self._cycle_ms: dict[_Key, int] = {}

    def move(
        self,
        process_id: str,
        version: str,
        started_at: int,
        old: Status | None,
        new: Status,
        cycle_ms: int,
        was_of: tuple[str, str] | None = None,
    ) -> None:
        """Let an instance that started then go from one status to another; `cycle_ms` is how long it took.

        `was_of` is the process and the version that it had before, where it has been migrated.
        """
        if old == new and was_of is None:
            return
        hour = started_at - started_at % HOUR
        key: _Key = (process_id, version, hour, new)
        self._instances[key] = self._instances.get(key, 0) + 1
        if cycle_ms:
            self._cycle_ms[key] = self._cycle_ms.get(key, 0) + cycle_ms
        if old is not None:
            left: _Key = (*(was_of or (process_id, version)), hour, old)
            self._instances[left] = self._instances.get(left, 0) - 1

    def flush(self, connection: sa.Connection, slot: int = 0) -> None:
        """Write what was added, always in the same order of rows."""
        rows: list[dict[str, Any]] = []
        for unit, length in _UNITS:
            merged: dict[_Key, list[int]] = {}
            for (process_id, version, hour, status), instances in self._instances.items():
                key: _Key = (process_id, version, hour - hour % length, status)
                sums = merged.setdefault(key, [0, 0])
                sums[0] += instances
                sums[1] += self._cycle_ms.get((process_id, version, hour, status), 0)
            rows += [
                {
                    "process_id": process_id,
                    "version": version,
                    "unit": unit,
                    "at": at,
                    "status": status,
                    "slot": slot,
                    "instances": instances,
                    "cycle_ms": cycle_ms,
                }
                for (process_id, version, at, status), (instances, cycle_ms) in sorted(merged.items())
                if instances or cycle_ms
            ]
        _ADD.many(connection, rows)


def totals(
    connection: sa.Connection,
    process_id: str,
    version: str | None = None,
    *,
    started_from: int | None = None,
    started_until: int | None = None,
) -> Counts:
    """Count the instances of a process that started in a window of time.

    Arguments:
        version: count this version only.
        started_from: the first moment, inclusive, in epoch milliseconds; None for the very first.
        started_until: the last moment, exclusive; None for the very last.
    """
    sums: dict[str, tuple[int, int]] = {}
    for query in _queries(process_id, version, started_from, started_until):
        for status, instances, cycle_ms in connection.execute(query):
            had = sums.get(status, (0, 0))
            sums[status] = (had[0] + int(instances), had[1] + int(cycle_ms))
    count = {status: instances for status, (instances, _) in sums.items()}
    return Counts(
        count.get("active", 0) + count.get("suspended", 0),
        count.get("incident", 0),
        count.get("completed", 0),
        count.get("cancelled", 0),
        sums.get("completed", (0, 0))[1],
    )


def _queries(
    process_id: str, version: str | None, since: int | None, until: int | None
) -> Iterator[sa.Select[Any]]:
    for unit, start, end in windows(since, until):
        if unit == "instance":
            yield _of_instances(process_id, version, start, end)
        else:
            yield _of_counters(process_id, version, unit, start, end)


def windows(since: int | None, until: int | None) -> Iterator[tuple[str, int | None, int | None]]:
    """Cut a window of time into days, hours and rests: (unit, first moment, last moment exclusive)."""
    if since is not None and until is not None and since >= until:
        return
    first_day, last_day = _up(since, DAY), _down(until, DAY)
    if first_day is not None and last_day is not None and first_day > last_day:
        first_day = last_day  # within one day: hours and rests only
        yield from _hours(since, until)
        return
    yield "day", first_day, last_day
    if since is not None and since != first_day:
        yield from _hours(since, first_day)
    if until is not None and until != last_day:
        yield from _hours(last_day, until)


def _hours(since: int | None, until: int | None) -> Iterator[tuple[str, int | None, int | None]]:
    first, last = _up(since, HOUR), _down(until, HOUR)
    assert first is not None, "hours are counted between two moments"
    assert last is not None, "hours are counted between two moments"
    if first > last:
        yield "instance", since, until
        return
    if first < last:
        yield "hour", first, last
    if since != first:
        yield "instance", since, first
    if until != last:
        yield "instance", last, until


def _up(moment: int | None, unit: int) -> int | None:
    return None if moment is None else -(-moment // unit) * unit


def _down(moment: int | None, unit: int) -> int | None:
    return None if moment is None else moment // unit * unit


def _of_counters(
    process_id: str, version: str | None, unit: str, start: int | None, end: int | None
) -> sa.Select[Any]:
    table = counter.c
    query = (
        sa.select(table.status, sa.func.sum(table.instances), sa.func.sum(table.cycle_ms))
        .where(table.process_id == process_id, table.unit == unit)
        .group_by(table.status)
    )
    if version is not None:
        query = query.where(table.version == version)
    return _between(query, table.at, start, end)


def _of_instances(process_id: str, version: str | None, start: int | None, end: int | None) -> sa.Select[Any]:
    table = instance.c
    query = (
        sa.select(
            table.status,
            sa.func.count(),
            sa.func.sum(sa.func.coalesce(table.ended_at - table.started_at, 0)),
        )
        .where(table.process_id == process_id)
        .group_by(table.status)
    )
    if version is not None:
        query = query.where(table.version == version)
    return _between(query, table.started_at, start, end)


def _between(
    query: sa.Select[Any], column: sa.ColumnElement[int], start: int | None, end: int | None
) -> sa.Select[Any]:
    if start is not None:
        query = query.where(column >= start)
    if end is not None:
        query = query.where(column < end)
    return query
