"""Open timers, by when they are due."""

from __future__ import annotations

from typing import Annotated

import msgspec

from penstock.api.http import Call, Reply
from penstock.api.paging import DEFAULT_LIMIT, Limit
from penstock.api.queries import Query
from penstock.api.rest.values import Shape
from penstock.api.times import iso, moment
from penstock.store import timers
from penstock.store.rows import TimerRow


class TimerQuery(Query, frozen=True):
    """Which timers are wanted."""

    due_until: (
        Annotated[str, msgspec.Meta(description="Those due until then, ISO 8601; by default until now.")]
        | None
    ) = None
    limit: Limit = DEFAULT_LIMIT


class Timer(Shape, frozen=True):
    """An open timer; those of suspended instances are not among them."""

    element: str
    element_instance: int
    process_instance: str
    due: str


class Timers(Shape, frozen=True):
    """Open timers, those first that are due first."""

    items: list[Timer]


async def search(call: Call[TimerQuery, None]) -> Reply:
    """Give the open timers that are due until a moment; one that is due and open is late."""
    query = call.query
    until = call.runtime.clock.now() if query.due_until is None else moment(query.due_until, "dueUntil")
    rows = await call.runtime.read(timers.due, until, query.limit)
    return Reply(Timers([_shown(row) for row in rows]))


def _shown(row: TimerRow) -> Timer:
    return Timer(row.element, row.owner, row.instance_id, iso(row.due_at))
