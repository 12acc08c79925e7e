"""What one node does for all, for some time: nobody else takes it up meanwhile, and anyone may after that.

A claim spares the other nodes the work, and nothing is right or wrong by it: what two nodes do at once is
guarded by the state of the instances.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from penstock.store.prepared import Prepared
from penstock.store.tables import claim

_TAKE: Final = Prepared(
    sa.text(
        "INSERT INTO claim (what, node, until) VALUES (:what, :node, :until) "
        "ON CONFLICT (what) DO UPDATE SET node = excluded.node, until = excluded.until "
        "WHERE claim.node = excluded.node OR claim.until <= :now RETURNING what"
    )
)
_RELEASE: Final = Prepared(sa.delete(claim).where(claim.c.node == sa.bindparam("of")))
_END: Final = Prepared(sa.delete(claim).where(claim.c.what == sa.bindparam("b_what")))
_FORGET: Final = Prepared(sa.delete(claim).where(claim.c.until < sa.bindparam("before")))


def take(connection: sa.Connection, what: str, node: str, *, now: int, until: int) -> bool:
    """Let a node have it until a moment (epoch ms), again or anew; False where another one has it."""
    return _TAKE.one(connection, {"what": what, "node": node, "now": now, "until": until}) is not None


def end(connection: sa.Connection, what: str) -> None:
    """It is done."""
    _END.do(connection, {"b_what": what})


def release(connection: sa.Connection, node: str) -> None:
    """Give up all that a node has."""
    _RELEASE.do(connection, {"of": node})


def forget(connection: sa.Connection, before: int) -> None:
    """Forget the claims that ended before a moment (epoch ms)."""
    _FORGET.do(connection, {"before": before})
