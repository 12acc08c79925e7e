"""The text of a value: what `string()` gives (DMN 1.5, 10.3.4.1), and the same inside lists and contexts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from penstock.feel import temporal_text
from penstock.feel.errors import FeelLimitError
from penstock.feel.lexer import is_plain_name
from penstock.feel.stack import roomy
from penstock.feel.values import (
    NUMBERS,
    FarDate,
    FarDatetime,
    Function,
    Range,
    Value,
    YearsMonths,
    family,
    plain,
)

_DEEPEST = 200
"""How deep lists and contexts may stand inside each other in a text."""
_MOST_PARTS = 5_000_000
"""Parts of a text: values and what stands between them."""
_LONGEST = 60
"""Digits before the point up to which a number is written out."""


def to_text(value: Value) -> str:
    """Give a value as FEEL writes it: `string()` of it, or "null".

    Raises:
        FeelLimitError: it is nested too deeply to be written, or too large.
    """
    return value if isinstance(value, str) else "".join(_pieces(value))


def number_text(value: Value) -> str:
    """Give a number in decimal digits, without zeros at its end."""
    if type(value) is not Decimal:
        return str(value)
    if not value:
        return "0"
    text = f"{value:f}" if -_LONGEST < value.adjusted() < _LONGEST else str(NUMBERS.normalize(value))
    return text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text


def quoted(text: str) -> str:
    """Give a string as a literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def _pieces(value: Value) -> list[str]:
    """Give the parts of a text, counted: a value may hold the same list many times, many levels deep."""
    return roomy(lambda: _written(value))


def _written(value: Value) -> list[str]:
    parts: list[str] = []
    _write(value, parts, 0)
    return parts


def _write(value: Value, parts: list[str], depth: int) -> None:
    if depth > _DEEPEST:
        raise FeelLimitError(f"a value nested more than {_DEEPEST} deep cannot be written as text")
    if len(parts) > _MOST_PARTS:
        raise FeelLimitError("the value is too large to be written as text")
    value = plain(value)
    if isinstance(value, list):
        _write_all("[", ((None, item) for item in value), "]", parts, depth)
    elif isinstance(value, dict):
        _write_all("{", value.items(), "}", parts, depth)
    elif isinstance(value, Range):
        _write_range(value, parts, depth)
    else:
        writer = _WRITERS.get(family(value))
        parts.append(writer(value) if writer is not None else str(value))


def _write_all(
    opening: str, entries: Iterable[tuple[str | None, Value]], closing: str, parts: list[str], depth: int
) -> None:
    separator = opening
    for key, value in entries:
        parts.append(separator if key is None else f"{separator}{_key(key)}: ")
        _write(value, parts, depth + 1)
        separator = ", "
    parts.append(closing if separator == ", " else opening + closing)


def _key(key: str) -> str:
    return key if is_plain_name(key) else quoted(key)


def _write_range(value: Range, parts: list[str], depth: int) -> None:
    if value.operator is not None:
        parts.append(f"{value.operator} ")
        _write(value.end if value.operator in ("<", "<=") else value.start, parts, depth + 1)
        return
    parts.append("[" if value.start_included else "(")
    _write(value.start, parts, depth + 1)
    parts.append("..")
    _write(value.end, parts, depth + 1)
    parts.append("]" if value.end_included else ")")


_WRITERS: dict[type, Callable[[Value], str]] = {
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    int: number_text,
    str: quoted,
    date: temporal_text.date_text,
    FarDate: temporal_text.date_text,
    time: temporal_text.time_text,
    datetime: temporal_text.datetime_text,
    FarDatetime: temporal_text.datetime_text,
    timedelta: temporal_text.duration_text,
    YearsMonths: temporal_text.months_text,
    Function: lambda value: f"function({', '.join(value.parameters or ())})",
}
