"""Check the body of a start against a mapping's parameters, and turn it into process variables.

A mapping is compiled once to a plain function, since starting is the hottest route of the server.

What is sent and what is not:

absent                its default; without one null where the parameter is nullable, else it is missing
null                  null where the parameter is nullable, else wrong: a default is for what is absent
an unknown key        wrong, so that a misspelt name is not lost in silence
two keys of one       wrong, even where both have the same value
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from penstock import feel
from penstock.api.domo.mapping import Parameter, ParameterType
from penstock.kernel.definition import Value

MAX_PROBLEMS: Final = 20
"""How many problems a message lists; it counts the others."""

ReadBody = Callable[[Mapping[str, object]], dict[str, Value]]
"""Turns a body into variables, or raises `ParameterError`."""

_Convert = Callable[[object], Value]


class ParameterError(ValueError):
    """The parameters are not those of the mapping. `problems` are all that is wrong."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        shown = list(self.problems[:MAX_PROBLEMS])
        if len(self.problems) > MAX_PROBLEMS:
            shown.append(f"There are {len(self.problems) - MAX_PROBLEMS} more problems of this kind.")
        super().__init__(" ".join(shown))


class _Mismatch(Exception):
    """Values of a wrong type: the path to each, from the value that was converted, and what is wrong."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


def compile_parameters(parameters: tuple[Parameter, ...] | None) -> ReadBody:
    """Give the function that reads the body of a start. It raises `ParameterError` with every problem.

    Args:
        parameters: those of the mapping; None takes any object, and its keys are the variables.
    """
    convert = _any_object if parameters is None else _properties_of(parameters, "parameter")

    def read(body: Mapping[str, object]) -> dict[str, Value]:
        try:
            return convert(body)
        except _Mismatch as mismatch:
            raise ParameterError(
                f"{path.removeprefix('.')}: {message}" for path, message in mismatch.problems
            ) from None

    return read


def check_default(parameter: Parameter) -> None:
    """Check that a parameter's default has its type.

    Raises:
        ParameterError: it does not; the message does not name the parameter.
    """
    if parameter.default is None:
        return
    try:
        _value_of(parameter)(parameter.default)
    except _Mismatch as mismatch:
        raise ParameterError(
            f"{path.removeprefix('.')} {message}".lstrip() for path, message in mismatch.problems
        ) from None


def describe(value: object) -> str:
    """Name a JSON value for a message, without showing more than a few characters of it."""
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


# -- objects and lists -----------------------------------------------------------------------------


def _any_object(body: Mapping[str, object]) -> dict[str, Value]:
    variables: dict[str, Value] = {}
    problems: list[tuple[str, str]] = []
    for key, value in body.items():
        try:
            variables[key] = feel.from_json(value)
        except feel.FeelError as error:
            problems.append((f".{key}", f"{error}."))
    if problems:
        raise _Mismatch(problems)
    return variables


def _properties_of(parameters: tuple[Parameter, ...], noun: str) -> ReadBody:
    """Give the conversion of an object with these properties; `noun` is what messages call them."""
    known = {
        key: (parameter.variable, _value_of(parameter)) for parameter in parameters for key in parameter.keys
    }
    remedy = f"Known are {', '.join(p.keys[0] for p in parameters)}." if parameters else "There are none."
    absent = _absent(parameters)

    def convert(body: Mapping[str, object]) -> dict[str, Value]:
        result: dict[str, Value] = {}
        given: dict[str, str] = {}
        problems: list[tuple[str, str]] = []
        for key, value in body.items():
            entry = known.get(key)
            if entry is None:
                problems.append((f".{key}", f"is no {noun} here. {remedy}"))
                continue
            variable, convert_value = entry
            if variable in given:
                problems.append((f".{key}", f"means the same as {given[variable]}. Send one of the two."))
                continue
            given[variable] = key
            try:
                result[variable] = convert_value(value)
            except _Mismatch as mismatch:
                problems += [(f".{key}{path}", message) for path, message in mismatch.problems]
        if len(given) < len(parameters):
            absent(given, result, problems)
        if problems:
            raise _Mismatch(problems)
        return result

    return convert


def _absent(
    parameters: tuple[Parameter, ...],
) -> Callable[[Mapping[str, str], dict[str, Value], list[tuple[str, str]]], None]:
    """Give the function that fills in what was not sent, and names what is missing."""
    defaults = {
        parameter.variable: None if parameter.default is None else _value_of(parameter)(parameter.default)
        for parameter in parameters
        if parameter.nullable or parameter.default is not None
    }

    def fill(given: Mapping[str, str], result: dict[str, Value], problems: list[tuple[str, str]]) -> None:
        for parameter in parameters:
            variable = parameter.variable
            if variable in given:
                continue
            if variable in defaults:
                result[variable] = defaults[variable]
            else:
                problems.append((f".{parameter.keys[0]}", f"is missing. It must be {_expected(parameter)}."))

    return fill


def _value_of(parameter: Parameter) -> _Convert:
    """Give the conversion of a parameter's value: null, a list, or one value of its type."""
    convert = _object(parameter.children) if parameter.type == "object" else _CONVERSIONS[parameter.type]
    if parameter.list:
        convert = _list_of(convert, _expected(parameter))
    return _or_null(convert) if parameter.nullable else convert


