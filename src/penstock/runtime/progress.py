"""How far batches have come, told in the transaction that carries out their commands.

A command of a batch says which instance it is for and which came before. It is carried out where that one is
the last that the batch has dealt with, and counted in the same transaction: so none is left out, done twice
or miscounted, whatever crashes, fails or is sent again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from penstock.store import batches
from penstock.store.batches import Place


@dataclass(frozen=True, slots=True)
class Turn:
    """Which command of a batch it is."""

    batch: str
    place: Place
    previous: Place | None
    """The instance before it, None for the first."""


@dataclass(slots=True)
class _Count:
    at: Place | None
    running: bool
    done: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Progress:
    """What one transaction does for batches."""

    connection: sa.Connection
    _counts: dict[str, _Count] = field(default_factory=dict)

    def is_next(self, turn: Turn) -> bool:
        """Tell whether the batch still runs and has come just to this command."""
        count = self._counts.get(turn.batch)
        if count is None:
            row = batches.lock(self.connection, turn.batch)
            assert row is not None, "a batch does not go away"
            count = self._counts[turn.batch] = _Count(row.after, row.state == "running")
        return count.running and count.at == turn.previous

    def count(self, turn: Turn, *, rejected: bool) -> None:
        """Note that the command has been carried out or refused."""
        count = self._counts[turn.batch]
        count.at = turn.place
        count.done += not rejected
        count.rejected += rejected

    def flush(self) -> None:
        """Write how far the batches have come."""
        for id, count in self._counts.items():
            if count.at is not None and (count.done or count.rejected):
                batches.advance(self.connection, id, count.at, done=count.done, rejected=count.rejected)
