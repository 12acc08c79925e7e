"""Read the rules of a field: its `validate` and what numbers carry beside it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, TypeVar

from penstock.findings import Place, Report
from penstock.forms.model import Bound, FieldType, Rules
from penstock.forms.patterns import portable, usable

P = TypeVar("P", bound=Place)
Read = Callable[[object, P, str], Bound | None]
"""Reads a bound that is fixed or an expression."""

_KINDS: Final[dict[object, Literal["email", "phone"]]] = {"email": "email", "phone": "phone"}


def read_rules(found: dict[str, Any], type: FieldType, at: P, report: Report, bound: Read[P]) -> Rules:
    """Give the rules of a component; what cannot be one is a finding."""
    said = found.get("validate")
    validate = said if isinstance(said, dict) else {}
    return Rules(
        required=validate.get("required") is True,
        least=bound(validate.get("min"), at, "min"),
        most=bound(validate.get("max"), at, "max"),
        shortest=bound(validate.get("minLength"), at, "minLength"),
        longest=bound(validate.get("maxLength"), at, "maxLength"),
        pattern=_pattern(validate.get("pattern"), at, report),
        pattern_message=_message(validate.get("patternErrorMessage")),
        kind=_KINDS.get(validate.get("validationType")),
        decimals=_decimals(found.get("decimalDigits")) if type == "number" else None,
        step=_step(found.get("increment"), at, report) if type == "number" else None,
        as_text=found.get("serializeToString") is True,
    )


def _pattern(value: object, at: Place, report: Report) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    pattern = portable(value)
    if usable(pattern):
        return pattern
    report.warning(
        "pattern-not-checked",
        at,
        f"The pattern {value!r} is checked in the browser only: the server reads patterns as FEEL does.",
        "Write it without what XPath does not know, such as looking ahead: (?=...).",
    )
    return None


def _message(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _decimals(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _step(value: object, at: Place, report: Report) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        step = Decimal(str(value))
    except InvalidOperation:
        step = Decimal(0)
    if step.is_finite() and step > 0:
        return step
    message = f"The increment is {value!r}, which is no number above 0."
    report.error("bad-rule", at, message, "Give a number such as 0.5, or leave it out.")
    return None
