"""What `+ - * / **` and the minus sign mean (DMN 1.5, 10.3.2.8 to 10.3.2.10, tables 55 to 57).

Each function takes values of any type and raises `NoValue` where the standard has no result for them; the
closures in `penstock.feel.compile` handle the plain cases themselves and come here for the rest.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from penstock.feel import temporal
from penstock.feel.errors import NoValue
from penstock.feel.values import (
    NUMBERS,
    Value,
    YearsMonths,
    a_type,
    family,
    is_number,
    number,
    plain,
    rounded,
    type_name,
)

_MICROSECOND = timedelta(microseconds=1)
_MOST_MONTHS = 10**18


def add(left: Value, right: Value) -> Value:
    """`left + right` (table 55)."""
    if is_number(left) and is_number(right):
        return _total(left, right)
    return _apply(_ADD, "add", left, right)


def _total(left: Value, right: Value) -> Value:
    if type(left) is int and type(right) is int:
        return rounded(left + right)
    return _computed(NUMBERS.add, left, right)


def subtract(left: Value, right: Value) -> Value:
    """`left - right` (table 55)."""
    if is_number(left) and is_number(right):
        if type(left) is int and type(right) is int:
            return rounded(left - right)
        return _computed(NUMBERS.subtract, left, right)
    return _apply(_SUBTRACT, "subtract", left, right)


def multiply(left: Value, right: Value) -> Value:
    """`left * right` (table 56)."""
    if is_number(left) and is_number(right):
        if type(left) is int and type(right) is int:
            return rounded(left * right)
        return _computed(NUMBERS.multiply, left, right)
    return _apply(_MULTIPLY, "multiply", left, right)


def divide(left: Value, right: Value) -> Value:
    """`left / right` (table 56); a division by zero has no value."""
    if is_number(left) and is_number(right):
        if not right:
            raise NoValue("division by zero", "arithmetic")
        if type(left) is int and type(right) is int and left % right == 0:
            return rounded(left // right)
        return _computed(NUMBERS.divide, left, right)
    return _apply(_DIVIDE, "divide", left, right)


def power(left: Value, right: Value) -> Value:
    """`left ** right` (table 57), for numbers only."""
    if not (is_number(left) and is_number(right)):
        return _apply({}, "raise to a power", left, right)
    return number(_computed(NUMBERS.power, Decimal(left), Decimal(right)))


def negate(value: Value) -> Value:
    """`-value`, for numbers and durations (10.3.2.10)."""
    value = plain(value)
    if type(value) is int:
        return -value
    if type(value) is Decimal:
        return NUMBERS.minus(value)
    if type(value) is timedelta:
        return _bounded(lambda: -value)
    if type(value) is YearsMonths:
        return YearsMonths(-value.months)
    raise NoValue(f"cannot negate {a_type(value)}")


def _computed(operation: Callable[[Value, Value], Decimal], left: Value, right: Value) -> Decimal:
    try:
        return operation(left, right)
    except decimal.Overflow:
        raise NoValue("the number is too large", "arithmetic") from None
    except decimal.DecimalException:
        raise NoValue("the operation is not defined for these numbers", "arithmetic") from None


def _bounded(operation: Callable[[], Value]) -> Value:
    try:
        return operation()
    except OverflowError:
        raise NoValue("the result is outside of what can be counted with", "arithmetic") from None


Table = dict[tuple[type, type], Callable[[Value, Value], Value]]


def _apply(table: Table, verb: str, left: Value, right: Value) -> Value:
    left, right = plain(left), plain(right)
    operation = table.get((family(left), family(right)))
    if operation is None:
        raise NoValue(f"cannot {verb} {type_name(left)} and {type_name(right)}")
    return operation(left, right)


def _moments(left: datetime | date, right: datetime | date) -> tuple[datetime, datetime]:
    """Give two moments that can be subtracted: a date is its midnight, in UTC beside a time with a zone."""
    first, second = _moment(left), _moment(right)
    if (first.tzinfo is None) != (second.tzinfo is None):
        if type(left) is date:
            first = first.replace(tzinfo=UTC)
        elif type(right) is date:
            second = second.replace(tzinfo=UTC)
        else:
            raise NoValue("cannot subtract a date and time with a zone and one without")
    return (temporal.in_utc(first), temporal.in_utc(second)) if first.tzinfo else (first, second)


def _moment(value: datetime | date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _time_between(left: datetime | date, right: datetime | date) -> timedelta:
    first, second = _moments(left, right)
    return first - second


def _clock_between(left: time, right: time) -> timedelta:
    if (left.tzinfo is None) != (right.tzinfo is None):
        raise NoValue("cannot subtract a time with a zone and one without")
    return temporal.seconds_of(left) - temporal.seconds_of(right)


def _scaled(length: timedelta, factor: Value) -> Value:
    micros = _computed(NUMBERS.multiply, length // _MICROSECOND, factor)
    return _bounded(lambda: timedelta(microseconds=int(micros)))


def _shrunk(length: timedelta, divisor: Value) -> Value:
    if not divisor:
        raise NoValue("division by zero", "arithmetic")
    micros = _computed(NUMBERS.divide, length // _MICROSECOND, divisor)
    return _bounded(lambda: timedelta(microseconds=int(micros)))


def _months(count: int) -> YearsMonths:
    if abs(count) > _MOST_MONTHS:
        raise NoValue("the duration is too long", "arithmetic")
    return YearsMonths(count)


def _scaled_months(length: YearsMonths, factor: Value) -> YearsMonths:
    return _months(int(_computed(NUMBERS.multiply, length.months, factor)))


def _shrunk_months(length: YearsMonths, divisor: Value) -> YearsMonths:
    if not divisor:
        raise NoValue("division by zero", "arithmetic")
    return _months(int(_computed(NUMBERS.divide, length.months, divisor)))


_ADD: Table = {
    (str, str): lambda left, right: left + right,
    (date, timedelta): temporal.add_days,
    (timedelta, date): lambda left, right: temporal.add_days(right, left),
    (date, YearsMonths): lambda left, right: temporal.add_months(left, right.months),
    (YearsMonths, date): lambda left, right: temporal.add_months(right, left.months),
    (datetime, timedelta): temporal.add_duration,
    (timedelta, datetime): lambda left, right: temporal.add_duration(right, left),
    (datetime, YearsMonths): lambda left, right: temporal.add_months(left, right.months),
    (YearsMonths, datetime): lambda left, right: temporal.add_months(right, left.months),
    (time, timedelta): temporal.add_to_time,
    (timedelta, time): lambda left, right: temporal.add_to_time(right, left),
    (timedelta, timedelta): lambda left, right: _bounded(lambda: left + right),
    (YearsMonths, YearsMonths): lambda left, right: _months(left.months + right.months),
    (int, int): _total,
}
_SUBTRACT: Table = {
    (date, date): _time_between,
    (datetime, datetime): _time_between,
    (datetime, date): _time_between,
    (date, datetime): _time_between,
    (time, time): _clock_between,
    (date, timedelta): lambda left, right: temporal.add_days(left, _bounded(lambda: -right)),
    (date, YearsMonths): lambda left, right: temporal.add_months(left, -right.months),
    (datetime, timedelta): lambda left, right: temporal.add_duration(left, _bounded(lambda: -right)),
    (datetime, YearsMonths): lambda left, right: temporal.add_months(left, -right.months),
    (time, timedelta): lambda left, right: temporal.add_to_time(left, _bounded(lambda: -right)),
    (timedelta, timedelta): lambda left, right: _bounded(lambda: left - right),
    (YearsMonths, YearsMonths): lambda left, right: _months(left.months - right.months),
    (int, int): lambda left, right: subtract(left, right),
}
_MULTIPLY: Table = {
    (timedelta, int): _scaled,
    (int, timedelta): lambda left, right: _scaled(right, left),
    (YearsMonths, int): _scaled_months,
    (int, YearsMonths): lambda left, right: _scaled_months(right, left),
    (int, int): lambda left, right: multiply(left, right),
}
_DIVIDE: Table = {
    (timedelta, int): _shrunk,
    (timedelta, timedelta): lambda left, right: divide(left // _MICROSECOND, right // _MICROSECOND),
    (YearsMonths, int): _shrunk_months,
    (YearsMonths, YearsMonths): lambda left, right: divide(left.months, right.months),
    (int, int): lambda left, right: divide(left, right),
}
