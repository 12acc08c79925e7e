"""How fast calls end, and so how many may be taken on beyond those that run.

A call that waits here for a place cannot be run elsewhere, so few are taken ahead: as many as will have begun
within a moment if they go on ending as they do. Where a call takes longer than that, none is.
"""

from __future__ import annotations

import time
from typing import Final

AHEAD_S: Final = 0.1
"""Within how many seconds what is taken ahead is to begin."""
MOST_AHEAD: Final = 256
"""Calls that are taken ahead at most."""
_WEIGHT: Final = 0.1
"""How much the last call counts beside all before it."""


class Pace:
    """How long calls take lately."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._mean_s = 0.0
        self._ended_at = 0.0
        """When the last call ended, on the monotonic clock; 0 where none has."""

    def note(self, seconds: float) -> None:
        """A call has ended that took so many seconds."""
        known = self._ended_at > 0
        self._mean_s += (seconds - self._mean_s) * (_WEIGHT if known else 1.0)
        self._ended_at = time.monotonic()

    def ahead(self, *, busy: bool) -> int:
        """Give how many calls may be taken on beyond those for which there are places.

        Arguments:
            busy: whether calls run: then one must have ended just now.
        """
        if not self._ended_at or (busy and time.monotonic() - self._ended_at > AHEAD_S):
            return 0
        return min(MOST_AHEAD, int(self._places * AHEAD_S / max(self._mean_s, 1e-6)))
