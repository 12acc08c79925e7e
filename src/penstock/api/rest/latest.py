"""Listing what is deployed by its ids, each in its latest version: decisions and forms."""

from __future__ import annotations

from typing import Protocol, TypeVar

from penstock.api.http import Call, Reply
from penstock.api.paging import DEFAULT_LIMIT, Cursor, Limit, page, read_cursor
from penstock.api.queries import Query
from penstock.api.rest.values import Shape
from penstock.api.times import iso
from penstock.store.rows import DefinitionRow


class LatestQuery(Query, frozen=True):
    """Which part of the list is wanted."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class Latest(Shape, frozen=True):
    """What is deployed, in its latest version."""

    id: str
    """The id in the file."""
    name: str
    key: str
    version: str
    versions: int
    """How many there are."""
    deployed_at: str


class Deployed(Protocol):
    """Knows the versions of one kind."""

    def ids(self) -> list[str]: ...
    def versions(self, id: str) -> list[DefinitionRow]: ...


L = TypeVar("L", bound=Latest)


def listed(call: Call[LatestQuery, None], known: Deployed, shape: type[L]) -> Reply:
    """Give all of a kind, by id."""
    after = read_cursor(call.query.cursor, str) or ""
    ids = sorted(id for id in known.ids() if id > after)[: call.query.limit + 1]
    return Reply(page(ids, call.query.limit, lambda id: _shown(known.versions(id), shape), lambda id: id))


def _shown(versions: list[DefinitionRow], shape: type[L]) -> L:
    row = versions[-1]
    return shape(row.id, row.name, row.key, row.version, len(versions), iso(row.deployed_at))
