"""Values from Python and back: `from_python`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from uuid import UUID

import msgspec

from penstock.feel.values import (
    FarDate,
    FarDatetime,
    Function,
    NanoDatetime,
    NanoTime,
    Range,
    Value,
    YearsMonths,
    in_bounds,
    rounded,
)

_DEEPEST = 200
"""How deep lists and contexts may stand inside each other."""
_AS_THEY_ARE = frozenset(
    (
        type(None),
        bool,
        str,
        date,
        time,
        datetime,
        timedelta,
        NanoTime,
        NanoDatetime,
        FarDate,
        FarDatetime,
        YearsMonths,
        Range,
        Function,
    )
)


def from_python(obj: object) -> Value:
    """Give a Python object as a FEEL value, without loss.

    An int stays one (to 34 digits), a float becomes the Decimal of its shortest text, a tuple a list, a
    member of an Enum its value, a UUID its text, a `dateutil` relativedelta a duration; dataclasses, msgspec
    Structs and pydantic models become contexts.

    Raises:
        TypeError: there is no FEEL value for it, or for something in it; the message names the place.
    """
    return _convert(obj, "", 0)


def _convert(obj: object, path: str, depth: int) -> Value:
    kind = type(obj)
    if kind in _AS_THEY_ARE:
        return obj
    if kind is int:
        return rounded(obj)  # type: ignore[arg-type]
    if depth > _DEEPEST:
        raise TypeError(f"{path or 'the value'} is nested more than {_DEEPEST} deep, or contains itself")
    if isinstance(obj, Mapping):
        return {
            _key(key, path): _convert(value, f"{path}.{key}" if path else str(key), depth + 1)
            for key, value in obj.items()
        }
    if isinstance(obj, list | tuple):
        return [_convert(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(obj)]
    if isinstance(obj, float | Decimal):
        return _number(obj, path)
    if isinstance(obj, Enum) and not isinstance(obj, str | int):
        return _convert(obj.value, path, depth + 1)
    if isinstance(obj, UUID):
        return str(obj)
    if kind.__name__ == "relativedelta":
        return _relative(obj, path)
    entries = _entries(obj)
    return _scalar(obj, path) if entries is None else _convert(entries, path, depth + 1)


_CLOCK = ("days", "hours", "minutes", "seconds", "microseconds")


def _relative(obj: object, path: str) -> timedelta | YearsMonths:
    """Give a relativedelta as the duration that it is; FEEL has none of months and days together."""
    months = 12 * getattr(obj, "years", 0) + getattr(obj, "months", 0)
    length = timedelta(**{part: getattr(obj, part, 0) for part in _CLOCK})
    absolute = any(getattr(obj, part, None) is not None for part in ("year", "month", "day", "weekday"))
    if absolute or (months and length):
        raise TypeError(
            f"{path or 'the value'} is {obj!r}; a duration has years and months, or days and time"
        )
    return YearsMonths(int(months)) if months else length


def _key(key: object, path: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{path or 'the value'} has the key {key!r}; the keys of a context must be str")
    return str(key)


def _number(obj: float | Decimal, path: str) -> Decimal:
    value = obj if isinstance(obj, Decimal) else Decimal(repr(float(obj)))
    if not value.is_finite():
        raise TypeError(f"{path or 'the value'} is {obj}; FEEL's numbers are finite")
    if not in_bounds(value):
        raise TypeError(f"{path or 'the value'} is {obj:.5e}, which is beyond what FEEL's numbers hold")
    return value if type(value) is Decimal else Decimal(value)


def _entries(obj: object) -> dict[str, object] | None:
    """Give the fields of a dataclass, a Struct or a pydantic model."""
    if isinstance(obj, type):
        return None
    if dataclasses.is_dataclass(obj):
        return {field.name: getattr(obj, field.name) for field in dataclasses.fields(obj)}
    if isinstance(obj, msgspec.Struct):
        return {name: getattr(obj, name) for name in obj.__struct_fields__}
    dump = getattr(obj, "model_dump", None)
    fields = dump() if callable(dump) else None
    return fields if isinstance(fields, dict) else None


def _scalar(obj: object, path: str) -> Value:
    """Give a value of a subclass, such as a member of a StrEnum, as one of FEEL's own types."""
    if isinstance(obj, bool | int):
        return rounded(int(obj))
    if isinstance(obj, str):
        return str.__str__(obj)
    if isinstance(obj, datetime):
        return datetime.combine(date(obj.year, obj.month, obj.day), _clock(obj))
    if isinstance(obj, date):
        return date(obj.year, obj.month, obj.day)
    if isinstance(obj, time):
        return _clock(obj)
    if isinstance(obj, timedelta):
        return timedelta(days=obj.days, seconds=obj.seconds, microseconds=obj.microseconds)
    raise TypeError(
        f"{path or 'the value'} is {type(obj).__module__}.{type(obj).__qualname__}, which is no FEEL value"
    )


def _clock(obj: datetime | time) -> time:
    return time(obj.hour, obj.minute, obj.second, obj.microsecond, obj.tzinfo, fold=obj.fold)
