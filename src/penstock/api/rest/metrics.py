"""How workflows do: how many, how long, where time goes, which ways are taken. Read from counters only.

Those that are counted as started, active and so on are the instances that *started* in the time asked for;
durations, elements, flows and incidents are of what *ended or happened* in it, by whole hours, for elements
and flows by whole days (UTC).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec
import sqlalchemy as sa

from penstock.api.errors import bad_request
from penstock.api.http import Call, Reply
from penstock.api.keys import no_such
from penstock.api.queries import Query
from penstock.api.rest.values import Shape
from penstock.api.times import iso, moment
from penstock.store import counters, passages
from penstock.store.counters import DAY, HOUR
from penstock.store.passages import Durations, Window, bounds_of, quantile

UNITS: Final = {"hour": HOUR, "day": DAY}
MOST_UNITS: Final = 2_000
"""Points that a course has at most."""


class MetricsQuery(Query, frozen=True):
    """Of which time the metrics are wanted."""

    started_from: Annotated[str, msgspec.Meta(description="The first moment, ISO 8601.")] | None = None
    started_until: Annotated[str, msgspec.Meta(description="The last moment, exclusive.")] | None = None


class ProcessMetricsQuery(MetricsQuery, frozen=True):
    """Of which version and time the metrics are wanted."""

    version: Annotated[str, msgspec.Meta(description="Of one version; by default of all.")] | None = None
    unit: Annotated[Literal["hour", "day"], msgspec.Meta(description="The unit of the course over time.")] = (
        "day"
    )


class Timing(Shape, frozen=True):
    """How long something took, in milliseconds; null where it never happened."""

    number: int
    mean: float | None
    median: float | None
    p95: float | None
    total: int


class VersionMetrics(Shape, frozen=True):
    """How the instances of a process, or of one version of it, did."""

    process_id: str
    version: str | None
    """Null where it is all versions together."""
    started: int
    active: int
    incident: int
    completed: int
    cancelled: int
    cycle: Timing


class ElementMetrics(Shape, frozen=True):
    """How often an element was gone through, and how long it took."""

    element: str
    incidents: int
    timing: Timing


class FlowMetrics(Shape, frozen=True):
    """How often a sequence flow was taken."""

    flow: str
    number: int


class Point(Shape, frozen=True):
    """One hour or day of the course over time."""

    at: str
    started: int
    completed: int
    incidents: int
    median: float | None
    p95: float | None


class Bar(Shape, frozen=True):
    """How many instances took from so many milliseconds up to so many."""

    lower: float
    upper: float
    number: int


class ProcessMetrics(Shape, frozen=True):
    """How the instances of one process did."""

    total: VersionMetrics
    versions: list[VersionMetrics]
    course: list[Point]
    distribution: list[Bar]
    elements: list[ElementMetrics]
    flows: list[FlowMetrics]


class AllMetrics(Shape, frozen=True):
    """How each process did."""

    items: list[VersionMetrics]


async def search(call: Call[MetricsQuery, None]) -> Reply:
    """Give how each process did, all its versions together."""
    since, until = _window(call.query)
    ids = sorted(row.process_id for row in call.runtime.definitions.processes())
    return Reply(AllMetrics(await call.runtime.read(_all, ids, since, until)))


async def get(call: Call[ProcessMetricsQuery, None]) -> Reply:
    """Give how one process did.

    Raises:
        ApiError: 400, the course would have too many points; 404, there is no such process or version.
    """
    query, process_id = call.query, call.path["process"]
    definitions = call.runtime.definitions
    if definitions.process(process_id) is None:
        raise no_such(process_id, "process")
    versions = [row.version for row in definitions.versions(process_id)]
    if query.version is not None and query.version not in versions:
        raise no_such(query.version, f"version of '{process_id}'")
    since, until = _window(query)
    unit = UNITS[query.unit]
    if query.unit == "hour" and (
        since is None or (until or call.runtime.clock.now()) - since > MOST_UNITS * unit
    ):
        raise bad_request(f"A course by the hour goes over {MOST_UNITS} hours at most: say `startedFrom`.")
    window = Window(process_id, query.version, since, until)
    return Reply(await call.runtime.read(_of_process, window, versions, unit))


def _window(query: MetricsQuery) -> tuple[int | None, int | None]:
    since = None if query.started_from is None else moment(query.started_from, "startedFrom")
    until = None if query.started_until is None else moment(query.started_until, "startedUntil")
    return since, until


def _all(
    connection: sa.Connection, process_ids: list[str], since: int | None, until: int | None
) -> list[VersionMetrics]:
    return [_summary(connection, Window(id, None, since, until)) for id in process_ids]


def _of_process(connection: sa.Connection, window: Window, versions: list[str], unit: int) -> ProcessMetrics:
    cycle = passages.durations(connection, window, "instance").get((), Durations())
    each = [_summary(connection, msgspec.structs.replace(window, version=it)) for it in versions]
    return ProcessMetrics(
        _summary(connection, window, cycle),
        each,
        _course(connection, window, unit),
        [Bar(*bounds_of(bucket), cycle.buckets[bucket]) for bucket in sorted(cycle.buckets)],
        _elements(connection, window),
        _flows(connection, window),
    )


def _summary(connection: sa.Connection, window: Window, cycle: Durations | None = None) -> VersionMetrics:
    counts = counters.totals(
        connection, window.process_id, window.version, started_from=window.since, started_until=window.until
    )
    if cycle is None:
        cycle = passages.durations(connection, window, "instance").get((), Durations())
    return VersionMetrics(
        window.process_id,
        window.version,
        counts.active + counts.incident + counts.completed + counts.cancelled,
        counts.active,
        counts.incident,
        counts.completed,
        counts.cancelled,
        _timing(cycle),
    )


def _timing(it: Durations) -> Timing:
    mean = it.total_ms / it.number if it.number else None
    return Timing(it.number, mean, quantile(it.buckets, 0.5), quantile(it.buckets, 0.95), it.total_ms)


def _elements(connection: sa.Connection, window: Window) -> list[ElementMetrics]:
    """Give the elements, those first that took the most time in all."""
    taken = passages.durations(connection, window, "element", "element")
    incidents = passages.durations(connection, window, "incident", "element")
    found = [
        ElementMetrics(key[0], incidents.get(key, _NONE).number, _timing(taken.get(key, _NONE)))
        for key in {**taken, **incidents}
    ]
    return sorted(found, key=lambda it: (-it.timing.total, it.element))


_NONE: Final = Durations()


def _flows(connection: sa.Connection, window: Window) -> list[FlowMetrics]:
    """Give the sequence flows, those first that were taken most often."""
    taken = passages.durations(connection, window, "flow", "element")
    found = [FlowMetrics(key[0], it.number) for key, it in taken.items()]
    return sorted(found, key=lambda it: (-it.number, it.flow))


def _course(connection: sa.Connection, window: Window, unit: int) -> list[Point]:
    started = dict(passages.started(connection, window, unit))
    incidents: dict[int, int] = {}
    ended: dict[int, dict[int, int]] = {}
    for at, what, bucket, number in passages.course(connection, window, unit):
        if what == "incident":
            incidents[at] = incidents.get(at, 0) + number
        else:
            ended.setdefault(at, {})[bucket] = number
    moments: Mapping[int, object] = {**started, **incidents, **ended}
    last = max(moments, default=0)
    first = max(min(moments, default=unit), last - (MOST_UNITS - 1) * unit)
    return [
        Point(
            iso(at),
            started.get(at, 0),
            sum(ended.get(at, {}).values()),
            incidents.get(at, 0),
            quantile(ended.get(at, {}), 0.5),
            quantile(ended.get(at, {}), 0.95),
        )
        for at in range(first, last + 1, unit)
    ]
