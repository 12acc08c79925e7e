"""What the kernel asks of an expression language: expressions, and when timers fire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

Value = object
"""A FEEL value. The kernel carries values and never looks inside, but for `True` and `False`."""

Variables = Mapping[str, Value]


class Expression(Protocol):
    """What the kernel asks of an expression language: a text, and its value over some variables."""

    @property
    def text(self) -> str:
        """The expression as the author wrote it, for messages."""
        ...

    def __call__(self, variables: Variables, now: int) -> Value:
        """Give the value at `now` (epoch milliseconds).

        Raises:
            penstock.kernel.failures.Failure: the expression has no value; its message says why.
        """
        ...


class Schedule(Protocol):
    """When a timer event fires: a date or a duration, as an expression gives it."""

    @property
    def text(self) -> str:
        """The expression as the author wrote it, for messages."""
        ...

    def due(self, variables: Variables, now: int) -> int:
        """Give the moment at which the timer fires, in epoch milliseconds.

        Raises:
            penstock.kernel.failures.Failure: the expression gives no date or duration.
        """
        ...


class Cycle(Protocol):
    """When a timer event fires again and again: a repeating interval, or a cron expression.

    What is left of it after each time is a text, so that a stored state holds all that there is to know.
    """

    @property
    def text(self) -> str:
        """The expression as the author wrote it, for messages."""
        ...

    def first(self, variables: Variables, now: int) -> tuple[int, str | None]:
        """Give the first moment in epoch milliseconds, and what is left after it; None for nothing.

        Raises:
            penstock.kernel.failures.Failure: the expression gives no cycle.
        """
        ...

    def after(self, rest: str, now: int) -> tuple[int, str | None]:
        """Give the next moment after `now` of what was left, and what is left after that.

        Moments that passed while nothing ran are passed over, but for the one that has just fired.
        """
        ...
