"""Timers as the kernel sees them: the `Schedule` protocol over ISO texts and FEEL (BPMN 10.5.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from penstock import feel
from penstock.bpmn.expressions import expression
from penstock.bpmn.iso import (
    Duration,
    add_duration,
    epoch_milliseconds,
    parse_date_time,
    parse_duration,
)
from penstock.kernel.definition import Expression, Schedule, Value, Variables
from penstock.kernel.failures import Failure

_Due = Callable[[Value, int], int]
"""From a value and now to the moment, in epoch milliseconds; ValueError where the value is of no use."""


def fixed_date(text: str) -> Schedule:
    """Give the schedule of an ISO date and time. Without an offset, it counts as UTC.

    Raises:
        ValueError: the text is no ISO 8601 date and time.
    """
    return FixedDate(text, parse_date_time(text))


def fixed_duration(text: str) -> Schedule:
    """Give the schedule of an ISO duration, from the moment when the timer starts.

    Raises:
        ValueError: the text is no ISO 8601 duration.
    """
    return FixedDuration(text, parse_duration(text))


def feel_date(text: str) -> Schedule:
    """Give the schedule of a FEEL expression for a date and time, a date, or their ISO text.

    Raises:
        penstock.feel.FeelSyntaxError: the text is no FEEL.
    """
    return FeelSchedule(text, expression(text, "timer"), _date_due)


def feel_duration(text: str) -> Schedule:
    """Give the schedule of a FEEL expression for a duration of either kind, or its ISO text.

    Raises:
        penstock.feel.FeelSyntaxError: the text is no FEEL.
    """
    return FeelSchedule(text, expression(text, "timer"), _duration_due)


@dataclass(frozen=True, slots=True)
class FixedDate:
    """A date that the model names."""

    text: str
    moment: int
    """Epoch milliseconds."""

    def due(self, variables: Variables, now: int) -> int:  # noqa: ARG002 - the protocol's
        """Give the moment, even when it is past."""
        return self.moment


@dataclass(frozen=True, slots=True)
class FixedDuration:
    """A duration that the model names."""

    text: str
    duration: Duration

    def due(self, variables: Variables, now: int) -> int:  # noqa: ARG002 - the protocol's
        """Give the moment at which the duration is over; `Failure` beyond the year 9999."""
        try:
            return _after(now, self.duration)
        except ValueError as error:
            raise Failure("timer", f"The timer `{self.text}` cannot be set: {error}") from error


@dataclass(frozen=True, slots=True)
class FeelSchedule:
    """A date or duration that FEEL computes."""

    text: str
    expression: Expression
    to_moment: _Due = field(repr=False)

    def due(self, variables: Variables, now: int) -> int:
        """Give the moment; `Failure` when the value is no date or duration."""
        value = self.expression(variables, now)
        try:
            return self.to_moment(value, now)
        except ValueError as error:
            raise Failure("timer", f"The timer `{self.text}` cannot be set: {error}") from error


def _date_due(value: Value, _now: int) -> int:
    if isinstance(value, str):
        return parse_date_time(value)
    if isinstance(value, datetime):
        return epoch_milliseconds(value)
    if isinstance(value, date):
        return epoch_milliseconds(datetime(value.year, value.month, value.day))  # noqa: DTZ001 - UTC by rule
    raise ValueError(f"it gave {_shown(value)}, not a date and time")


def _duration_due(value: Value, now: int) -> int:
    if isinstance(value, str):
        return _after(now, parse_duration(value))
    if isinstance(value, timedelta):
        return _after(now, Duration(0, value // timedelta(milliseconds=1)))
    if isinstance(value, feel.YearsMonths):
        return _after(now, Duration(value.months, 0))
    raise ValueError(f"it gave {_shown(value)}, not a duration")


def _after(now: int, duration: Duration) -> int:
    try:
        return max(now, add_duration(now, duration))
    except OverflowError as error:
        raise ValueError(f"it would fire outside the years 1 to 9999 ({error})") from error


def _shown(value: Value) -> str:
    return "null" if value is None else f"a {feel.type_name(value)}"
