"""What a compiled expression of a model sees when it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from penstock.feel.environment import Env
from penstock.feel.values import Value


@dataclass(frozen=True, slots=True)
class Matched:
    """What a decision table was asked and what it answered: why a decision is as it is."""

    table: str
    """The id of the table, or of the nearest element around it that has one."""
    rules: tuple[str | int, ...]
    """The rules that matched, in their order: the id of each, or its number from 1."""
    inputs: tuple[tuple[str, Value], ...]
    """The label of each input with the value that it had."""
    outputs: tuple[Value, ...]
    """What the rules gave that the hit policy let through; a context for each rule with several outputs."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The surroundings of one activation: FEEL's environment, and where tables say which rules matched."""

    env: Env
    trace: list[Matched]

    def inner(self, variables: Mapping[str, Value]) -> Frame:
        """Give the surroundings with other variables; clock, meter, warnings and trace stay the same."""
        return Frame(self.env.inner([], variables), self.trace)


Run: TypeAlias = Callable[[Frame], Value]
"""A compiled boxed expression."""
