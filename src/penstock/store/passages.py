"""What instances, elements and flows went through: counted by the transaction in which it happened.

Instances that completed and incidents are counted by the hour, elements and flows by the day. How long
something took falls into a bucket; each is a fourth of a power of two wide, so that a percentile is right
within a tenth. Nothing is found by looking at instances.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
import sqlalchemy as sa

from penstock.kernel import events as e
from penstock.store.counters import DAY, HOUR
from penstock.store.prepared import Prepared
from penstock.store.tables import counter, passage

What = Literal["instance", "element", "flow", "incident"]

STEPS: Final = 4
"""Buckets in which a duration doubles."""
LAST_BUCKET: Final = 180
"""The bucket of all that took more than 800 years."""

_KEY: Final = ("process_id", "what", "at", "version", "element", "bucket", "slot")
_ADD: Final = Prepared(
    sa.text(
        f"INSERT INTO passage ({', '.join(_KEY)}, number, total_ms) "
        f"VALUES ({', '.join(f':{name}' for name in _KEY)}, :number, :total_ms) "
        f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET "
        "number = passage.number + excluded.number, total_ms = passage.total_ms + excluded.total_ms"
    )
)

_Key = tuple[str, str, int, str, str, int]


def bucket_of(ms: int) -> int:
    """Give the bucket of a duration: 0 for none, then four for each power of two."""
    if ms < 1:
        return 0
    whole = ms.bit_length() - 1
    # How often the fourth power of what is over the power of two reaches a power of two: exact, in integers.
    over = (ms**STEPS >> STEPS * whole).bit_length() - 1
    return min(1 + STEPS * whole + over, LAST_BUCKET)


def bounds_of(bucket: int) -> tuple[float, float]:
    """Give from and up to how many milliseconds a bucket goes."""
    if bucket == 0:
        return 0.0, 1.0
    return float(2 ** ((bucket - 1) / STEPS)), float(2 ** (bucket / STEPS))


def quantile(counts: Mapping[int, int], part: float) -> float | None:
    """Give the duration below which this part of all fell, in milliseconds; None where there is none.

    Arguments:
        counts: how many fell into each bucket.
        part: such as 0.95.
    """
    wanted = part * sum(counts.values())
    for bucket in sorted(counts):
        if (number := counts[bucket]) and number >= wanted:
            low, high = bounds_of(bucket)
            return low + (high - low) * max(wanted, 0) / number
        wanted -= number
    return None


class Changes:
    """What one transaction adds to the passages."""

    def __init__(self) -> None:
        self._found: dict[_Key, list[int]] = {}

    def note(
        self, process_id: str, version: str, started_at: int, events: Iterable[e.Event], now: int
    ) -> None:
        """Take in what happened to an instance."""
        day, hour = now - now % DAY, now - now % HOUR
        found = self._found
        for event in events:  # there are many of them, so that a call for each would be felt
            ms = 0
            if type(event) is e.FlowTaken:
                key: _Key = (process_id, "flow", day, version, event.flow, 0)
            elif type(event) is e.ElementCompleted:
                ms = now - event.since
                key = (process_id, "element", day, version, event.element, bucket_of(ms) if ms else 0)
            elif type(event) is e.InstanceCompleted:
                ms = now - started_at
                key = (process_id, "instance", hour, version, "", bucket_of(ms))
            elif type(event) is e.IncidentRaised:
                key = (process_id, "incident", hour, version, event.element, 0)
            else:
                continue
            if key in found:
                sums = found[key]
                sums[0] += 1
                sums[1] += ms
            else:
                found[key] = [1, ms]

    def flush(self, connection: sa.Connection, slot: int = 0) -> None:
        """Write what was added, always in the same order of rows."""
        _ADD.many(
            connection,
            [
                dict(zip(_KEY, (*key, slot), strict=True)) | {"number": number, "total_ms": total_ms}
                for key, (number, total_ms) in sorted(self._found.items())
            ],
        )


class Window(msgspec.Struct, frozen=True):
    """Which passages are asked for: those of a process, of one version or of all, in a time."""

    process_id: str
    version: str | None = None
    since: int | None = None
    until: int | None = None


class Durations(msgspec.Struct):
    """How often something went through, and how long it took."""

    number: int = 0
    total_ms: int = 0
    buckets: dict[int, int] = {}

    def add(self, bucket: int, number: int, total_ms: int) -> None:
        """Take in what one row says."""
        self.number += number
        self.total_ms += total_ms
        self.buckets[bucket] = self.buckets.get(bucket, 0) + number


def durations(
    connection: sa.Connection, window: Window, what: What, *by: str
) -> dict[tuple[Any, ...], Durations]:
    """Give how often and how long, by the values of these columns (`version`, `element`)."""
    columns = [passage.c[name] for name in (*by, "bucket")]
    sums = (sa.func.sum(passage.c.number), sa.func.sum(passage.c.total_ms))
    query = _of(sa.select(*columns, *sums), window, what, DAY if what in ("element", "flow") else HOUR)
    found: dict[tuple[Any, ...], Durations] = {}
    for *key, bucket, number, total_ms in connection.execute(query.group_by(*columns)):
        found.setdefault(tuple(key), Durations()).add(bucket, int(number), int(total_ms))
    return found


def course(connection: sa.Connection, window: Window, unit_ms: int) -> Iterator[tuple[int, str, int, int]]:
    """Give how many of what there were in each hour or day: the moment, what, the bucket and the number."""
    at = _whole(passage.c.at, unit_ms)
    for what in ("instance", "incident"):
        query = _of(sa.select(at, passage.c.bucket, sa.func.sum(passage.c.number)), window, what, HOUR)
        for moment, bucket, number in connection.execute(query.group_by(at, passage.c.bucket)):
            yield int(moment), what, bucket, int(number)


def started(connection: sa.Connection, window: Window, unit_ms: int) -> Sequence[tuple[int, int]]:
    """Give how many instances started in each hour or day."""
    table = counter.c
    query: sa.Select[Any] = (
        sa.select(table.at, sa.func.sum(table.instances))
        .where(table.process_id == window.process_id, table.unit == ("day" if unit_ms == DAY else "hour"))
        .group_by(table.at)
    )
    if window.version is not None:
        query = query.where(table.version == window.version)
    query = _between(query, table.at, window, unit_ms)
    return [(int(at), int(number)) for at, number in connection.execute(query)]


def _of(query: sa.Select[Any], window: Window, what: str, unit_ms: int) -> sa.Select[Any]:
    table = passage.c
    query = query.where(table.process_id == window.process_id, table.what == what)
    if window.version is not None:
        query = query.where(table.version == window.version)
    return _between(query, table.at, window, unit_ms)


def _between(
    query: sa.Select[Any], at: sa.ColumnElement[int], window: Window, unit_ms: int
) -> sa.Select[Any]:
    """Leave what lies in the window: whole hours or days, those at its ends included."""
    if window.since is not None:
        query = query.where(at >= window.since - window.since % unit_ms)
    return query if window.until is None else query.where(at < window.until)


def _whole(at: sa.ColumnElement[int], unit_ms: int) -> sa.ColumnElement[int]:
    # As a number in the statement: to PostgreSQL, two parameters are never the same when it groups by them.
    return at - at % sa.literal_column(str(unit_ms))
