"""Timer cycles as the kernel sees them: repeating intervals of ISO 8601, and cron expressions (BPMN 10.5.5).

What is left of a cycle is a text of the same form: `R2/2026-01-05T10:00:00Z/PT1H` is an interval with the
moment from which it is counted, `0 0 9 * * *` a cron expression, which is never used up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cronsim import CronSim, CronSimError

from penstock.bpmn.expressions import expression
from penstock.bpmn.iso import (
    Duration,
    add_duration,
    epoch_milliseconds,
    from_epoch_milliseconds,
    parse_date_time,
    parse_duration,
)
from penstock.kernel.definition import Cycle, Expression, Variables
from penstock.kernel.failures import Failure

_REPEATING: Final = re.compile(
    r"R(?P<count>-1|\d{0,9})/(?:(?P<start>[^/]+)/)?(?P<span>P[^/]+)(?:/(?P<end>[^/P]+))?"
)
_ALIASES: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}


def fixed_cycle(text: str) -> Cycle:
    """Give the cycle of `R3/PT10M`, `R/PT1H`, `R3/2030-01-01T00:00:00Z/P1D` or a cron expression.

    Raises:
        ValueError: the text is neither.
    """
    _begin(text, 0)
    return FixedCycle(text)


def feel_cycle(text: str) -> Cycle:
    """Give the cycle of a FEEL expression for such a text.

    Raises:
        penstock.feel.FeelSyntaxError: the text is no FEEL.
    """
    return FeelCycle(text, expression(text.removeprefix("="), "timer"))


@dataclass(frozen=True, slots=True)
class _Cycle:
    text: str

    def after(self, rest: str, now: int) -> tuple[int, str | None]:
        """Give the next moment after `now`; moments that have passed are passed over together."""
        return _next(rest, now)


@dataclass(frozen=True, slots=True)
class FixedCycle(_Cycle):
    """A cycle that the model names."""

    def first(self, variables: Variables, now: int) -> tuple[int, str | None]:  # noqa: ARG002 - the protocol's
        """Give the first moment."""
        return _started(self.text, self.text, now)


@dataclass(frozen=True, slots=True)
class FeelCycle(_Cycle):
    """A cycle that FEEL computes."""

    expression: Expression

    def first(self, variables: Variables, now: int) -> tuple[int, str | None]:
        """Give the first moment; `Failure` when the value is no cycle."""
        value = self.expression(variables, now)
        if not isinstance(value, str):
            raise Failure("timer", f"The timer `{self.text}` cannot be set: it gave no text such as R3/PT10M")
        return _started(self.text, value, now)


def _started(shown: str, text: str, now: int) -> tuple[int, str | None]:
    try:
        return _begin(text, now)
    except (ValueError, OverflowError) as error:
        raise Failure("timer", f"The timer `{shown}` cannot be set: {error}") from error


def _begin(text: str, now: int) -> tuple[int, str | None]:
    match = _REPEATING.fullmatch(text.strip())
    if match is None:
        return _cron(text.strip(), now)
    count = int(match["count"]) if match["count"] not in ("", "-1") else None
    span = _span(match["span"])
    start = add_duration(now, span) if match["start"] is None else parse_date_time(match["start"])
    if count == 0:
        raise ValueError(f"'{text}' repeats zero times")
    return start, _rest(None if count is None else count - 1, start, match["span"])


def _span(text: str) -> Duration:
    span = parse_duration(text)
    if (span.months, span.milliseconds) <= (0, 0) or span.months < 0 or span.milliseconds < 0:
        raise ValueError(f"'{text}' is no positive duration")
    return span


def _rest(count: int | None, start: int, span: str) -> str | None:
    """Give what is left: the count, the moment that was the last one, and the duration until the next."""
    if count == 0:
        return None
    moment = from_epoch_milliseconds(start).isoformat().replace("+00:00", "Z")
    return f"R{'' if count is None else count}/{moment}/{span}"


def _next(rest: str, now: int) -> tuple[int, str | None]:
    match = _REPEATING.fullmatch(rest)
    if match is None:
        return _cron(rest, now)
    span, due = _span(match["span"]), parse_date_time(match["start"])
    due = add_duration(due, span)
    if due <= now and not span.months:
        due += (now - due) // span.milliseconds * span.milliseconds
    while due <= now:
        due = add_duration(due, span)
    return due, _rest(int(match["count"]) - 1 if match["count"] else None, due, match["span"])


def _cron(text: str, now: int) -> tuple[int, str]:
    """Give the next moment, in UTC, of a cron expression with five fields, or with seconds before them."""
    fields = _ALIASES.get(text, text).split()
    if len(fields) not in (5, 6):
        raise ValueError(f"'{text}' is neither a repeating interval such as R3/PT10M nor a cron expression")
    # Quartz writes ? for a day that another field decides.
    plain = " ".join(field.replace("?", "*") for field in fields)
    try:
        moments = CronSim(plain, datetime.fromtimestamp(now / 1000, UTC))
        return epoch_milliseconds(next(moments)), text
    except (CronSimError, StopIteration) as error:
        raise ValueError(f"'{text}' is no cron expression: {error}") from error
