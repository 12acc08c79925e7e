"""From the texts of the raw model to expressions and schedules, or to findings.

Every text is compiled here, once, when the file is read: what does not compile cannot be deployed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from penstock import feel
from penstock.bpmn import cycles, expressions, schedules
from penstock.bpmn.findings import Report, sentence
from penstock.bpmn.iso import parse_date_time
from penstock.bpmn.names import Spot
from penstock.bpmn.raw import RawTrigger, Source
from penstock.kernel.definition import Cycle, Expression, Schedule
from penstock.kernel.failures import IncidentType

_T = TypeVar("_T")


def feel_or_text(
    source: Source | None, element: str, report: Report, incident: IncidentType = "expression"
) -> Expression | None:
    """Compile FEEL, and keep a constant as its text."""
    if source is None:
        return None
    if not source.feel:
        return expressions.constant(source.text, source.text)
    return _compiled(source, element, report, lambda text: expressions.expression(text, incident))


def feel_only(source: Source | None, element: str, report: Report) -> Expression | None:
    """Compile FEEL where a constant would make no sense."""
    if source is not None and not source.feel:
        report.error(
            "not-an-expression",
            Spot(element, source.line),
            f"{sentence(source.what)} of '{element}' is the text {source.text!r}, not an expression.",
            f"Write it with a leading =, as in ={source.text.strip()}.",
        )
        return None
    return feel_or_text(source, element, report)


def condition(source: Source | None, flow: str, report: Report) -> Expression | None:
    """Compile the condition of a sequence flow."""
    if source is None:
        return None
    return _compiled(source, flow, report, expressions.condition)


def moment(source: Source | None, element: str, report: Report) -> Expression | None:
    """Compile a date of a user task: FEEL, or an ISO date and time."""
    if source is None or source.feel:
        return feel_or_text(source, element, report)
    try:
        parse_date_time(source.text)
    except ValueError as error:
        _bad_time(source, element, error, report)
        return None
    return expressions.constant(source.text.strip(), source.text)


def priority(source: Source | None, element: str, report: Report) -> Expression | None:
    """Compile a priority: FEEL, or a whole number from 0 to 100."""
    if source is None or source.feel:
        return feel_or_text(source, element, report)
    text = source.text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100):
        report.error(
            "invalid-priority",
            Spot(element, source.line),
            f"The priority of '{element}' is {source.text!r}, not a whole number from 0 to 100.",
            "Write a number from 0 to 100, or a FEEL expression with a leading =.",
        )
        return None
    return expressions.constant(int(text), source.text)


def schedule(trigger: RawTrigger, element: str, report: Report) -> Schedule | None:
    """Compile a timer: its date or its duration, as FEEL or as an ISO text."""
    if trigger.date is not None:
        return _schedule(trigger.date, element, report, schedules.feel_date, schedules.fixed_date)
    if trigger.duration is not None:
        return _schedule(trigger.duration, element, report, schedules.feel_duration, schedules.fixed_duration)
    return None


def cycle(source: Source, element: str, report: Report) -> Cycle | None:
    """Compile a timer cycle: a repeating interval or a cron expression, or FEEL for either."""
    if source.feel or not source.text:
        return _compiled(source, element, report, cycles.feel_cycle)
    try:
        return cycles.fixed_cycle(source.text)
    except (ValueError, OverflowError) as error:
        _bad_time(source, element, error, report)
        return None


def _schedule(
    source: Source,
    element: str,
    report: Report,
    of_feel: Callable[[str], Schedule],
    of_text: Callable[[str], Schedule],
) -> Schedule | None:
    if source.feel or not source.text:
        return _compiled(source, element, report, of_feel)
    try:
        return of_text(source.text)
    except ValueError as error:
        _bad_time(source, element, error, report)
        return None


def _compiled(source: Source, element: str, report: Report, build: Callable[[str], _T]) -> _T | None:
    at = Spot(element, source.line)
    if not source.text:
        report.error(
            "empty-expression",
            at,
            f"{sentence(source.what)} of '{element}' is empty.",
            "Write a FEEL expression, or remove it.",
        )
        return None
    try:
        return build(source.text)
    except feel.FeelSyntaxError as error:
        report.error(
            "feel-syntax",
            at,
            f"{sentence(source.what)} of '{element}' is no FEEL expression: {error}",
            "Correct the expression at the marked place.",
        )
        return None


def _bad_time(source: Source, element: str, error: Exception, report: Report) -> None:
    report.error(
        "invalid-time",
        Spot(element, source.line),
        f"{sentence(source.what)} of '{element}' cannot be read: {error}.",
        "Write it in ISO 8601, or as a FEEL expression with a leading =.",
    )
