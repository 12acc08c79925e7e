"""What may be done to a draft: a change must know the newest revision, and nobody else may hold the draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
import sqlalchemy as sa

from penstock.kernel import Rejected
from penstock.store import drafts as store
from penstock.store.rows import DraftRow

LEASE_MS: Final = 60_000
"""How long a draft stays locked by a browser that says no more."""


class Locked(Exception):
    """Somebody else edits the draft; the message says who."""


@dataclass(frozen=True, slots=True)
class Editor:
    """Who edits, as far as the server knows before there are access rights."""

    holder: str
    """A text that only this browser knows."""
    name: str
    """What the others are shown."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a draft becomes."""

    revision: int
    """The one that the change was made from."""
    name: str
    content: bytes
    holder: str | None
    """The holder of the edit lock, where the author has one."""


def held_by_other(row: DraftRow, holder: str | None, now: int) -> bool:
    """Whether somebody else has locked the draft and the lease runs."""
    return row.lock_holder is not None and row.lock_holder != holder and (row.lock_until or 0) > now


def change(connection: sa.Connection, id: str, wanted: Change, actor: str, now: int) -> DraftRow:
    """Keep a change, and give the draft with its new revision.

    Raises:
        Rejected: there is no such draft, or it has been changed meanwhile.
        Locked: somebody else edits it.
    """
    row = _found(connection, id)
    _refuse_other(row, wanted.holder, now)
    if row.revision != wanted.revision:
        raise Rejected(
            "conflict",
            f"draft {id} is at revision {row.revision} and was at {wanted.revision} when this change began: "
            "read it anew and bring both together",
        )
    if not store.change(
        connection, id, wanted.revision, name=wanted.name, content=wanted.content, actor=actor, now=now
    ):
        raise Rejected("conflict", f"another node has changed draft {id} at this very moment: read it anew")
    return msgspec.structs.replace(
        row, name=wanted.name, revision=row.revision + 1, updated_by=actor, updated_at=now
    )


def lock(connection: sa.Connection, id: str, editor: Editor, *, take: bool, now: int) -> DraftRow:
    """Let an editor have the draft for a minute from now.

    Arguments:
        take: even if somebody else has it.

    Raises:
        Rejected: there is no such draft.
        Locked: somebody else edits it.
    """
    row = _found(connection, id)
    if not take:
        _refuse_other(row, editor.holder, now)
    until = now + LEASE_MS
    store.lock(connection, id, editor.holder, editor.name, until)
    return msgspec.structs.replace(row, lock_holder=editor.holder, lock_name=editor.name, lock_until=until)


def unlock(connection: sa.Connection, id: str, holder: str) -> DraftRow:
    """Let the draft go, where this holder has it.

    Raises:
        Rejected: there is no such draft.
    """
    row = _found(connection, id)
    if row.lock_holder != holder:
        return row
    store.lock(connection, id, None, None, None)
    return msgspec.structs.replace(row, lock_holder=None, lock_name=None, lock_until=None)


def remove(connection: sa.Connection, id: str, holder: str | None, now: int) -> None:
    """Throw a draft away.

    Raises:
        Rejected: there is no such draft.
        Locked: somebody else edits it.
    """
    _refuse_other(_found(connection, id), holder, now)
    store.remove(connection, id)


def _found(connection: sa.Connection, id: str) -> DraftRow:
    row = store.find(connection, id)
    if row is None:
        raise Rejected("not_found", f"there is no draft '{id}'")
    return row


def _refuse_other(row: DraftRow, holder: str | None, now: int) -> None:
    if held_by_other(row, holder, now):
        raise Locked(f"{row.lock_name} is editing the draft '{row.name}': wait, or take it over")
