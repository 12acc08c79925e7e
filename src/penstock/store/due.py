"""What is due next, of every kind, by one statement: a node asks it whenever it looks for something to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec
import sqlalchemy as sa

from penstock.store.dialects import is_shared
from penstock.store.prepared import Prepared


class Due(NamedTuple):
    """When something is due (epoch ms); None where nothing of the kind is open."""

    timer: int | None
    start: int | None
    """A timer that starts instances."""
    job: int | None
    """A job of one of the types that were asked for."""
    signal: int | None
    """The number of the first signal that is on its way."""
    batches: bool
    """Whether a batch runs."""
    deployments: int | None
    """How often what is deployed has changed."""

    def first(self, now: int) -> int | None:
        """Give the first moment at which something is due; a signal is at once."""
        moments = (self.timer, self.start, self.job, None if self.signal is None else now)
        return min((moment for moment in moments if moment is not None), default=None)


def _statement(types: str) -> Prepared:
    return Prepared(
        sa.text(
            "SELECT (SELECT min(due_at) FROM timer), (SELECT min(due_at) FROM start_subscription), "
            "(SELECT min((SELECT min(available_at) FROM job WHERE job.type = asked.value)) "
            f"FROM {types}), (SELECT min(id) FROM broadcast), "
            "EXISTS (SELECT 1 FROM batch WHERE state = 'running'), "
            "(SELECT number FROM revision WHERE what = 'deployments')"
        )
    )


_ON_SQLITE: Final = _statement("json_each(:types) AS asked")
_ON_POSTGRES: Final = _statement("json_array_elements_text(CAST(:types AS json)) AS asked(value)")


def look(connection: sa.Connection, types: Iterable[str]) -> Due:
    """Give what is due next; of jobs, those of these types."""
    statement = _ON_POSTGRES if is_shared(connection) else _ON_SQLITE
    row = statement.one(connection, {"types": msgspec.json.encode(list(types)).decode()})
    assert row is not None, "it gives one row"
    timer, start, job, signal, batches, deployments = row
    return Due(timer, start, job, signal, bool(batches), deployments)
