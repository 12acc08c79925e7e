"""What a closure sees when it runs: the variables, its local bindings, the clock and where warnings go.

Locals live in a list whose slots the compiler gives out, since a list is read twice as fast as a dict of
names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import TypeAlias

from penstock.feel.errors import NoValue, Warning
from penstock.feel.limits import Limits, Meter
from penstock.feel.values import Value

_WARNINGS = 100
"""How many warnings one evaluation keeps: a loop may give one a round."""


class Env:
    """The surroundings of one activation: of the expression itself, or of a function that it calls."""

    __slots__ = ("_meter", "limits", "locals", "now", "random", "variables", "warnings")

    def __init__(
        self,
        variables: Mapping[str, Value],
        now: datetime | None,
        warnings: list[Warning] | None,
        limits: Limits,
        random: Random | None = None,
    ) -> None:
        self.variables = variables
        self.now = now
        self.warnings = warnings
        self.limits = limits
        self.random = random
        self.locals: list[Value] = []
        self._meter: Meter | None = None

    @property
    def meter(self) -> Meter:
        """The meter of the whole evaluation."""
        meter = self._meter
        if meter is None:
            meter = self._meter = Meter(self.limits)
        return meter

    def inner(self, local: list[Value], variables: Mapping[str, Value] | None = None) -> Env:
        """Give the environment of a function's body, which shares all but the locals."""
        names = self.variables if variables is None else variables
        env = Env(names, self.now, self.warnings, self.limits, self.random)
        env.locals = local
        env._meter = self.meter
        return env

    def warn(self, code: str, message: str, position: int) -> None:
        """Say why something became null."""
        warnings = self.warnings
        if warnings is not None and len(warnings) < _WARNINGS:
            warnings.append(Warning(code, message, position))

    def nothing(self, problem: NoValue, position: int) -> Value:
        """Say why an operation has no value, and give null."""
        self.warn(problem.code, problem.message, position)
        return None


Fn: TypeAlias = Callable[[Env], Value]
"""A compiled expression: what each node of the syntax becomes."""
