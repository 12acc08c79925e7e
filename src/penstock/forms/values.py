"""Values as forms have them: numbers that may be texts, options that may have labels, dates as texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Final

from penstock.feel import Value
from penstock.forms.model import Moment

_TIME: Final = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?"
_DATE: Final = r"\d{4}-\d\d-\d\d"
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_LONGEST_NUMBER: Final = 100


def number_of(value: Value) -> int | Decimal | None:
    """Give a number, or the number that a text says; None for anything else."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    text = value.strip()
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def options_of(found: object) -> list[Value]:
    """Give the values of a list of options: each a plain value, or a context with a label and a value."""
    if not isinstance(found, list):
        return []
    values = (each.get("value") if isinstance(each, Mapping) and "value" in each else each for each in found)
    return [value for value in values if value is not None]


def same(one: Value, other: Value) -> bool:
    """Whether two values are equal; true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def is_moment(value: Value, moment: Moment) -> bool:
    """Whether it is a date, a time or both, of FEEL's or as the text that a form gives back."""
    if isinstance(value, str):
        return _IS_TEXT[moment](value)
    match moment:
        case "date":
            return isinstance(value, date) and not isinstance(value, datetime)
        case "time":
            return isinstance(value, time)
        case "datetime":
            return isinstance(value, datetime)


def _is_date(text: str) -> bool:
    if not re.fullmatch(_DATE, text, re.ASCII):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_time(text: str) -> bool:
    return re.fullmatch(_TIME, text, re.ASCII) is not None


def _is_both(text: str) -> bool:
    day, _, hour = text.partition("T")
    return _is_date(day) and _is_time(hour)


_IS_TEXT: Final[Mapping[Moment, Callable[[str], bool]]] = {
    "date": _is_date,
    "time": _is_time,
    "datetime": _is_both,
}
