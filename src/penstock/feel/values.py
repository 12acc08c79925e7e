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
or a store. Where Python's have not the digits, `NanoTime` and `NanoDatetime` carry them along, and `FarDate`
and `FarDatetime` hold other years than 1 to 9999. Values are never changed once made; a function that
"changes" a list gives a new one.
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
    from penstock.feel.syntax import FunctionType

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


class NanoTime(time):
    """A time whose fraction of a second has more than six digits; to Python it is the time without them."""

    nanos: int = 0
    """Billionths of a second beside the microseconds, 0 to 999."""


class NanoDatetime(datetime):
    """A date and time whose fraction of a second has more than six digits."""

    nanos: int = 0
    """Billionths of a second beside the microseconds, 0 to 999."""


_CYCLE = 146_097
"""Days in 400 years, after which the calendar repeats itself with its leap years and weekdays."""


@dataclass(frozen=True, slots=True)
class FarDate:
    """A date outside of the years 1 to 9999, to be read, written and compared; it has no arithmetic."""

    year: int
    month: int
    day: int

    def near(self) -> date:
        """Give the same day of the calendar in the years 2000 to 2399.

        Raises:
            ValueError: there is no such day.
        """
        return date(2000 + self.year % 400, self.month, self.day)

    def toordinal(self) -> int:
        """Give the number of the day, as `datetime.date` counts them."""
        return self.near().toordinal() + (self.year - 2000) // 400 * _CYCLE

    def isoweekday(self) -> int:
        """Give the day of the week, from 1 for Monday."""
        return self.near().isoweekday()


@dataclass(frozen=True, slots=True)
class FarDatetime:
    """A date and time outside of the years 1 to 9999."""

    day: FarDate
    clock: time

    def utcoffset(self) -> timedelta | None:
        """Give the offset from UTC; a zone has that of the same day in the years 2000 to 2399."""
        return datetime.combine(self.day.near(), self.clock).utcoffset()


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
    type: FunctionType | None = None
    """Its type, as far as that is declared or its text tells it; None for a function of the language."""


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
    NanoTime: "time",
    NanoDatetime: "date and time",
    FarDate: "date",
    FarDatetime: "date and time",
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
    return f"{kind.__module__}.{kind.__qualname__}"


def a_type(value: Value) -> str:
    """Give the type's name with its article, for messages."""
    name = type_name(value)
    return name if name == "null" else f"a {name}"


def is_number(value: Value) -> bool:
    """Tell whether a value is a number; a boolean is none."""
    kind = type(value)
    return kind is int or kind is Decimal


_FAMILIES: dict[type, type] = {Decimal: int, NanoTime: time, NanoDatetime: datetime}


def family(value: Value) -> type:
    """Give the type by which tables of operations know a value: int for every number."""
    kind = type(value)
    return _FAMILIES.get(kind, kind)


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


def in_bounds(value: Decimal) -> bool:
    """Tell whether a finite number's exponent is one that FEEL's numbers have (DMN 10.3.2.3.1)."""
    return not value or NUMBERS.Etiny() <= value.adjusted() <= NUMBERS.Emax


def rounded(value: int) -> int | Decimal:
    """Give an int as FEEL's number: itself, or rounded to 34 digits."""
    return value if -BOUND < value < BOUND else NUMBERS.create_decimal(value)
