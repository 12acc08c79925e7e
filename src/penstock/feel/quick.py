"""The quick way: conditions over variables and constants, decided without an environment.

Most conditions of a workflow are of a few shapes, such as `amount > 100 and category = "travel"`, and for
those an `Env` costs more than the comparison. A quick closure takes the variables alone. It decides only what
is plain (values of the expected types, all of them there) and gives None for everything else; then the full
way is gone from the start. So it has no effects, gives no warnings, and changes no result: a null of the full
way, where every warning arises, is None here too.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from penstock.feel.syntax import Comparison, Conjunction, Disjunction, Literal, Name, Node, Path
from penstock.feel.values import Value

Quick: TypeAlias = Callable[[Mapping[str, Value]], Value]
"""Gives the value, or None where the full way must decide; raises KeyError where a variable is missing."""

_PLAINLY: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
_ALIKE: dict[type, type] = {int: Decimal, Decimal: int, str: str}
"""Types whose values Python orders and equates as FEEL does, each with the other type of the same values."""


class _Check(NamedTuple):
    """`name operator constant`."""

    name: str
    kind: type
    twin: type
    plainly: Callable[[Value, Value], bool]
    constant: Value


def quick_of(node: Node) -> Quick | None:
    """Give the quick closure of a whole expression, or None where its shape has none."""
    if isinstance(node, Conjunction | Disjunction):
        return _logic(node)
    if isinstance(node, Comparison):
        return _comparison(node)
    return _reading(node)


# -- logic -----------------------------------------------------------------------------------------


def _logic(node: Conjunction | Disjunction) -> Quick | None:
    decisive = isinstance(node, Disjunction)
    checks = [_check(operand) for operand in node.operands if isinstance(operand, Comparison)]
    if len(node.operands) == 2 == len(checks) and checks[0] and checks[1]:
        return (_either if decisive else _both)(checks[0], checks[1])
    tests = [_condition(operand) for operand in node.operands]
    known = tuple(test for test in tests if test is not None)
    return _each(known, decisive) if len(known) == len(tests) else None


def _condition(node: Node) -> Quick | None:
    """Give the closure of an operand that is never anything but a boolean or None."""
    return quick_of(node) if isinstance(node, Comparison | Conjunction | Disjunction) else None


def _both(one: _Check, other: _Check) -> Quick:
    """Compile `name operator constant and name operator constant`, by far the most frequent conjunction."""
    name, kind, twin, plainly, constant = one
    name2, kind2, twin2, plainly2, constant2 = other

    def quick(variables: Mapping[str, Value]) -> Value:
        value = variables[name]
        if type(value) is not kind and type(value) is not twin:
            return None
        if not plainly(value, constant):
            return False
        value = variables[name2]
        return plainly2(value, constant2) if type(value) is kind2 or type(value) is twin2 else None

    return quick


def _either(one: _Check, other: _Check) -> Quick:
    """Compile `name operator constant or name operator constant`."""
    name, kind, twin, plainly, constant = one
    name2, kind2, twin2, plainly2, constant2 = other

    def quick(variables: Mapping[str, Value]) -> Value:
        value = variables[name]
        if type(value) is not kind and type(value) is not twin:
            return None
        if plainly(value, constant):
            return True
        value = variables[name2]
        return plainly2(value, constant2) if type(value) is kind2 or type(value) is twin2 else None

    return quick


def _each(tests: tuple[Quick, ...], decisive: bool) -> Quick:
    def quick(variables: Mapping[str, Value]) -> Value:
        for test in tests:
            value = test(variables)
            if value is decisive or value is None:
                return value
        return not decisive

    return quick


# -- comparisons -----------------------------------------------------------------------------------


def _check(node: Comparison) -> _Check | None:
    if not isinstance(node.left, Name) or not isinstance(node.right, Literal):
        return None
    constant = node.right.value
    kind = type(constant)
    if kind not in _ALIKE:
        return None
    return _Check(node.left.name, kind, _ALIKE[kind], _PLAINLY[node.operator], constant)


def _comparison(node: Comparison) -> Quick | None:
    check = _check(node)
    if check is not None:
        return _alone(check)
    left, right = _reading(node.left), _reading(node.right)
    if left is None:
        return None
    if right is not None:
        return _of_two(left, _PLAINLY[node.operator], right)
    if isinstance(node.right, Literal) and type(node.right.value) in _ALIKE:
        return _of_reading(left, _PLAINLY[node.operator], node.right.value)
    return None


def _alone(check: _Check) -> Quick:
    name, kind, twin, plainly, constant = check

    def quick(variables: Mapping[str, Value]) -> Value:
        value = variables[name]
        return plainly(value, constant) if type(value) is kind or type(value) is twin else None

    return quick


def _of_reading(left: Quick, plainly: Callable[[Value, Value], bool], constant: Value) -> Quick:
    kind, twin = type(constant), _ALIKE[type(constant)]

    def quick(variables: Mapping[str, Value]) -> Value:
        value = left(variables)
        return plainly(value, constant) if type(value) is kind or type(value) is twin else None

    return quick


def _of_two(left: Quick, plainly: Callable[[Value, Value], bool], right: Quick) -> Quick:
    def quick(variables: Mapping[str, Value]) -> Value:
        one, other = left(variables), right(variables)
        return plainly(one, other) if type(one) is type(other) and type(one) in _ALIKE else None

    return quick


# -- names and paths -------------------------------------------------------------------------------


def _reading(node: Node) -> Quick | None:
    if isinstance(node, Name):
        return _variable(node.name)
    if isinstance(node, Path):
        source = _reading(node.source)
        return None if source is None else _entry(source, node.name)
    return None


def _variable(name: str) -> Quick:
    def quick(variables: Mapping[str, Value]) -> Value:
        value = variables[name]
        return value if type(value) is not float else None

    return quick


def _entry(source: Quick, name: str) -> Quick:
    def quick(variables: Mapping[str, Value]) -> Value:
        context = source(variables)
        entry = context[name] if type(context) is dict else None
        return entry if type(entry) is not float else None

    return quick
