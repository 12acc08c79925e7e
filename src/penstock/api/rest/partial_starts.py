"""Partial starts: start events that need each of several triggers, and some have come."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from penstock.api.http import AnyCall, Call, Reply
from penstock.api.keys import no_such
from penstock.api.paging import DEFAULT_LIMIT, Cursor, Limit, Moment, page, read_cursor
from penstock.api.rest.values import Shape, ValueQuery, shown_variables
from penstock.api.times import iso, iso_or_none
from penstock.store import acts, gatherings, starts
from penstock.store.rows import GatheringRow, StartRow

DROP: Final = "drop_partial_start"


class PartialQuery(ValueQuery, frozen=True):
    """Which partial starts are wanted."""

    process_id: str | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class StartTrigger(Shape, frozen=True):
    """One of the triggers that a start event needs."""

    kind: str
    name: str
    """Of the message or signal, or the condition."""
    came: bool


class PartialStart(Shape, frozen=True):
    """A start event, with what has come for it so far."""

    id: str
    process_id: str
    element: str
    correlation_key: str | None
    """That of its messages; null until one has come."""
    business_key: str | None
    triggers: list[StartTrigger]
    variables: dict[str, Any]
    """What they have brought."""
    since: str
    expires_at: str | None
    """When what has come is given up. Null where all has come, and an instance with the key still runs."""


Found = tuple[GatheringRow, list[StartRow]]


async def search(call: Call[PartialQuery, None]) -> Reply:
    """Give the partial starts, the oldest first."""
    query = call.query
    found = await call.runtime.read(
        _search,
        call.runtime.clock.now(),
        query.process_id,
        read_cursor(query.cursor, Moment) or 0,
        query.limit + 1,
    )
    return Reply(page(found, query.limit, lambda it: _shown(query, it), lambda it: it[0].id))


def _search(
    connection: sa.Connection, now: int, process_id: str | None, after: int, limit: int
) -> list[Found]:
    rows = gatherings.search(connection, now, process_id=process_id, after=after, limit=limit)
    return [(row, starts.of_element(connection, row.process_id, row.element)) for row in rows]


async def drop(call: Call[ValueQuery, None]) -> Reply:
    """Give up what has come for a start, and give that; what comes later begins anew.

    Raises:
        ApiError: 404, there is no such partial start, or its instance has begun.
    """
    id = call.path["partial"]
    dropped = await call.runtime.write(_drop, call) if id.isdecimal() and len(id) < 19 else None
    if dropped is None:
        raise no_such(id, "partial start")
    return Reply(_shown(call.query, dropped))


def _drop(connection: sa.Connection, call: AnyCall) -> Found | None:
    row = gatherings.drop(connection, int(call.path["partial"]))
    if row is None:
        return None
    acts.add(connection, call.runtime.clock.now(), call.actor, DROP, row.element, row.process_id)
    return row, starts.of_element(connection, row.process_id, row.element)


def _shown(query: ValueQuery, found: Found) -> PartialStart:
    row, triggers = found
    return PartialStart(
        str(row.id),
        row.process_id,
        row.element,
        row.correlation_key or None,
        row.business_key,
        [StartTrigger(it.kind, it.name, bool(row.came & 1 << it.position)) for it in triggers],
        shown_variables(query, row.variables),
        iso(row.since),
        iso_or_none(row.expires_at),
    )
