"""The audit log: what users did to instances and to what is deployed."""

from __future__ import annotations

from typing import Annotated

import msgspec

from penstock.api.http import Call, Reply
from penstock.api.paging import DEFAULT_LIMIT, Cursor, Limit, Moment, page, read_cursor
from penstock.api.queries import Query
from penstock.api.rest.values import Shape
from penstock.api.times import iso, moment
from penstock.store import acts
from penstock.store.acts import ActRow


class ActQuery(Query, frozen=True):
    """Which acts are wanted."""

    actor: Annotated[str, msgspec.Meta(description="The id of the user.")] | None = None
    operation: Annotated[str, msgspec.Meta(description="Such as `cancel`.")] | None = None
    process_instance: str | None = None
    at_from: Annotated[str, msgspec.Meta(description="The first moment, ISO 8601.")] | None = None
    at_until: Annotated[str, msgspec.Meta(description="The last moment, exclusive.")] | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class Act(Shape, frozen=True):
    """One act of a user."""

    at: str
    actor: str
    operation: str
    process_instance: str | None
    process_id: str | None
    detail: str
    """What it was about, such as names of variables; never values."""


async def search(call: Call[ActQuery, None]) -> Reply:
    """Give the acts that meet every condition, the newest first."""
    query = call.query
    rows = await call.runtime.read(
        acts.search,
        actor=query.actor,
        operation=query.operation,
        instance_id=query.process_instance,
        since=None if query.at_from is None else moment(query.at_from, "atFrom"),
        until=None if query.at_until is None else moment(query.at_until, "atUntil"),
        after=read_cursor(query.cursor, tuple[Moment, Moment]),
        limit=query.limit + 1,
    )
    return Reply(page(rows, query.limit, _shown, lambda row: (row.at, row.id)))


def _shown(row: ActRow) -> Act:
    return Act(iso(row.at), row.actor, row.operation, row.instance_id, row.process_id, row.detail)
