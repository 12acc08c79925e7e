"""The values of FEEL, and the few that Python lacks (DMN 1.5, 10.3.2).

number              int, as long as it has at most 34 digits, or Decimal
string, boolean     str, bool
null                None
date, time          datetime.date, datetime.time
date and time       datetime.datetime
days and time duration        datetime.timedelta
years and months duration     YearsMonths
list, context       list, dict with str keys
range, function     Range, Function

Python's own types are used wherever there is one, so that a value needs no conversion on its way to a worker
or a store. Their bounds are then FEEL's here: years 1 to 9999, and microseconds. What lies outside is null,
with a warning. Values are never changed once made; a function that "changes" a list gives a new one.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from penstock.feel.environment import Env

Value: TypeAlias = Any
"""A FEEL value. FEEL is dynamically typed, and so is the code that handles its values."""

DIGITS = 34
BOUND = 10**DIGITS
"""Integers at and above this lose digits, as Decimal128 does (DMN 1.5, 10.3.2.1)."""

NUMBERS = decimal.Context(
    prec=DIGITS,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
"""The arithmetic of FEEL: IEEE 754-2008 Decimal128."""


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration."""

    months: int
    """All months together, negative for a duration back in time."""


@dataclass(frozen=True, slots=True)
class Range:
    """A range of numbers, strings, dates, times, dates and times, or durations (DMN 1.5, 10.3.2.7)."""

    start: Value
    """None where the range has no lower end."""
    end: Value
    """None where the range has no upper end."""
    start_included: bool
    end_included: bool
    operator: str | None = None
    """For a range written as a unary test, such as `(< 10)`: its operator."""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function: one of the language, or one that an expression or a decision defines."""

    name: str | None
    parameters: tuple[str, ...] | None
    """Their names, for named arguments; None for a function of the language, which has several signatures."""
    call: Callable[[Env, Sequence[Value], Sequence[str] | None], Value]
    """Takes the environment of the caller, the arguments, and their names where they are named."""
    types: tuple[object, ...] = ()
    """The declared types of the parameters (`penstock.feel.syntax`), where there are some."""


_TYPE_NAMES: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    Decimal: "number",
    float: "number",
    str: "string",
    date: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}


def type_name(value: Value) -> str:
    """Give the name of the value's type as FEEL has it, such as "number" or "years and months duration"."""
    kind = type(value)
    known = _TYPE_NAMES.get(kind)
    if known is not None:
        return known
    for base in (bool, int, Decimal, float, str, datetime, date, time, timedelta, list, dict):
        if issubclass(kind, base):
            return _TYPE_NAMES[base]
    return kind.__name__


def a_type(value: Value) -> str:
    """Give the type's name with its article, for messages."""
    name = type_name(value)
    return name if name == "null" else f"a {name}"


def is_number(value: Value) -> bool:
    """Tell whether a value is a number; a boolean is none."""
    kind = type(value)
    return kind is int or kind is Decimal


def family(value: Value) -> type:
    """Give the type by which tables of operations know a value: int for every number."""
    kind = type(value)
    return int if kind is Decimal else kind


def plain(value: Value) -> Value:
    """Give a float that came in unconverted as the Decimal of its shortest text; anything else as it is."""
    if type(value) is float:
        return NUMBERS.create_decimal(repr(value)) if value - value == 0 else None
    return value


def number(value: int | Decimal) -> int | Decimal:
    """Give a number in its usual form: an int where it is a whole number of few digits."""
    if type(value) is Decimal and value == value.to_integral_value() and -BOUND < value < BOUND:
        return int(value)
    return value


def rounded(value: int) -> int | Decimal:
    """Give an int as FEEL's number: itself, or rounded to 34 digits."""
    return value if -BOUND < value < BOUND else NUMBERS.create_decimal(value)
