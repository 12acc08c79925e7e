"""The functions that convert, and those of booleans (DMN 1.5, 10.3.4.1, 10.3.4.2 and 10.3.4.12)."""

from __future__ import annotations

import re
from decimal import DecimalException

import msgspec

from penstock.feel import arithmetic, comparison, json
from penstock.feel.builtins import dates
from penstock.feel.environment import Env
from penstock.feel.errors import FeelError, FeelSyntaxError, NoValue
from penstock.feel.syntax import AtLiteral, Call, Literal, Name, Negation, Node, RangeOf
from penstock.feel.temporal_text import parse_temporal
from penstock.feel.text import to_text
from penstock.feel.values import NUMBERS, Range, Value, a_type, number, type_name

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def string_of(env: Env, value: Value) -> Value:
    """string(from): null of null."""
    if value is None or isinstance(value, str):
        return value
    text = to_text(value)
    env.meter.hold(len(text))
    return text


def number_of(text: str, grouping: str | None = None, decimal: str | None = None) -> Value:
    """number(from, grouping separator?, decimal separator?)"""
    if grouping not in (None, " ", ",", "."):
        raise NoValue(f"the grouping separator must be ' ', ',' or '.', not {grouping!r}", "argument")
    if decimal not in (None, ",", "."):
        raise NoValue(f"the decimal separator must be ',' or '.', not {decimal!r}", "argument")
    if grouping is not None and grouping == decimal:
        raise NoValue("the separators of groups and of decimals must differ", "argument")
    plain = text
    if grouping is not None:
        plain = plain.replace(grouping, "")
    if decimal is not None:
        plain = plain.replace(decimal, ".")
    if _NUMBER.fullmatch(plain) is None:
        raise NoValue(f"{text[:60]!r} is no number", "argument")
    try:
        return number(NUMBERS.create_decimal(plain))
    except DecimalException:
        raise NoValue(f"{text[:60]!r} is too large", "argument") from None


# -- booleans and null -----------------------------------------------------------------------------


def negation(value: Value) -> Value:
    """not(negand): null of anything but a boolean."""
    if value is None:
        return None
    if type(value) is not bool:
        raise NoValue(f"cannot negate {a_type(value)}", "argument")
    return not value


def is_same(left: Value, right: Value) -> bool:
    """is(value1, value2): whether they are the same value of the same type (10.3.4.12)."""
    if type_name(left) != type_name(right):
        return False
    zoned = getattr(left, "tzinfo", None) is None, getattr(right, "tzinfo", None) is None
    return zoned[0] == zoned[1] and comparison.same(left, right)


def is_defined(value: Value) -> bool:
    """is defined(value): not null. Camunda's."""
    return value is not None


def or_else(value: Value, default: Value) -> Value:
    """get or else(value, default): the default for null. Camunda's."""
    return default if value is None else value


def asserted(value: Value, condition: Value, cause: str | None = None) -> Value:
    """assert(value, condition, cause?): null with a warning where the condition is not true. Camunda's."""
    if condition is not True:
        raise NoValue(cause or "the condition of 'assert' is not true", "assertion")
    return value


# -- ranges ----------------------------------------------------------------------------------------


def range_of(text: str) -> Range:
    """range(from): of a text such as "[1..10)" whose ends are literals (10.3.4.1)."""
    # The parser cannot be imported above: it is built on values, and these functions are among them.
    from penstock.feel.parser import parse

    try:
        node = parse(text, {"date": ((("date", "and", "time"), "date and time"),)})
    except FeelSyntaxError as problem:
        raise NoValue(f"{text[:60]!r} is no range: {problem.message}", "argument") from None
    if not isinstance(node, RangeOf):
        raise NoValue(f"{text[:60]!r} is no range; write it as [1..10]", "argument")
    start, end = _endpoint(node.start), _endpoint(node.end)
    if comparison.greater(start, end):
        raise NoValue(f"the range {text[:60]!r} ends before it starts", "argument")
    return Range(start, end, node.start_included, node.end_included)


_TEMPORAL = {
    "date": dates.date_of,
    "time": dates.time_of,
    "date and time": dates.datetime_of,
    "duration": dates.duration_of,
}


def _endpoint(node: Node) -> Value:
    if isinstance(node, Literal) and node.value is not None:
        return node.value
    if isinstance(node, Negation):
        return arithmetic.negate(_endpoint(node.operand))
    if isinstance(node, AtLiteral):
        return parse_temporal(node.text)
    if isinstance(node, Call) and isinstance(node.function, Name) and len(node.arguments) == 1:
        argument, convert = node.arguments[0], _TEMPORAL.get(node.function.name)
        if convert is not None and isinstance(argument, Literal) and isinstance(argument.value, str):
            return convert(argument.value)
    raise NoValue("the ends of a range in a text must be literals", "argument")


# -- JSON ------------------------------------------------------------------------------------------


def from_json(text: str) -> Value:
    """from json(value): what a JSON text holds. Camunda's."""
    try:
        return json.loads(text)
    except (FeelError, UnicodeEncodeError):
        raise NoValue(f"{text[:60]!r} is not JSON", "argument") from None


def to_json(env: Env, value: Value) -> str:
    """to json(value): as a JSON text. Camunda's."""
    tree = json.to_json(value)
    try:
        text = _ENCODER.encode(tree).decode()
    except (ValueError, RecursionError) as problem:
        raise NoValue(f"the value cannot be written as JSON: {problem}", "argument") from None
    env.meter.hold(len(text))
    return text


_ENCODER = msgspec.json.Encoder(decimal_format="number")
