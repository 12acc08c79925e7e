"""The bounds of one evaluation, and the meter that counts against them.

A model is data that anybody may deploy, so that an expression must not be able to hold the server. The hot
path pays nothing for it: only loops, filters and calls tick, and a meter is made when the first of them does.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from penstock.feel.errors import FeelLimitError

_CLOCK_EVERY = 256
"""Steps between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one evaluation may take before it ends with `FeelLimitError`."""

    steps: int = 1_000_000
    """Loop rounds, calls and filtered items together, and the backtracking of regular expressions."""
    depth: int = 64
    """Calls of functions inside each other."""
    seconds: float = 1.0
    """Wall-clock time, looked at in loops."""
    size: int = 10_000_000
    """Items of lists and characters of strings that are built, all together."""


DEFAULT_LIMITS = Limits()


class Meter:
    """What one evaluation has used so far."""

    __slots__ = ("_deadline", "_held", "_limits", "_next_look", "depth", "steps")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.steps = 0
        self._held = 0
        self.depth = 0
        self._next_look = min(_CLOCK_EVERY, limits.steps)
        self._deadline = monotonic() + limits.seconds

    def tick(self, count: int = 1) -> None:
        """Count `count` steps.

        Raises:
            FeelLimitError: the steps or the time are used up.
        """
        self.steps += count
        if self.steps > self._next_look:
            self._look()

    def _look(self) -> None:
        limits = self._limits
        if self.steps > limits.steps:
            raise FeelLimitError(
                f"the expression took more than {limits.steps} steps; loop over less, or raise Limits.steps"
            )
        if monotonic() > self._deadline:
            raise FeelLimitError(
                f"the expression ran longer than {limits.seconds} s; loop over less, or raise Limits.seconds"
            )
        self._next_look = min(self.steps + _CLOCK_EVERY, limits.steps)

    def enter(self) -> None:
        """Go into a function.

        Raises:
            FeelLimitError: functions call each other too deeply.
        """
        self.depth += 1
        if self.depth > self._limits.depth:
            raise FeelLimitError(
                f"functions call each other more than {self._limits.depth} deep; "
                "end the recursion earlier, or raise Limits.depth"
            )
        self.tick()

    def leave(self) -> None:
        """Come back from a function."""
        self.depth -= 1

    def hold(self, size: int) -> None:
        """Count items or characters of something that is about to be built.

        Raises:
            FeelLimitError: all that was built is larger than the limit.
        """
        self._held += size
        if self._held > self._limits.size:
            raise FeelLimitError(
                f"the expression builds more than {self._limits.size} items or characters; "
                "build less, or raise Limits.size"
            )
