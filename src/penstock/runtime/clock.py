"""The clock is a parameter: the database's, the system's, or one that stands still until it is moved.

What nodes must agree on, which is when a lease ends and when a timer is due, goes by the database's clock.
That of a node's machine may be wrong by hours and harms nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Protocol

from penstock.store.database import Database

QUICK_NS: Final = 50_000_000
"""An answer within this tells the time well enough."""

TRIES: Final = 5
"""How often a clock that answers slowly is asked."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> int:
        """Give the time in epoch milliseconds."""
        ...

    def sync(self) -> None:
        """Compare it with the clock that it goes by, where it goes by another one."""


class DatabaseClock:
    """The database's time: asked for now and then, and measured from there by what time has passed here."""

    def __init__(self, ask: Callable[[], int]) -> None:
        """Ask for the time.

        Arguments:
            ask: gives the database's time in epoch milliseconds.
        """
        self._ask = ask
        self._ahead_ns = 0
        self.sync()

    def now(self) -> int:
        """Give the time in epoch milliseconds."""
        return (time.monotonic_ns() + self._ahead_ns) // 1_000_000

    def sync(self) -> None:
        """Ask for the time again; the answer is as of the middle of the time that it took.

        Where that was long, since this node stood still meanwhile or the database was busy, the middle may be
        far from it: it is asked again, and the quickest answer counts.
        """
        quickest: tuple[int, int] | None = None
        for _ in range(TRIES):
            before = time.monotonic_ns()
            told = self._ask()
            after = time.monotonic_ns()
            found = after - before, told * 1_000_000 - (before + after) // 2
            quickest = min(quickest or found, found)
            if quickest[0] <= QUICK_NS:
                break
        assert quickest is not None, "it was asked"
        self._ahead_ns = quickest[1]


class SystemClock:
    """The system's own time."""

    def now(self) -> int:
        """Give the time in epoch milliseconds."""
        return time.time_ns() // 1_000_000

    def sync(self) -> None:
        """It goes by itself."""


class TestClock:
    """A clock that stands still until somebody moves it, and never goes back."""

    __test__ = False

    def __init__(self, start: int) -> None:
        self._now = start

    def now(self) -> int:
        """Give the time in epoch milliseconds."""
        return self._now

    def sync(self) -> None:
        """It goes by whoever moves it."""

    def move(self, to: int) -> None:
        """Move to a moment that is not before the present one.

        Raises:
            ValueError: it is.
        """
        if to < self._now:
            raise ValueError("the clock does not go back")
        self._now = to


def clock_of(database: Database, stands_still_at: int | None) -> Clock:
    """Give the clock of a node: the database's where others share it, or one that stands still (epoch ms)."""
    if stands_still_at is not None:
        return TestClock(stands_still_at)
    return DatabaseClock(database.now) if database.shared else SystemClock()
