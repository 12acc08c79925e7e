"""The deployed processes, each with its newest version and with how its instances stand."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from penstock.api.http import Call, Reply
from penstock.api.paging import DEFAULT_LIMIT, Cursor, Limit, page, read_cursor
from penstock.api.queries import Query
from penstock.api.rest.values import Shape
from penstock.store import counters
from penstock.store.rows import Counts, DefinitionRow


class ProcessQuery(Query, frozen=True):
    """Which part of the list is wanted."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class Process(Shape, frozen=True):
    """A process with all its versions."""

    id: str
    """The id in the file."""
    name: str
    version: str
    """The version that was deployed last."""
    active: int
    """Instances that go on, those with an incident not among them."""
    incident: int
    """Instances that have an open incident."""
    completed: int
    cancelled: int


async def search(call: Call[ProcessQuery, None]) -> Reply:
    """Give the processes by their id."""
    query, definitions = call.query, call.runtime.definitions
    after = read_cursor(query.cursor, str) or ""
    ids = sorted(row.process_id for row in definitions.processes() if row.process_id > after)
    newest = [definitions.versions(id)[-1] for id in ids[: query.limit + 1]]
    counts = await call.runtime.read(_counts, [row.id for row in newest])
    rows = list(zip(newest, counts, strict=True))
    return Reply(page(rows, query.limit, lambda row: _shown(*row), lambda row: row[0].id))


def _counts(connection: sa.Connection, process_ids: Sequence[str]) -> list[Counts]:
    return [counters.totals(connection, process_id) for process_id in process_ids]


def _shown(row: DefinitionRow, counts: Counts) -> Process:
    return Process(
        row.id, row.name, row.version, counts.active, counts.incident, counts.completed, counts.cancelled
    )
