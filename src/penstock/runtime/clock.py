"""The clock is a parameter: the system's in production, one that stands still until it is moved in tests."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> int:
        """Give the time in epoch milliseconds."""
        ...


class SystemClock:
    """The system's own time."""

    def now(self) -> int:
        """Give the time in epoch milliseconds."""
        return time.time_ns() // 1_000_000


class TestClock:
    """A clock that stands still until somebody moves it, and never goes back."""

    __test__ = False

    def __init__(self, start: int) -> None:
        self._now = start

    def now(self) -> int:
        """Give the time in epoch milliseconds."""
        return self._now

    def move(self, to: int) -> None:
        """Move to a moment that is not before the present one.

        Raises:
            ValueError: it is.
        """
        if to < self._now:
            raise ValueError("the clock does not go back")
        self._now = to