def _expected(parameter: Parameter) -> str:
    one = _WORDS[parameter.type]
    return f"a list, each item {one}" if parameter.list else one


def _or_null(convert: _Convert) -> _Convert:
    return lambda value: None if value is None else convert(value)


def _list_of(convert: _Convert, expected: str) -> _Convert:
    def convert_list(value: object) -> Value:
        if not isinstance(value, list):
            raise _wrong(expected, value)
        result: list[Value] = []
        problems: list[tuple[str, str]] = []
        for position, item in enumerate(value):
            try:
                result.append(convert(item))
            except _Mismatch as mismatch:
                problems += [(f"[{position}]{path}", message) for path, message in mismatch.problems]
        if problems:
            raise _Mismatch(problems)
        return result

    return convert_list


def _object(children: tuple[Parameter, ...]) -> _Convert:
    convert = _properties_of(children, "property") if children else _any_object

    def convert_object(value: object) -> Value:
        if not isinstance(value, Mapping):
            raise _wrong(_WORDS["object"], value)
        return convert(value)

    return convert_object


# -- single values ---------------------------------------------------------------------------------


def _wrong(expected: str, value: object) -> _Mismatch:
    return _Mismatch([("", f"must be {expected}, and is {describe(value)}.")])


def _boolean(value: object) -> Value:
    if value is True or value is False:
        return value
    raise _wrong(_WORDS["boolean"], value)


def _number(value: object) -> Value:
    if type(value) is int or type(value) is Decimal:
        return feel.from_json(value)
    raise _wrong(_WORDS["number"], value)


def _text(value: object) -> Value:
    if type(value) is str:
        return value
    raise _wrong(_WORDS["text"], value)


def _id(type: ParameterType) -> _Convert:
    """Give the conversion of an id: callers send it as a text or as a whole number, and it becomes a text."""

    def convert(value: object) -> Value:
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise _wrong(_WORDS[type], value)

    return convert


def _temporal(type: ParameterType) -> _Convert:
    """Give the conversion of a date, a time or a duration from its ISO 8601 text."""

    def convert(value: object) -> Value:
        found = _tagged(type, value)
        if found is None:
            raise _wrong(_WORDS[type], value)
        return found

    return convert


def _date(value: object) -> Value:
    """Give a date. A script's `Date` is sent as a date and time in UTC, and stands for its day there."""
    found = _tagged("date", value)
    if found is None and (moment := _tagged("dateTime", value)) is not None:
        found = moment.date()
    if found is None:
        raise _wrong(_WORDS["date"], value)
    return found


def _tagged(type: ParameterType, value: object) -> Any:
    """Give what FEEL reads from a text under the tag of a type, None where it cannot."""
    if not isinstance(value, str):
        return None
    try:
        return feel.from_json({f"@{type}": value})
    except feel.FeelError:
        return None


_WORDS: Final[dict[ParameterType, str]] = {
    "boolean": "true or false",
    "dataset": "the id of a dataset",
    "date": "a date such as 2024-02-29",
    "dateTime": "a date and time such as 2024-02-29T13:45:00Z",
    "decimal": "a number",
    "duration": "a duration such as PT1H30M or P1Y6M",
    "group": "the id of a group",
    "number": "a number",
    "object": "an object",
    "person": "the id of a person",
    "string": "a text",
    "text": "a text",
    "time": "a time such as 13:45:00",
}

_CONVERSIONS: Final[dict[ParameterType, _Convert]] = {
    "boolean": _boolean,
    "dataset": _id("dataset"),
    "date": _date,
    "dateTime": _temporal("dateTime"),
    "decimal": _number,
    "duration": _temporal("duration"),
    "group": _id("group"),
    "number": _number,
    "person": _id("person"),
    "string": _text,
    "text": _text,
    "time": _temporal("time"),
}
