"""Which jobs a node looks for: not those of a type that has as many as may run, until there may be room.

Only for looking. What may run is decided where jobs are leased, in `store/levels.py`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from typing import Final

from penstock.levels import Levels
from penstock.runtime.clock import Clock

LOOK_S: Final = 0.2
"""After how long it is looked again whether a job that another node had has ended."""


class Gate:
    """What a node knows of the limits of its types, and of jobs that wait for a place here."""

    def __init__(self, levels: Levels, clock: Clock) -> None:
        self.levels = levels
        self._clock = clock
        self._lock = threading.Lock()
        self._full: dict[str, tuple[int, float]] = {}
        """By type: when there is room at the latest (epoch ms), and when to look all the same (monotonic)."""
        self._behind = False
        """Whether jobs may wait for a place here, among which some go ahead of others."""

    def may_claim(self, type_: str) -> bool:
        """Give whether a job may be taken as it is opened: it has no limit, and nobody is before it."""
        return self.levels.limit_of(type_) is None and not self._behind

    def fell_behind(self) -> None:
        """A job has found no place."""
        self._behind = self.levels.ordered

    def wanted(self, types: Iterable[str]) -> list[str]:
        """Give those of the types that may have room."""
        if not self._full:
            return list(types)
        now, tick = self._clock.now(), time.monotonic()
        with self._lock:
            return [it for it in types if it not in self._full or _over(self._full[it], now, tick)]

    def next_room(self) -> int | None:
        """Give when there will be room again for a type that has none (epoch ms)."""
        if not self._full:
            return None
        now = self._clock.now()
        with self._lock:
            return min((until for until, _ in self._full.values() if until > now), default=None)

    def note(self, types: Iterable[str], full: Mapping[str, int], *, more: bool) -> None:
        """Note what a look for jobs of these types has shown.

        Arguments:
            full: the types without room, each with when it has some at the latest (epoch ms).
            more: whether other jobs may wait beside those that were found.
        """
        tick = time.monotonic() + LOOK_S
        with self._lock:
            for type_ in types:
                self._full.pop(type_, None)
            self._full.update((type_, (until, tick)) for type_, until in full.items())
        self._behind = self.levels.ordered and more

    def ended(self) -> bool:
        """A job has ended: there may be room. Give whether that was waited for."""
        if not self._full:
            return False
        with self._lock:
            self._full = {type_: (until, 0.0) for type_, (until, _) in self._full.items()}
        return True


def _over(full: tuple[int, float], now: int, tick: float) -> bool:
    until, look = full
    return until <= now or look <= tick
