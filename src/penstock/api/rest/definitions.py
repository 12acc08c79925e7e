"""The deployed versions, and the files that they came from."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from penstock.api.http import Call, Reply
from penstock.api.keys import no_such
from penstock.api.paging import DEFAULT_LIMIT, Cursor, Limit, page, read_cursor
from penstock.api.queries import NoQuery, Query
from penstock.api.rest.instances import start_form_of
from penstock.api.rest.values import Shape
from penstock.api.times import iso
from penstock.store import definitions
from penstock.store.rows import DefinitionRow


class DefinitionQuery(Query, frozen=True):
    """Which versions are wanted."""

    kind: Annotated[str, msgspec.Meta(description="What it is, such as `process`.")] | None = None
    id: Annotated[str, msgspec.Meta(description="The id in the file.")] | None = None
    version: str | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class Definition(Shape, frozen=True):
    """A deployed version."""

    key: str
    kind: str
    id: str
    """The id in the file."""
    name: str
    version: str
    active: bool
    """Whether it may be what runs when no version is asked for."""
    deployment: str
    deployed_by: str
    deployed_at: str
    notes: str
    """What whoever deployed it says about it."""


class OneDefinition(Definition, frozen=True):
    """A deployed version, with how it is started."""

    start_form: str | None
    """The id of the form with which instances are started; null where there is none, or no process."""


async def get(call: Call[NoQuery, None]) -> Reply:
    """Give a version.

    Raises:
        ApiError: 404, there is no such version.
    """
    row = await call.runtime.read(definitions.find, call.path["key"])
    if row is None:
        raise no_such(call.path["key"], "definition")
    definition = call.runtime.definitions.by_key(row.key) if row.kind == "process" else None
    form = None if definition is None else start_form_of(definition)
    return Reply(OneDefinition(**_fields(row), start_form=form))


async def search(call: Call[DefinitionQuery, None]) -> Reply:
    """Give the versions that are wanted, by their key."""
    query = call.query
    rows = await call.runtime.read(
        definitions.search,
        kind=query.kind,
        id=query.id,
        version=query.version,
        after_key=read_cursor(query.cursor, str),
        limit=query.limit + 1,
    )
    return Reply(page(rows, query.limit, _shown, lambda row: row.key))


def _shown(row: DefinitionRow) -> Definition:
    return Definition(**_fields(row))


def _fields(row: DefinitionRow) -> dict[str, Any]:
    names = set(Definition.__struct_fields__) - {"deployed_at"}
    return {**{name: getattr(row, name) for name in names}, "deployed_at": iso(row.deployed_at)}


async def get_xml(call: Call[NoQuery, None]) -> Reply:
    """Give the file of a version, byte for byte.

    Raises:
        ApiError: 404, there is no such version.
    """
    content = await call.runtime.read(definitions.xml, call.path["key"])
    if content is None:
        raise no_such(call.path["key"], "definition")
    return Reply(content, content_type="application/xml")


async def activate(call: Call[NoQuery, None]) -> Reply:
    """Let a version of a process be what runs when no version is asked for, if no newer one is active.

    Raises:
        ApiError: 404, there is no such version.
    """
    return Reply(_shown(await call.runtime.set_active(call.path["key"], True, actor=call.actor)))


async def deactivate(call: Call[NoQuery, None]) -> Reply:
    """Let a version of a process no longer be what runs when no version is asked for.

    Raises:
        ApiError: 404, there is no such version.
    """
    return Reply(_shown(await call.runtime.set_active(call.path["key"], False, actor=call.actor)))
