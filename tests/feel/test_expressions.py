"""The language by example: what each kind of expression gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from penstock import feel

ORDERS = [{"id": 1, "total": 50}, {"id": 2, "total": 150}, {"id": 3, "total": 250}]


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("0.1 + 0.2", {}, Decimal("0.3")),
        ("1 / 3", {}, Decimal("0." + "3" * 34)),
        ("10 / 5", {}, 2),
        ("9999999999999999999999999999999999 + 1", {}, Decimal("1E+34")),
        ("2 ** 10", {}, 1024),
        ("-3 ** 2", {}, 9),
        ("2 ** 3 ** 2", {}, 64),
        ("7 - 2 - 1", {}, 4),
        ("2 + 3 * 4", {}, 14),
        ('"a" + "b" + "c"', {}, "abc"),
        (" + ".join(["1"] * 500), {}, 500),
    ],
)
def test_arithmetic(text: str, variables: dict[str, Any], expected: Any) -> None:
    assert feel.evaluate(text, variables) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if amount > 100 then 1 else 2", 1),
        ("if amount > 1000 then 1 else if amount > 100 then 2 else 3", 2),
        ("if null then 1 else 2", 2),
        ("for o in orders return o.total * 2", [100, 300, 500]),
        ("for x in [1, 2], y in [10, 20] return x + y", [11, 21, 12, 22]),
        ("for x in [[1, 2], [3]], y in x return y", [1, 2, 3]),
        ("for x in 3..1 return x", [3, 2, 1]),
        ("for x in [1..4) return x", [1, 2, 3]),
        ("for x in 1..3 return count(partial)", [0, 1, 2]),
        ("for x in 1..3 return partial", [[], [[]], [[], [[]]]]),
        ("some o in orders satisfies o.total > 200", True),
        ("every o in orders satisfies o.total > 100", False),
        ("orders[total > 100].id", [2, 3]),
        ("orders[item.total > 100][1].id", 2),
        ("orders[-1].id", 3),
        ("orders[count(orders)].id", 3),
        ("orders[total > limit and id < 3].total", [150]),
        ("orders.total", [50, 150, 250]),
        ("orders[total = max(orders.total)][1].id", 3),
        ("[1, 2, 3][> 1]", [2, 3]),
        ("[1, 2, 3][odd(item)]", [1, 3]),
        ("5[1]", 5),
        ("5[2]", None),
        ("amount between 100 and 200", True),
        ("amount in (1, [100..200])", True),
        ("amount in > 100", True),
        ("amount in [1, 120]", True),
        ("[1..5].end", 5),
        ("(< 5).end included", False),
        ("{a: 1, b: a + 1}.b", 2),
        ("{a: 1, b: {a: 2, c: a}}.b.c", 2),
        ('{"any key": 1}.any key', 1),
        ("(function(x, y) x - y)(3, 1)", 2),
        ("(function(x, y) x - y)(y: 3, x: 1)", -2),
        ("{add: function(n) n + amount, r: add(1)}.r", 121),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(10)}.r", 3628800),
        ("for f in (for i in [1, 2] return function(x) x + i) return f(10)", [11, 12]),
        ("{f: function(n: number) n + 1, r: f([2])}.r", 3),
        ('{f: function(n: number) n + 1, r: f("a")}.r', None),
        ("sort(orders, function(a, b) a.total > b.total).id", [3, 2, 1]),
        ("amount instance of number", True),
        ("orders instance of list<context<id: number>>", True),
        ("orders instance of list<context<id: string>>", False),
        ("/* all */ amount // of it", 120),
    ],
)
def test_expressions_over_an_order(text: str, expected: Any) -> None:
    assert feel.evaluate(text, {"amount": 120, "limit": 100, "orders": ORDERS}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2024-02-29") + duration("P1Y")', date(2025, 2, 28)),
        ('@"2024-01-31" + @"P1M"', date(2024, 2, 29)),
        ('@"2024-01-31" - @"2024-01-01"', timedelta(days=30)),
        ('@"2024-01-01T10:00:00Z" - @"2024-01-01T10:00:00+02:00"', timedelta(hours=2)),
        ('@"23:30:00" + @"PT1H"', time(0, 30)),
        ('@"P1D" * 1.5', timedelta(days=1, hours=12)),
        ('@"P1Y" / @"P1M"', 12),
        ('date("2024-02-29").weekday', 4),
        ('@"2024-02-29T01:02:03@Europe/Paris".timezone', "Europe/Paris"),
        ('@"2024-07-01T12:00:00@Europe/Paris".time offset', timedelta(hours=2)),
        (
            '@"2024-03-31T01:30:00@Europe/Paris" + @"PT1H"',
            datetime(2024, 3, 31, 3, 30, tzinfo=ZoneInfo("Europe/Paris")),
        ),
        ("now()", datetime(2024, 2, 29, 12, tzinfo=UTC)),
        ("today()", date(2024, 2, 29)),
        ('time(10, 30, 0, @"PT1H")', time(10, 30, tzinfo=timezone(timedelta(hours=1)))),
        ('date and time(2024, 2, 29, 1, 2, 3, "Europe/Paris").timezone', "Europe/Paris"),
        ('date("2024-02-30")', None),
        ('@"10000-01-01".weekday', 6),
        ('string(@"-0044-03-15")', "-0044-03-15"),
        ('@"12024-02-29" < @"12024-03-01" and @"9999-12-31" < @"10000-01-01"', True),
        ('@"12024-02-29T10:00:00Z" = @"12024-02-29T11:00:00+01:00"', True),
        ('date("12023-02-29")', None),
        ('@"12024-02-29" + @"P1D"', None),
        ('day of week(@"12024-02-29")', "Thursday"),
        ('years and months duration(@"9999-01-01", @"10001-02-01")', feel.YearsMonths(25)),
        ('string(date and time(@"2024-01-01", @"10:00:00.123456789"))', "2024-01-01T10:00:00.123456789"),
        ('string(time(@"2024-01-01T10:00:00.123456789Z"))', "10:00:00.123456789Z"),
        ('@"9999-12-31" + @"P1D"', None),
        ('@"2024-01-01T24:00:00"', datetime(2024, 1, 2)),  # noqa: DTZ001
    ],
)
def test_calendars_and_clocks(text: str, expected: Any) -> None:
    assert feel.evaluate(text, now=datetime(2024, 2, 29, 12, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("-", 5, True),
        ("< 10", 5, True),
        ("1, 3, 5", 5, True),
        ("not(1, 3)", 5, True),
        ("[1..5)", 5, False),
        ("? * 2 = 10", 5, True),
        ('starts with(?, "a")', "abc", True),
        ('"a", "b"', "b", True),
        ("true", False, False),
        ("limit", 7, True),
        ("> limit", 7, False),
        ("null", None, True),
        ("> 5", None, None),
        ("not(> 5)", None, None),
        ("not(?) ", True, False),
        ('not(contains(?, "x")) and ? != "y"', "z", True),
        ("[1, 2, 5]", 5, True),
        ('date("2024-01-01")', date(2024, 1, 1), True),
    ],
)
def test_unary_tests(text: str, given: Any, expected: bool | None) -> None:
    assert feel.evaluate(text, {"limit": 7}, unary=True, input=given) is expected


def test_chance_comes_from_the_caller() -> None:
    once, again = (feel.evaluate("[uuid(), random number()]", random=Random(7)) for _ in range(2))
    assert once == again
    assert len(once[0]) == 36
    assert 0 <= once[1] < 1
    warnings: list[feel.Warning] = []
    assert feel.evaluate("uuid()", warnings=warnings) is None
    assert warnings[0].code == "no-random"


def test_an_expression_can_be_evaluated_many_times() -> None:
    condition = feel.compile('amount > 100 and category = "travel"')
    assert condition.text == 'amount > 100 and category = "travel"'
    assert condition.evaluate({"amount": 120, "category": "travel"}) is True
    assert condition.evaluate({"amount": Decimal("100.01"), "category": "food"}) is False
    assert feel.compile('amount > 100 and category = "travel"') is condition


def test_a_float_among_the_variables_counts_as_its_shortest_text() -> None:
    variables = {"a": 0.1, "b": {"c": 0.2}, "xs": [0.1, 0.2]}
    assert feel.compile("a + b.c").evaluate(variables) == Decimal("0.3")
    assert feel.compile("sum(xs)").evaluate(variables) == Decimal("0.3")
    assert feel.compile("a = xs[1]").evaluate(variables) is True


def test_a_variable_that_is_no_value_is_refused_by_its_place() -> None:
    with pytest.raises(feel.FeelError, match=r"order\.total is NaN; FEEL's numbers are finite; convert"):
        feel.compile("order.total > 1").evaluate({"order": {"total": Decimal("NaN")}})


def test_a_constant_list_is_new_for_each_evaluation() -> None:
    expression = feel.compile("[1, 2]")
    expression.evaluate({}).append(3)
    assert expression.evaluate({}) == [1, 2]


def test_types_of_the_surroundings_are_known_to_instance_of() -> None:
    types = {"tPositive": feel.DefinedType(lambda x: x > 0)}
    expression = feel.compile("x instance of tPositive", types=types)
    assert expression.evaluate({"x": 1}) is True
    assert expression.evaluate({"x": -1}) is False


def test_a_variable_that_is_a_function_can_be_called() -> None:
    double = feel.evaluate("function(n) n * 2")
    assert feel.compile("double(4)").evaluate({"double": double}) == 8
    assert feel.compile("abs(4)").evaluate({"abs": double}) == 8


def test_a_variable_that_is_no_function_hides_none() -> None:
    assert feel.evaluate("count(items) > count", {"items": [1, 2], "count": 1}) is True


@pytest.mark.parametrize(
    ("function", "type", "expected"),
    [
        ("function(a) a", "function<number> -> number", True),
        ("function(a: number) a", "function<number> -> number", True),
        ("function(a: number) a", "function<number> -> string", False),
        ("function(a: string) a", "function<number> -> number", False),
        ("function(a: Any) 1", "function<number> -> number", True),
        ("function(a: number) 1", "function<Any> -> number", False),
        ("function(a: list) 1", "function<list<string>> -> number", True),
        ("function(a: list<string>) 1", "function<list> -> number", False),
        ("function(a, b) 1", "function<number> -> number", False),
        ("function() 1", "function<> -> Any", True),
        ("function() null", "function<> -> string", True),
        ('function() "x"', "function<> -> number", False),
        ("function() 1 + 2", "function<> -> number", True),
        ("function() a > 1", "function<> -> number", False),
        ("function() a", "function<> -> number", True),
        ('function() @"P1D"', "function<> -> days and time duration", True),
        ("function() [1, null]", "function<> -> list<number>", True),
        ("function() [1]", "function<> -> list<string>", False),
        ("function() [1..2]", "function<> -> range<number>", True),
        ("function() for x in [1] return x = 1", "function<> -> list<boolean>", True),
        ('function() if a then 1 else "x"', "function<> -> number", True),
        ("function() if a then 1 else 2", "function<> -> string", False),
        ('function(a: list<number>) {b: "b", c: 1}', "function<list<number>> -> context<b: string>", True),
        ('function() {b: "b"}', "function<> -> context<b: string, c: string>", False),
        ("function() {b: 1, c: b}", "function<> -> context<c: number>", True),
        ("function(a: context<x: string>) 1", "function<context<x: string, y: string>> -> number", True),
        ("function(a: context<x: string, y: string>) 1", "function<context<x: string>> -> number", False),
        ("function(f: function<number> -> Any) 1", "function<function<Any> -> number> -> number", True),
        ("function(f: function<Any> -> number) 1", "function<function<number> -> number> -> number", False),
        ("function() function(a: number) 1", "function<> -> function<number> -> number", True),
        ("function() function(a: number) 1", "function<> -> function", True),
        ("function(d: dateTime) d", "function<date and time> -> date and time", True),
        ("abs", "function<number> -> number", True),
        ("1", "function<number> -> number", False),
    ],
)
def test_a_function_is_of_a_type_whose_arguments_it_takes_and_whose_result_it_gives(
    function: str, type: str, expected: bool
) -> None:
    """DMN 1.5, 10.3.2.9: the parameters are compared the other way round than the results."""
    assert feel.evaluate(f"({function}) instance of {type}") is expected


def test_a_function_that_does_not_fit_the_type_of_a_parameter_is_not_taken() -> None:
    twice = "{twice: function(f: function<number> -> number) f(f(3)), r: twice(FUNCTION)}.r"
    assert feel.evaluate(twice.replace("FUNCTION", "function(n: number) n * n")) == 81
    assert feel.evaluate(twice.replace("FUNCTION", "function(n: string) n")) is None
