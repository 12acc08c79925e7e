"""The quick way gives what the full way gives, and leaves to it all that is not plain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from penstock import feel
from penstock.feel.environment import Env
from penstock.feel.names import widen
from penstock.feel.parser import parse
from penstock.feel.quick import quick_of

_READING = st.sampled_from(["a", "b", "c.a", "c.b", "c.c.a", "missing", "c.missing", "count"])
_CONSTANT = st.sampled_from(["1", "2.5", '"x"', "true", "null", '@"2024-02-29"'])
_OPERATOR = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
_COMPARISON = st.builds("{} {} {}".format, _READING, _OPERATOR, _READING | _CONSTANT)
_LOGIC = st.recursive(
    _COMPARISON | _READING,
    lambda inner: st.builds(
        lambda parts, word: f"({f' {word} '.join(parts)})",
        st.lists(inner, min_size=2, max_size=4),
        st.sampled_from(["and", "or"]),
    ),
    max_leaves=6,
)
_PLAIN = st.sampled_from(
    [None, True, False, 0, 1, 2.5, Decimal("2.5"), Decimal(1), "x", "y", date(2024, 2, 29)]
)
_CONTEXT = st.recursive(
    _PLAIN, lambda inner: st.dictionaries(st.sampled_from("abc"), inner) | st.lists(inner)
)
_VARIABLES = st.dictionaries(st.sampled_from("abc"), _CONTEXT)


def _full(expression: feel.Expression, variables: dict[str, Any], warnings: list[feel.Warning]) -> Any:
    return expression.evaluate_in(Env(variables, None, warnings, feel.DEFAULT_LIMITS))


def _has_quick(text: str) -> bool:
    return quick_of(parse(text, widen({}, ()))) is not None


@given(_LOGIC, _VARIABLES)
def test_the_quick_way_gives_what_the_full_way_gives(text: str, variables: dict[str, Any]) -> None:
    expression = feel.compile(text)
    one: list[feel.Warning] = []
    other: list[feel.Warning] = []
    result = expression.evaluate(variables, warnings=one)
    expected = _full(expression, variables, other)
    assert (type(result), result, one) == (type(expected), expected, other)


@pytest.mark.parametrize(
    "text",
    [
        "amount",
        "order.total",
        "amount > 100",
        "amount > limit",
        "order.total > 100",
        'amount > 100 and category = "travel"',
        'amount > 100 or category = "travel"',
        'amount > 100 and category = "travel" and order.total > limit',
        "(a > 1 or b > 1) and c > 1",
    ],
)
def test_a_frequent_shape_has_a_quick_way(text: str) -> None:
    assert _has_quick(text)


@pytest.mark.parametrize("text", ["a + 1", "f(a)", "a[1]", "a in [1..2]", "a and b", "a > 1 and b", "not(a)"])
def test_another_shape_has_none(text: str) -> None:
    assert not _has_quick(text)
