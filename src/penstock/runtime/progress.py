"""How far batches have come, told in the transaction that carries out their commands.

A command of a batch says which instance it is for and which came before. It is carried out where that one is
the last that the batch has dealt with, and what it came to is noted in the same transaction: so none is left
out, done twice or miscounted, whatever crashes, fails or is sent again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from penstock.store import batches
from penstock.store.batches import BatchResult, Place


@dataclass(frozen=True, slots=True)
class Turn:
    """Which command of a batch it is."""

    batch: str
    place: Place
    """That of the instance that the command is for, or that a restart starts anew."""
    previous: Place | None
    """The instance before it, None for the first."""


@dataclass(slots=True)
class _Batch:
    at: Place | None
    running: bool
    position: int
    """Of the last instance that it has dealt with."""
    results: list[BatchResult] = field(default_factory=list)


@dataclass(slots=True)
class Progress:
    """What one transaction does for batches."""

    connection: sa.Connection
    now: int
    _batches: dict[str, _Batch] = field(default_factory=dict)

    def is_next(self, turn: Turn) -> bool:
        """Tell whether the batch still runs and has come just to this command."""
        batch = self._batches.get(turn.batch)
        if batch is None:
            row = batches.lock(self.connection, turn.batch)
            assert row is not None, "a batch does not go away"
            batch = _Batch(row.after, row.state == "running", row.done + row.rejected)
            self._batches[turn.batch] = batch
        return batch.running and batch.at == turn.previous

    def done(self, turn: Turn, instance_id: str) -> None:
        """Note that the command has been carried out, and in which instance."""
        _, wanted = turn.place
        self._note(turn, "done", None, None if instance_id == wanted else instance_id)

    def rejected(self, turn: Turn, message: str) -> None:
        """Note that the command has been refused, and why."""
        self._note(turn, "rejected", message, None)

    def _note(self, turn: Turn, outcome: batches.Outcome, message: str | None, started: str | None) -> None:
        batch = self._batches[turn.batch]
        batch.at = turn.place
        batch.position += 1
        batch.results.append(BatchResult(batch.position, turn.place[1], self.now, outcome, message, started))

    def flush(self) -> None:
        """Write how far the batches have come."""
        for id, batch in self._batches.items():
            if batch.at is not None and batch.results:
                batches.advance(self.connection, id, batch.at, batch.results)
