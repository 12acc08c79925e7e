"""Open incidents, and their resolution."""

from __future__ import annotations

from typing import Annotated

import msgspec

from penstock.api.http import Call, Reply
from penstock.api.idempotency import carried_out, idempotency
from penstock.api.keys import join_key, no_such, split_key
from penstock.api.paging import DEFAULT_LIMIT, Cursor, Limit, Moment, page, read_cursor
from penstock.api.queries import NoQuery, Query
from penstock.api.rest.instances import shown_instance
from penstock.api.rest.values import Shape, ValueQuery, WithVariables, taken
from penstock.api.times import iso
from penstock.kernel.commands import ResolveIncident
from penstock.runtime.requests import Request
from penstock.store import incidents, instances
from penstock.store.rows import IncidentRow


class IncidentQuery(Query, frozen=True):
    """Which incidents are wanted."""

    process_instance: str | None = None
    type: str | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class Incident(Shape, frozen=True):
    """Why an element cannot go on."""

    key: str
    type: str
    message: str
    detail: str | None
    """More for whoever repairs it, such as a traceback."""
    element: str
    element_instance: int
    process_instance: str
    at: str


class Resolution(WithVariables, frozen=True):
    """What is put right before the element tries again."""

    retries: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    """For a job: how many tries it gets."""


async def search(call: Call[IncidentQuery, None]) -> Reply:
    """Give the open incidents that meet every condition, the newest first."""
    query = call.query
    rows = await call.runtime.read(
        incidents.search,
        instance_id=query.process_instance,
        type=query.type,
        after=read_cursor(query.cursor, tuple[Moment, str, Moment]),
        limit=query.limit + 1,
    )
    return Reply(page(rows, query.limit, _shown, lambda row: (row.at, row.instance_id, row.key)))


async def get(call: Call[NoQuery, None]) -> Reply:
    """Give one open incident.

    Raises:
        ApiError: 404, it is not open.
    """
    row = await call.runtime.read(incidents.find, *split_key(call.path["incident"], "incident"))
    if row is None:
        raise no_such(call.path["incident"], "open incident")
    return Reply(_shown(row))


def _shown(row: IncidentRow) -> Incident:
    return Incident(
        join_key(row.instance_id, row.key),
        row.type,
        row.message,
        row.detail,
        row.element,
        row.owner,
        row.instance_id,
        iso(row.at),
    )


async def resolve(call: Call[ValueQuery, Resolution]) -> Reply:
    """Let the element try again, with variables put right.

    Raises:
        ApiError: 404, the incident is not open.
    """
    instance_id, key = split_key(call.path["incident"], "incident")
    variables = taken(call.body.variables)
    runtime = call.runtime
    row = await runtime.read(incidents.find, instance_id, key)
    if row is not None:
        command = ResolveIncident(row.scope, row.owner, row.key, variables, call.body.retries)
        request = Request(instance_id, command, call.actor, None, idempotency(call))
        return Reply(shown_instance(call.query, await runtime.send(request)))
    if await carried_out(call):
        instance = await runtime.read(instances.find, instance_id)
        if instance is not None:
            return Reply(shown_instance(call.query, instance))
    raise no_such(call.path["incident"], "open incident")
