"""FEEL as the kernel sees it: the `Expression` protocol over compiled FEEL.

FEEL answers null where it has no answer, and says why in warnings. A mapping may well give null; a
condition must not, so its failure tells the author what was missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from math import inf
from typing import Final

from penstock import feel
from penstock.bpmn.iso import from_epoch_milliseconds
from penstock.kernel.definition import Expression, Value, Variables
from penstock.kernel.failures import Failure, IncidentType

LIMITS: Final = feel.Limits(steps=500_000, seconds=inf)
"""Steps bound an expression of a process, and no clock does: the same command has the same outcome."""


def constant(value: Value, text: str) -> Expression:
    """Give an expression that always has this value."""
    return Constant(text, value)


def expression(text: str, incident: IncidentType = "expression") -> Expression:
    """Compile a FEEL expression, without a leading `=`.

    Args:
        text: the FEEL text.
        incident: the type of the failure when it has no value.

    Raises:
        penstock.feel.FeelSyntaxError: the text is no FEEL.
    """
    return FeelExpression(text, incident, feel.compile(text))


def condition(text: str) -> Expression:
    """Compile a FEEL condition, which must give true or false (BPMN 8.4.13).

    Raises:
        penstock.feel.FeelSyntaxError: the text is no FEEL.
    """
    return FeelCondition(text, feel.compile(text))


@dataclass(frozen=True, slots=True)
class Constant:
    """A fixed value, as an expression."""

    text: str
    value: Value

    def __call__(self, variables: Variables, now: int) -> Value:  # noqa: ARG002 - the protocol's
        """Give the value."""
        return self.value


@dataclass(frozen=True, slots=True)
class FeelExpression:
    """A FEEL expression. Two with the same text are equal."""

    text: str
    incident: IncidentType
    compiled: feel.Expression = field(compare=False, repr=False)

    def __call__(self, variables: Variables, now: int) -> Value:
        """Give its value, null included; `Failure` when a bound of FEEL is exceeded, or when the value is
        none that a process can keep, such as a function.
        """
        try:
            value = self.compiled.evaluate(variables, now=clock_time(now), limits=LIMITS)
        except feel.FeelError as error:
            raise Failure(self.incident, f"`{self.text}` has no value: {error}") from error
        reason = feel.unstorable(value)
        if reason is not None:
            raise Failure(self.incident, f"`{self.text}` gives no value for a process variable: {reason}")
        return value


@dataclass(frozen=True, slots=True)
class FeelCondition:
    """A FEEL expression that gives true or false. Two with the same text are equal."""

    text: str
    compiled: feel.Expression = field(compare=False, repr=False)

    def __call__(self, variables: Variables, now: int) -> Value:
        """Give true or false; `Failure` with the reason for anything else."""
        try:
            value = self.compiled.evaluate(variables, now=clock_time(now), limits=LIMITS)
            if value is True or value is False:
                return value
            # Only now are the warnings worth their cost.
            warnings: list[feel.Warning] = []
            self.compiled.evaluate(variables, now=clock_time(now), warnings=warnings, limits=LIMITS)
        except feel.FeelError as error:
            raise Failure("condition", f"`{self.text}` has no value: {error}") from error
        shown = "null" if value is None else f"a {feel.type_name(value)}"
        reasons = "; ".join(warning.message for warning in warnings)
        message = f"`{self.text}` gave {shown}, not true or false" + (f": {reasons}" if reasons else "")
        raise Failure("condition", message)


@lru_cache(maxsize=64)
def clock_time(now: int) -> datetime:
    """Give the moment, in epoch milliseconds, as FEEL wants it.

    One command evaluates many expressions at the same moment, so that remembering is cheaper than making.
    """
    return from_epoch_milliseconds(now)
