"""What the cells of a decision table ask, where it can be told before any input is there.

A cell such as `"a","b"`, `< 10`, `[5..9)` or `not(3)` is a set of spans over ordered values. Columns of such
cells are indexed (`penstock.dmn.columns`) and analysed for gaps and overlaps (`penstock.dmn.cover`);
any other cell is an expression that must be run.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from penstock.feel.comparison import order_key
from penstock.feel.compile import compile_tree
from penstock.feel.environment import Env
from penstock.feel.errors import Warning
from penstock.feel.limits import DEFAULT_LIMITS
from penstock.feel.syntax import AtLiteral, Call, Literal, Name, Negation, Node, RangeOf, Test, UnaryTests
from penstock.feel.values import Value

_TEMPORAL = frozenset(("date", "time", "date and time", "duration"))
"""The functions that make constants of texts."""
_NEGATABLE = frozenset(("number", "string", "date", "days and time duration", "years and months duration"))
"""Kinds whose values are either equal, smaller or larger, so that `not(...)` is the rest of the kind. Times
with and without a zone are two kinds, and yet simply unequal.
"""
_NOT_CONSTANT: Final = object()


@dataclass(frozen=True, slots=True)
class End:
    """A value that a cell names: an end of a span, or the only value of it."""

    kind: str
    """The kind of the value as `order_key` names it, or "boolean" or "null"."""
    key: Value
    """What it is ordered by among the values of its kind."""
    value: Value = field(compare=False)


@dataclass(frozen=True, slots=True)
class Span:
    """The values of one kind between two ends; a single value is both."""

    kind: str
    low: End | None
    """None where there is no lower end."""
    high: End | None
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class Tests:
    """All that a cell asks: its input lies in one of the spans, or with `negated` in none of them."""

    spans: tuple[Span, ...]
    negated: bool = False


def tests_of(node: Node, shadowed: Collection[str]) -> Tests | None:
    """Give the spans that unary tests ask for, or None where only running them tells.

    Args:
        node: the tree of the unary tests; without any test it is `-`, which asks nothing and is not for here.
        shadowed: the variables in scope, which may hide a function such as `date`.
    """
    if not isinstance(node, UnaryTests) or not node.tests:
        return None
    spans: list[Span] = []
    for test in node.tests:
        span = _span(test, shadowed)
        if span is None:
            return None
        spans.append(span)
    if node.negated and not all(span.kind in _NEGATABLE for span in spans):
        return None
    return Tests(tuple(spans), node.negated)


def _span(node: Node, shadowed: Collection[str]) -> Span | None:
    if isinstance(node, RangeOf):
        low, high = _end(node.start, shadowed), _end(node.end, shadowed)
        if low is None or high is None or not _in_order(low, high):
            return None
        return Span(low.kind, low, high, node.start_included, node.end_included)
    operator = node.operator if isinstance(node, Test) else "="
    end = _end(node.operand if isinstance(node, Test) else node, shadowed)
    if end is None or operator == "!=":
        return None
    if operator == "=":
        return Span(end.kind, end, end, True, True)
    if end.kind in ("boolean", "null"):
        return None
    included = operator in ("<=", ">=")
    if operator[0] == "<":
        return Span(end.kind, None, end, False, included)
    return Span(end.kind, end, None, included, False)


def _in_order(low: End, high: End) -> bool:
    return low.kind == high.kind and low.kind not in ("boolean", "null") and bool(low.key <= high.key)


def _end(node: Node, shadowed: Collection[str]) -> End | None:
    value = _constant(node, shadowed)
    if value is _NOT_CONSTANT:
        return None
    if value is None or type(value) is bool:
        return End("null" if value is None else "boolean", value, value)
    key = order_key(value)
    return None if key is None else End(key[0], key[1], value)


def _constant(node: Node, shadowed: Collection[str]) -> Value:
    """Give the value of a constant: a literal, a negative number, or a date and the like made of a text."""
    if isinstance(node, Literal):
        return node.value
    if not (
        isinstance(node, AtLiteral)
        or (isinstance(node, Negation) and isinstance(node.operand, Literal))
        or (isinstance(node, Call) and _makes_constant(node, shadowed))
    ):
        return _NOT_CONSTANT
    run, _, _ = compile_tree(node, {})
    warnings: list[Warning] = []
    value = run(Env({}, None, warnings, DEFAULT_LIMITS))
    return _NOT_CONSTANT if warnings else value


def _makes_constant(node: Call, shadowed: Collection[str]) -> bool:
    return (
        isinstance(node.function, Name)
        and node.function.name in _TEMPORAL
        and node.function.name not in shadowed
        and all(isinstance(argument, Literal) for argument in node.arguments)
    )
