"""Names with spaces and operators, and which variables an expression reads."""

from __future__ import annotations

from typing import Any

import pytest

from penstock import feel


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("Full Name", {"Full Name": "Ada"}, "Ada"),
        ("Full   Name", {"Full Name": "Ada"}, "Ada"),
        ("a + b", {"a + b": 5, "a": 1, "b": 1}, 5),
        ("a+b", {"a + b": 5}, 5),
        ("order-total - 1", {"order-total": 5}, 4),
        ("total cost of item", {"total cost of item": 1, "total cost": 2}, 1),
        ("Mike's age + 1", {"Mike's age": 40}, 41),
        ("person.first name", {"person": {"first name": "Ada"}}, "Ada"),
        ("person.net-worth", {"person": {"net-worth": 3}}, 3),
        ('people[first name = "Ada"].age', {"people": [{"first name": "Ada", "age": 36}]}, [36]),
        ("`if` + `a b`", {"if": 1, "a b": 2}, 3),
        ("date and time", {"date and time": 1}, 1),
        ("for order line in [1, 2] return order line * 2", {}, [2, 4]),
        ("{net total: 2, gross: net total * 2}.gross", {}, 4),
        ("(function(a b) a b + 1)(1)", {}, 2),
        ("[{x y: 1}, {x y: 2}][x y > 1]", {}, [{"x y": 2}]),
    ],
)
def test_the_longest_name_in_scope_wins(text: str, variables: dict[str, Any], expected: Any) -> None:
    assert feel.evaluate(text, variables) == expected


def test_a_compiled_expression_is_told_the_long_names() -> None:
    assert feel.compile("order total > 1", names=("order total",)).evaluate({"order total": 2}) is True
    with pytest.raises(feel.FeelSyntaxError, match="unexpected 'total'"):
        feel.compile("order total > 1")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("amount > limit", {"amount", "limit"}),
        ("customer.name + amount", {"customer", "amount"}),
        ("for x in xs return x + y", {"xs", "y"}),
        ("{a: 1, b: a + c}", {"c"}),
        ("(function(n) n + m)(k)", {"m", "k"}),
        ("count(items)", {"items"}),
        ("items[price > limit and item.sold]", {"items", "price", "limit"}),
        ("some x in xs satisfies x = y", {"xs", "y"}),
        ("total(1)", {"total"}),
        ("now() > due", {"due"}),
    ],
)
def test_an_expression_names_the_variables_that_it_reads(text: str, names: set[str]) -> None:
    assert feel.compile(text).names == names


def test_unary_tests_name_their_input_and_variables() -> None:
    assert feel.compile("> limit, ? = other", unary=True).names == {"?", "limit", "other"}
