"""Which workers outside the server have asked this node for jobs, as long as it runs."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST: Final = 1_000
"""So many are remembered, those seen last."""


@dataclass(frozen=True, slots=True)
class SeenWorker:
    """A worker that asked for jobs."""

    name: str
    types: tuple[str, ...]
    """What it asked for the last time."""
    seen_at: int


class WorkersSeen:
    """Remembers who asked for jobs; safe for threads."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._lock = threading.Lock()
        self._seen: dict[str, SeenWorker] = {}

    def note(self, name: str, types: Sequence[str], now: int) -> None:
        """Remember that a worker asks."""
        with self._lock:
            self._seen.pop(name, None)
            self._seen[name] = SeenWorker(name, tuple(types), now)
            if len(self._seen) > MOST:
                del self._seen[next(iter(self._seen))]

    def all(self) -> list[SeenWorker]:
        """Give them, who asked last the last."""
        with self._lock:
            return list(self._seen.values())
