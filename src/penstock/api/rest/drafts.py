"""Drafts: files that somebody draws, kept here with each change, and who edits them at the moment."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from penstock.api.errors import bad_request
from penstock.api.http import Call, Reply
from penstock.api.keys import no_such
from penstock.api.paging import DEFAULT_LIMIT, Cursor, Limit, Moment, page, read_cursor
from penstock.api.queries import NoQuery, Query
from penstock.api.rest.values import Body, Shape
from penstock.api.times import iso, iso_or_none
from penstock.runtime import drafts
from penstock.runtime.drafts import Change, Editor
from penstock.runtime.ids import new_id
from penstock.store import drafts as store
from penstock.store.rows import DraftRow

Kind = Literal["process", "decision", "form"]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Holder = Annotated[
    str,
    msgspec.Meta(min_length=8, max_length=100, description="A text that only this browser knows."),
]


class DraftQuery(Query, frozen=True):
    """Which part of the list is wanted."""

    kind: Kind | None = None
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


class RemovalQuery(Query, frozen=True):
    """Who throws the draft away."""

    holder: Holder | None = None


class NewDraft(Body, frozen=True):
    """A draft to begin."""

    name: Name
    content: str
    """The file, whether or not it is whole."""
    kind: Kind = "process"


class DraftChange(Body, frozen=True):
    """What a draft becomes."""

    name: Name
    content: str
    revision: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    """The revision that the change was made from."""
    holder: Holder | None = None


class Lock(Body, frozen=True):
    """Who edits."""

    holder: Holder
    name: Name
    """What the others are shown."""
    take: bool = False
    """Even if somebody else has it."""


class Unlock(Body, frozen=True):
    """Who has edited."""

    holder: Holder


class Draft(Shape, frozen=True):
    """A draft without its content."""

    id: str
    kind: Kind
    name: str
    revision: int
    """Counts its changes, from 1."""
    created_by: str
    created_at: str
    updated_by: str
    updated_at: str
    locked_by: str | None
    """The name of whoever edits it now."""
    locked_until: str | None


class DraftWithContent(Draft, frozen=True):
    """A draft."""

    content: str


class Removed(Shape, frozen=True):
    """What was thrown away."""

    id: str


async def search(call: Call[DraftQuery, None]) -> Reply:
    """Give the drafts, the one that was changed last first."""
    query, now = call.query, call.runtime.clock.now()
    after = read_cursor(query.cursor, tuple[Moment, str])
    rows = await call.runtime.read(store.search, kind=query.kind, after=after, limit=query.limit + 1)
    return Reply(
        page(rows, query.limit, lambda row: Draft(**_fields(row, now)), lambda row: (row.updated_at, row.id))
    )


async def create(call: Call[NoQuery, NewDraft]) -> Reply:
    """Begin a draft.

    Raises:
        ApiError: 400, the name cannot be shown.
    """
    now, body = call.runtime.clock.now(), call.body
    row = DraftRow(new_id(now), body.kind, _name(body.name), 1, call.actor, now, call.actor, now)
    await call.runtime.write(store.add, row, body.content.encode())
    return Reply(Draft(**_fields(row, now)), 201, (("location", f"/api/v1/drafts/{row.id}"),))


async def get(call: Call[NoQuery, None]) -> Reply:
    """Give a draft with its content.

    Raises:
        ApiError: 404, there is no such draft.
    """
    found = await call.runtime.read(store.read, call.path["draft"])
    if found is None:
        raise no_such(call.path["draft"], "draft")
    row, content = found
    return Reply(DraftWithContent(**_fields(row, call.runtime.clock.now()), content=content.decode()))


async def change(call: Call[NoQuery, DraftChange]) -> Reply:
    """Keep the next revision of a draft.

    Raises:
        ApiError: 404, there is no such draft; 409, it has changed meanwhile; 423, somebody else edits it.
    """
    now, body = call.runtime.clock.now(), call.body
    wanted = Change(body.revision, _name(body.name), body.content.encode(), body.holder)
    row = await call.runtime.write(drafts.change, call.path["draft"], wanted, call.actor, now)
    return Reply(Draft(**_fields(row, now)))


async def remove(call: Call[RemovalQuery, None]) -> Reply:
    """Throw a draft away.

    Raises:
        ApiError: 404, there is no such draft; 423, somebody else edits it.
    """
    id = call.path["draft"]
    await call.runtime.write(drafts.remove, id, call.query.holder, call.runtime.clock.now())
    return Reply(Removed(id))


async def lock(call: Call[NoQuery, Lock]) -> Reply:
    """Be the one who edits a draft, for a minute from now.

    Raises:
        ApiError: 404, there is no such draft; 423, somebody else edits it.
    """
    now, body = call.runtime.clock.now(), call.body
    editor = Editor(body.holder, _name(body.name))
    row = await call.runtime.write(drafts.lock, call.path["draft"], editor, take=body.take, now=now)
    return Reply(Draft(**_fields(row, now)))


async def unlock(call: Call[NoQuery, Unlock]) -> Reply:
    """Let a draft go, where this holder has it.

    Raises:
        ApiError: 404, there is no such draft.
    """
    row = await call.runtime.write(drafts.unlock, call.path["draft"], call.body.holder)
    return Reply(Draft(**_fields(row, call.runtime.clock.now())))


def _name(text: str) -> str:
    if not text.isprintable():
        raise bad_request("`name` is wrong: it holds a character that cannot be shown.")
    return text


def _fields(row: DraftRow, now: int) -> dict[str, Any]:
    locked = drafts.held_by_other(row, None, now)
    return {
        "id": row.id,
        "kind": row.kind,
        "name": row.name,
        "revision": row.revision,
        "created_by": row.created_by,
        "created_at": iso(row.created_at),
        "updated_by": row.updated_by,
        "updated_at": iso(row.updated_at),
        "locked_by": row.lock_name if locked else None,
        "locked_until": iso_or_none(row.lock_until) if locked else None,
    }
