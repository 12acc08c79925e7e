"""Order, equality and membership (DMN 1.5, 10.3.2.7 and 10.3.2.13, tables 52 to 54).

Each function takes values of any type and raises `NoValue` where the standard has no result for them. Dates
and times compare by whole seconds, as the standard's seconds are whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from penstock.feel import temporal
from penstock.feel.errors import FeelLimitError, NoValue
from penstock.feel.values import (
    FarDate,
    FarDatetime,
    Function,
    Range,
    Value,
    YearsMonths,
    a_type,
    family,
    plain,
    type_name,
)

_SECOND = timedelta(seconds=1)

# -- order -----------------------------------------------------------------------------------------


def order_key(value: Value) -> Value:
    """Give what a value is ordered by, or None for a value of a type that has no order.

    Values that order against each other have keys of the same form: the type's name and something comparable.
    """
    value = plain(value)
    kind = family(value)
    if kind is int:
        return "number", value
    if kind is str or kind is timedelta or kind is YearsMonths:
        return type_name(value), value
    if kind is date or kind is FarDate:
        return "date", value.toordinal()
    if kind is datetime:
        return _moment_key(value, value, value.utcoffset())
    if kind is FarDatetime:
        return _moment_key(value.day, value.clock, value.utcoffset())
    if kind is time:
        return ("time" if value.tzinfo is None else "zoned time"), temporal.seconds_of(value) // _SECOND
    return None


def _moment_key(day: Value, clock: Value, offset: timedelta | None) -> tuple[str, int]:
    seconds = ((day.toordinal() * 24 + clock.hour) * 60 + clock.minute) * 60 + clock.second
    return ("date and time", seconds) if offset is None else ("zoned", seconds - offset // _SECOND)


def ordered(left: Value, right: Value) -> tuple[Value, Value]:
    """Bring two values to a form in which Python orders them as FEEL does.

    Raises:
        NoValue: they have no order.
    """
    if isinstance(left, list) != isinstance(right, list):
        left, right = _single(left), _single(right)
    first, second = order_key(left), order_key(right)
    if first is None or second is None or first[0] != second[0]:
        raise NoValue(f"cannot compare {a_type(left)} with {a_type(right)}")
    return first[1], second[1]


def less(left: Value, right: Value) -> bool:
    """`left < right` (table 52)."""
    first, second = ordered(left, right)
    return bool(first < second)


def less_or_equal(left: Value, right: Value) -> bool:
    """`left <= right` (table 52)."""
    first, second = ordered(left, right)
    return bool(first <= second)


def greater(left: Value, right: Value) -> bool:
    """`left > right` (table 52)."""
    first, second = ordered(left, right)
    return bool(first > second)


def greater_or_equal(left: Value, right: Value) -> bool:
    """`left >= right` (table 52)."""
    first, second = ordered(left, right)
    return bool(first >= second)


# -- equality --------------------------------------------------------------------------------------


_MOST_PAIRS = 1_000_000
"""Pairs looked at in one comparison: lists that hold the same list twice, many levels deep, have no end."""


def equal(left: Value, right: Value) -> bool:
    """`left = right` (table 53): null equals null only, and a list of one item equals that item.

    Raises:
        NoValue: the values are of types that are never equal.
        FeelLimitError: they are too large, or nested too deeply, to be compared.
    """
    if left is None or right is None:
        return left is right
    left, right = plain(left), plain(right)
    if isinstance(left, list) != isinstance(right, list):
        left, right = _single(left), _single(right)
    rule = _EQUAL.get((family(left), family(right)))
    if rule is not None:
        return rule(left, right)
    if type(left) is not type(right) or type(left) not in _CONTAINERS:
        raise NoValue(f"cannot compare {a_type(left)} with {a_type(right)}")
    return _same_within(left, right)


def _single(value: Value) -> Value:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def same(left: Value, right: Value) -> bool:
    """Tell whether two values are equal, with values of different types being simply different."""
    try:
        return equal(left, right)
    except NoValue:
        return False


def _same_within(left: Value, right: Value) -> bool:
    """Compare two lists, contexts or ranges item by item, in a loop rather than on Python's stack."""
    waiting = [(left, right)]
    pairs = 0
    while waiting:
        one, other = waiting.pop()
        if type(one) is not type(other) or type(one) not in _CONTAINERS:
            if not same(one, other):
                return False
        elif one is not other:
            within = _CONTAINERS[type(one)](one, other)
            if within is None:
                return False
            waiting += within
            pairs += len(within)
            if pairs > _MOST_PAIRS:
                raise FeelLimitError("the values are too large to be compared")
    return True


Pairs = list[tuple[Value, Value]] | None
"""What must be equal for two containers to be so, or None if they are not."""


def _list_pairs(left: list[Value], right: list[Value]) -> Pairs:
    return list(zip(left, right, strict=True)) if len(left) == len(right) else None


def _context_pairs(left: dict[str, Value], right: dict[str, Value]) -> Pairs:
    return [(value, right[key]) for key, value in left.items()] if left.keys() == right.keys() else None


def _range_pairs(left: Range, right: Range) -> Pairs:
    alike = (
        left.start_included == right.start_included
        and left.end_included == right.end_included
        and left.operator == right.operator
    )
    return [(left.start, right.start), (left.end, right.end)] if alike else None


_CONTAINERS: dict[type, Callable[[Value, Value], Pairs]] = {
    list: _list_pairs,
    dict: _context_pairs,
    Range: _range_pairs,
}


def _same_order(left: Value, right: Value) -> bool:
    return bool(order_key(left) == order_key(right))


def _plainly(left: Value, right: Value) -> bool:
    return bool(left == right)


_EQUAL: dict[tuple[type, type], Callable[[Value, Value], bool]] = {
    **{(kind, kind): _plainly for kind in (bool, int, str, timedelta, YearsMonths)},
    **{(one, other): _same_order for one in (date, FarDate) for other in (date, FarDate)},
    **{(one, other): _same_order for one in (datetime, FarDatetime) for other in (datetime, FarDatetime)},
    (time, time): _same_order,
    (Function, Function): lambda left, right: left is right,
}

# -- ranges and tests ------------------------------------------------------------------------------


def contains(of: Range, value: Value) -> bool:
    """Tell whether a value lies in a range (table 54).

    Raises:
        NoValue: the value has no order against the ends of the range.
    """
    if of.operator == "=":
        return equal(value, of.start)
    if of.operator == "!=":
        return not equal(value, of.start)
    if of.start is None and of.end is None:
        raise NoValue("the range has no ends")
    above = of.start is None or (greater_or_equal if of.start_included else greater)(value, of.start)
    below = of.end is None or (less_or_equal if of.end_included else less)(value, of.end)
    return above and below


def meets(value: Value, test: Value) -> bool:
    """`value in test`: the test is a range that holds it, a list with it or with such a range, or its
    equal.
    """
    if isinstance(test, Range):
        return contains(test, value)
    if isinstance(test, list) and not isinstance(value, list):
        return any(_meets_item(value, item) for item in test)
    if isinstance(test, list):
        return same(value, test) or any(same(value, item) for item in test)
    return equal(value, test)


def _meets_item(value: Value, item: Value) -> bool:
    if isinstance(item, Range):
        try:
            return contains(item, value)
        except NoValue:
            return False
    return same(value, item)
