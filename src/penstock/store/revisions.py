"""How often something has changed that every node keeps in memory, so that each sees when to read it anew."""

from __future__ import annotations

from typing import Final, Literal

import sqlalchemy as sa

from penstock.store.prepared import Prepared
from penstock.store.tables import revision

What = Literal["deployments", "settings"]

_ONE: Final = revision.c.what == sa.bindparam("b_what")
_GET: Final = Prepared(sa.select(revision.c.number).where(_ONE))
_LOCK: Final = Prepared(sa.select(revision.c.number).where(_ONE).with_for_update())
_NEXT: Final = Prepared(sa.update(revision).where(_ONE).values(number=revision.c.number + 1))


def get(connection: sa.Connection, what: What) -> int:
    """Give how often it has changed."""
    row = _GET.one(connection, {"b_what": what})
    assert row is not None, "a migration made the row"
    number: int = row[0]
    return number


def lock(connection: sa.Connection, what: What) -> int:
    """Give how often it has changed, and let nobody else change it before the end of the transaction."""
    row = _LOCK.one(connection, {"b_what": what})
    assert row is not None, "a migration made the row"
    number: int = row[0]
    return number


def advance(connection: sa.Connection, what: What) -> None:
    """It has changed."""
    _NEXT.do(connection, {"b_what": what})
