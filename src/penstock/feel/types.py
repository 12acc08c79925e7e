"""Whether a value belongs to a type, and what becomes of it where one is asked for (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from penstock.feel.errors import NoValue
from penstock.feel.subtypes import Known, fits
from penstock.feel.syntax import ContextType, FunctionType, ListType, NamedType, RangeType, Type
from penstock.feel.temporal import first_moment
from penstock.feel.values import Function, Range, Value, a_type, type_name

Tick: TypeAlias = Callable[[int], None]
"""Counts steps, and raises when they are used up."""

_NAMES = frozenset(
    (
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "range",
        "function",
    )
)
_ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "feel:number": "number",
}


def conforms(value: Value, type: Type, known: Known, tick: Tick) -> bool:
    """Tell whether a value is an instance of a type.

    Args:
        value: the value.
        type: the type.
        known: the types that the surroundings define.
        tick: counts what is looked at.

    Raises:
        NoValue: no type has this name.
    """
    if isinstance(type, NamedType):
        return _conforms_to_name(value, type.name, known)
    if value is None:
        return False
    tick(1)
    if isinstance(type, ListType):
        return isinstance(value, list) and all(_element(item, type.element, known, tick) for item in value)
    if isinstance(type, ContextType):
        return isinstance(value, dict) and all(
            name in value and _element(value[name], of, known, tick) for name, of in type.fields
        )
    if isinstance(type, RangeType):
        return isinstance(value, Range) and all(
            end is None or conforms(end, type.element, known, tick) for end in (value.start, value.end)
        )
    return isinstance(value, Function) and _is_function(value, type, known)


def _element(value: Value, type: Type, known: Known, tick: Tick) -> bool:
    return value is None or conforms(value, type, known, tick)


def _is_function(value: Function, type: FunctionType, known: Known) -> bool:
    """Tell whether a function is of a type; one of the language has several, and is taken for any."""
    return value.type is None or fits(value.type, type, known)


def _conforms_to_name(value: Value, name: str, known: Known) -> bool:
    if name in known:
        return known[name].test(value)
    name = _ALIASES.get(name, name)
    if name == "Any":
        return value is not None
    if name in ("Null", "null"):
        return value is None
    if name not in _NAMES:
        raise NoValue(f"no type named {name!r}", "unknown-type")
    return type_name(value) == name


def admitted(value: Value, type: Type, known: Known, tick: Tick) -> Value:
    """Give an argument as its parameter's type wants it (10.3.2.9.4): as it is, out of or into a list of one,
    or a date as the first moment of its day in UTC.

    Raises:
        NoValue: the value does not fit the type.
    """
    if value is None or conforms(value, type, known, tick):
        return value
    if isinstance(value, list) and len(value) == 1 and conforms(value[0], type, known, tick):
        return value[0]
    if not isinstance(value, list) and conforms([value], type, known, tick):
        return [value]
    if type_name(value) == "date" and conforms(moment := first_moment(value), type, known, tick):
        return moment
    raise NoValue(f"{a_type(value)} does not fit the type of the parameter", "argument")
