"""The built-in functions, by example."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from penstock import feel


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("before(1, 2)", True),
        ("before([1..2], 2)", False),
        ("before([1..2), 2)", True),
        ("before([1..2], (2..3])", True),
        ("after(3, [1..2])", True),
        ("after([2..3], [1..2])", False),
        ("meets([1..2], [2..3])", True),
        ("meets([1..2), [2..3])", False),
        ("met by([2..3], [1..2])", True),
        ("overlaps([1..3], [2..4])", True),
        ("overlaps([1..2), [2..4])", False),
        ("overlaps before([1..3], [2..4])", True),
        ("overlaps before([2..4], [1..3])", False),
        ("overlaps before([1..3), (1..3])", True),
        ("overlaps before([1..3], [1..3])", False),
        ("overlaps after([2..4], [1..3])", True),
        ("overlaps after([1..3], [2..4])", False),
        ("overlaps after((1..3], [1..3])", True),
        ("overlaps after([1..3], [1..3))", False),
        ("finishes(3, [1..3])", True),
        ("finishes(3, [1..3))", False),
        ("finishes([2..3], [1..3])", True),
        ("finished by([1..3], 3)", True),
        ("finished by([1..3], [2..3])", True),
        ("includes([1..3], 2)", True),
        ("includes([1..3), 3)", False),
        ("includes([1..3], (1..3))", True),
        ("includes((1..3), [1..3])", False),
        ("during(2, [1..3])", True),
        ("during([1..2], [1..3])", True),
        ("starts(1, [1..3])", True),
        ("starts([1..2], [1..3])", True),
        ("starts((1..2], [1..3])", False),
        ("started by([1..3], 1)", True),
        ("started by([1..3], [1..2])", True),
        ("coincides(1, 1)", True),
        ("coincides([1..2], [1..2])", True),
        ("coincides([1..2], [1..2))", False),
        ("includes(> 3, 4)", True),
        ("during([4..5], (> 3))", True),
        ('before([@"2024-01-01"..@"2024-01-31"], @"2024-02-01")', True),
        ('before(1, "a")', None),
        ("before(point: 1, range: [2..3])", True),
        ("before(range: [2..3], point: 4)", True),
        ("after(range: [2..3], point: 1)", True),
        ("after(point: 4, range: [2..3])", True),
        ('range("[1..3)").end included', False),
        ('string(range("[@\\"2024-01-01\\"..date(\\"2024-02-01\\")]"))', "[2024-01-01..2024-02-01]"),
    ],
)
def test_the_relations_of_points_and_ranges(text: str, expected: Any) -> None:
    assert feel.evaluate(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(null)", None),
        ("count(5)", 1),
        ('min("b", "a")', "a"),
        ("min(1, null)", None),
        ('max([@"2024-01-01", @"2024-02-01"])', date(2024, 2, 1)),
        ("sum([1, 2.5])", Decimal("3.5")),
        ('sum([@"PT1H", @"PT2H"])', timedelta(hours=3)),
        ('sum([1, "2"])', None),
        ("mean(1, 2)", Decimal("1.5")),
        ("median(8, 2, 5, 3, 4)", 4),
        ("product(2, 3)", 6),
        ("mode([6, 1, 9, 6, 1])", [1, 6]),
        ("all([true, null])", None),
        ("any([false, true, null])", True),
        ("sublist([1, 2, 3], -2, 1)", [2]),
        ("sublist([1, 2, 3], 3, 5)", None),
        ("append([1], null, [2])", [1, None, [2]]),
        ("insert before([1, 3], 2, 2)", [1, 2, 3]),
        ("insert before([1, 3], 4, 2)", None),
        ("remove([1, 2, 3], -1)", [1, 2]),
        ("index of([1, null, 1], 1)", [1, 3]),
        ("union([1, 2], [2.0, 3])", [1, 2, 3]),
        ("count(distinct values([[1], [1.0], {a: [1]}, {a: [1]}, [1..2], [1..2]]))", 3),
        ("duplicate values([1, 2, 1])", [1]),
        ("flatten([[1, [2]], 3])", [1, 2, 3]),
        ("list replace([1, 2, 3], 2, 5)", [1, 5, 3]),
        ("list replace([1, 2, 3], function(item, newItem) item > newItem, 2)", [1, 2, 2]),
        ("partition([1, 2, 3], 2)", [[1, 2], [3]]),
        ("sort([3, 1, 2], function(x, y) x > y)", [3, 2, 1]),
        ("sort([3, 1, 2], function(x, y) null)", None),
        ("sort([3, 1, 2], count)", None),
        ("is empty([])", True),
    ],
)
def test_the_functions_of_lists(text: str, expected: Any) -> None:
    assert feel.evaluate(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("decimal(0.125, 2)", Decimal("0.12")),
        ("round half up(0.125, 2)", Decimal("0.13")),
        ("round half down(0.125, 2)", Decimal("0.12")),
        ("round up(-1.1, 0)", -2),
        ("round down(-1.9, 0)", -1),
        ("floor(-1.5)", -2),
        ("ceiling(-1.5)", -1),
        ("floor(1234, -2)", 1200),
        ("abs(-5)", 5),
        ('abs(@"-P1Y")', feel.YearsMonths(12)),
        ("modulo(-12, 5)", 3),
        ("modulo(10.5, -4)", Decimal("-1.5")),
        ("sqrt(16)", 4),
        ("exp(0)", 1),
        ("log(1)", 0),
        ("odd(-3)", True),
        ("even(2.5)", False),
        ('number("1 234,5", " ", ",")', Decimal("1234.5")),
        ('number("1,2")', None),
        ("string(1.500)", "1.5"),
        ("string(1E+3)", "1000"),
    ],
)
def test_the_functions_of_numbers(text: str, expected: Any) -> None:
    assert feel.evaluate(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('substring("foobar", -3, 2)', "ba"),
        ('substring("\U0001f40eab", 2)', "ab"),
        ('substring("abc", 0)', None),
        ('string length("\U0001f40e")', 1),
        ('substring before("a-b-c", "-")', "a"),
        ('substring after("a-b-c", "-")', "b-c"),
        ('string join(["a", null, "b"], ", ")', "a, b"),
        ('string join(["a", "b"], ", ", "[", "]")', "[a, b]"),
        ('trim("  a b ")', "a b"),
        ('to base64("FEEL")', "RkVFTA=="),
        ('from base64("?")', None),
        ('from json("{\\"a\\": [1, null]}")', {"a": [1, None]}),
        ('to json({a: @"2024-01-01"})', '{"a":"2024-01-01"}'),
        ('string("a")', "a"),
        ('string(["a", 1])', '["a", 1]'),
        ('get value({a: 1}, "b")', None),
        ('get value({a: {b: 1}}, ["a", "b"])', 1),
        ('context put({a: {b: 1}}, ["a", "c"], 2)', {"a": {"b": 1, "c": 2}}),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}),
        ('context([{key: "a", value: 1}])', {"a": 1}),
        ("get entries({a: 1})", [{"key": "a", "value": 1}]),
        ("not(1)", None),
        ("is(1, 1.0)", True),
        ('is(@"10:00:00Z", @"10:00:00")', False),
        ("get or else(null, 1)", 1),
        ("is defined(nothing)", False),
        ('assert(1, false, "never")', None),
        ('last day of month(@"2024-02-10")', date(2024, 2, 29)),
        ('week of year(@"2010-01-01")', 53),
    ],
)
def test_the_functions_of_strings_contexts_and_others(text: str, expected: Any) -> None:
    assert feel.evaluate(text) == expected


def test_a_function_of_the_language_is_a_value() -> None:
    assert feel.evaluate("for f in [floor, ceiling] return f(1.5)") == [1, 2]
    assert feel.evaluate("abs instance of function") is True


def test_arguments_may_be_named_in_any_order() -> None:
    assert feel.evaluate('substring(start position: 2, string: "abc")') == "bc"
    assert feel.evaluate('substring(start position: 2, text: "abc")') is None
