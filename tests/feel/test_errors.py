"""What a person is told: syntax errors, warnings and limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from penstock import feel
from penstock.feel.parser import parse
from penstock.feel.printer import print_tree


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("amount > ", 9, "the expression ends too early"),
        ("amount adn limit", 7, "did you mean 'and'?"),
        ("if a then b", 11, "'else'"),
        ("if a b", 5, "expected 'then'"),
        ("(1 + 2", 6, "expected ')'"),
        ("[1, 2", 5, "']'"),
        ("{a 1}", 4, "expected ':'"),
        ('"abc', 0, "the string is not closed"),
        ("1 /* abc", 2, "the comment is not closed"),
        ("a && b", 2, "did you mean 'and'?"),
        ("(1, 2)", 2, "write a list as [a, b]"),
        ("order total", 6, "if 'order total' is one name, it must be known here"),
        ("1e9999999", 0, "the number is too large"),
        (r'"\ud800"', 0, "half of a surrogate pair"),
        ("", 0, "the expression ends too early"),
        ("f(a: 1, a: 2)", 11, "the argument 'a' is given twice"),
        ("x instance of 5", 14, "expected a type"),
        ("a > > b", 4, "a unary test is an operand only in parentheses"),
        ("a == b", 3, "equality is one '='"),
        ("1 + < 2", 4, "a unary test is an operand only in parentheses"),
        ("> 5 > 3", 4, "a unary test is an operand only in parentheses"),
        ("-(1) * - > 5", 9, "a unary test is an operand only in parentheses"),
        ("a between > 1 and 2", 10, "a unary test is an operand only in parentheses"),
        ("[1..< 5]", 4, "a unary test is an operand only in parentheses"),
    ],
)
def test_a_syntax_error_says_where_and_what_was_expected(text: str, position: int, words: str) -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile(text)
    assert words in str(caught.value)
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("order totl > 5", "did you mean 'order total'?"),
        ("5 < order totl", "did you mean 'order total'?"),
        ('start with("a", "b")', "did you mean 'starts with'?"),
        ("fro x in [1] return x", "did you mean 'for' for 'fro'?"),
        ("for x of [1] return x", "did you mean 'in'?"),
        ("not a", "write not(a)"),
        ("!a", "write not(...)"),
        ("a is null", "a comparison is written with '=', as a = null"),
        ("a <> b", "write != for 'is not'"),
        ("a ? b : c", "a choice is written if a then b else c"),
        ("date('2030-01-15')", 'a string is written in double quotes, as "text"'),
        ("@2030-01-15", 'a date is written in quotes, as @"2030-01-15"'),
        ("10%", "there is no '%'; write modulo(a, b), or divide by 100"),
        ("a === b", "equality is one '='"),
    ],
)
def test_a_syntax_error_says_what_was_probably_meant(text: str, hint: str) -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile(text, names=["order total"])
    assert caught.value.suggestion == hint


def test_a_syntax_error_shows_the_line_with_a_caret() -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile("a +\nb c")
    error = caught.value
    assert (error.line, error.column) == (2, 3)
    assert str(error).split("\n")[:3] == ["unexpected 'c' (line 2, column 3)", "  b c", "    ^"]


def _warnings(text: str, variables: dict[str, Any]) -> list[tuple[str, str, int]]:
    warnings: list[feel.Warning] = []
    feel.evaluate(text, variables, warnings=warnings)
    return [(warning.code, warning.message, warning.position) for warning in warnings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amout > 1", ("unknown-variable", "no variable named 'amout' (did you mean 'amount'?)", 0)),
        ("order.totl", ("unknown-property", "the context has no entry 'totl' (did you mean 'total'?)", 5)),
        ('1 + "a"', ("type", "cannot add number and string", 2)),
        ('1 < "a"', ("type", "cannot compare a number with a string", 2)),
        ("1 / 0", ("arithmetic", "division by zero", 2)),
        (
            "order.total is null",
            (
                "unknown-property",
                "the context has no entry 'total is null' (is an operator missing behind 'total'?)",
                5,
            ),
        ),
        ("conut([1])", ("unknown-function", "no function named 'conut' (did you mean 'count'?)", 0)),
        ('floor("a")', ("argument", "the argument 'n' must be number, not string", 0)),
        ("floor()", ("argument", "floor takes (n), not 0 arguments", 0)),
        ("floor(m: 1)", ("argument", "floor has no parameter 'm'; it takes (n)", 0)),
        ("[1, 2][3]", ("index", "no item 3 in a list of 2; positions are 1 to 2", 6)),
        ("for x in 5 return x", ("loop", "cannot loop over a number; a list or a range is needed", 0)),
        ('date("yesterday")', ("argument", "'yesterday' is no date; write it as 2024-02-29", 0)),
        (
            '(function(a) external {java: {class: "java.lang.Math", method signature: "abs(int)"}})(1)',
            ("external-function", "the function is written outside of FEEL, and is not run here", 1),
        ),
        ("now()", ("no-clock", "no clock: the evaluation was given no 'now'", 0)),
        ("{a: 1, a: 2}", ("context", "the context has the key 'a' twice", 0)),
        ("[3..1]", ("range", "the range ends before it starts", 0)),
        ('1 and "a"', ("type", "'and' needs booleans, not a number", 2)),
        ("1 instance of tOrder", ("unknown-type", "no type named 'tOrder'", 2)),
        ('matches("a", "[")', ("pattern", "the pattern '[' is invalid: a class is not closed", 0)),
        ('assert(1, false, "no")', ("assertion", "no", 0)),
        ("(function(x) x)()", ("argument", "the function takes (x), not 0 arguments", 1)),
    ],
)
def test_a_warning_says_why_something_is_null(text: str, expected: tuple[str, str, int]) -> None:
    assert _warnings(text, {"amount": 1, "order": {"total": 1}})[0] == expected


def test_what_has_a_value_gives_no_warning() -> None:
    text = "if order.total > 1 then count(xs[item > 1]) else xs[amount]"
    assert _warnings(text, {"amount": 1, "order": {"total": 1}, "xs": [1, 2]}) == []


def test_a_loop_does_not_flood_the_warnings() -> None:
    assert len(_warnings("for x in 1..1000 return x + null", {})) == 100


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "1" + ")" * 10_000,
        "[" * 10_000,
        "-" * 10_000 + "1",
        "a" + ".b" * 10_000,
        "a" + "[1]" * 10_000,
        "1" + " = 1" * 10_000,
        "f(" * 10_000,
        "function() " * 10_000 + "1",
        "1 instance of " + "list<" * 10_000,
        "x in (" * 10_000,
        "1" * 300_000,
    ],
)
def test_a_text_nested_without_end_is_refused(text: str) -> None:
    with pytest.raises(feel.FeelSyntaxError, match=r"nested more than 200 deep|more than 200000"):
        feel.compile(text)


_NESTED = [
    ("[", "1", "]"),
    ("{a: ", "1", "}"),
    ("abs(", "1", ")"),
    ("1 + (", "1", ")"),
    ("for x in [1] return ", "1", ""),
    ("some x in [1] satisfies ", "true", ""),
    ("x", "", "[true]"),
    ("x", "", ".a"),
    ("[1..", "2", "]"),
    ("-", "1", ""),
]


def _beneath(frames: int, call: Callable[[], Any]) -> Any:
    return _beneath(frames - 1, call) if frames else call()


@pytest.mark.parametrize("frames", [0, 800], ids=["on a fresh stack", "on a stack that is nearly full"])
@pytest.mark.parametrize(("before", "inner", "after"), _NESTED)
def test_a_text_nested_198_deep_is_compiled_printed_and_evaluated(
    before: str, inner: str, after: str, frames: int
) -> None:
    levels = 198
    text = (before if before != "x" else "") * levels + (inner or before) + after * levels

    def all_of_it() -> str:
        value = feel.compile(text).evaluate({"x": {"a": 1}})
        printed = print_tree(parse(text, {}))
        assert print_tree(parse(printed, {})) == printed
        return feel.to_text(value)

    assert _beneath(frames, all_of_it) == _beneath(0, all_of_it)


def test_levels_that_need_a_stack_of_their_own_count_as_steps() -> None:
    text = f"for x in 1..1000 return {'[' * 150}x{']' * 150}"
    with pytest.raises(feel.FeelLimitError, match="more than 50000 steps"):
        feel.compile(text).evaluate({}, limits=feel.Limits(steps=50_000, seconds=60))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("for x in 1..1000000000 return x", "more than 1000000 steps"),
        ("some x in 1..100000, y in 1..100000 satisfies false", "more than 1000000 steps"),
        ("{f: function(n) f(n + 1), r: f(1)}.r", "more than 64 deep"),
        ('for i in 1..64 return if i = 1 then "ab" else partial[-1] + partial[-1]', "items or characters"),
        ("for i in 1..64 return if i = 1 then [1] else concatenate(partial[-1], partial[-1])", "steps|items"),
        (f'for i in 1..1000000 return x + "{"a" * 1000}"', "items or characters"),
        ("for i in 1..1000000 return string(xs)", "items or characters"),
        ("for i in 1..1000000 return reverse(xs)", "steps"),
        (f"for i in 1..1000000 return [{'1, ' * 1000}1]", "steps"),
        ("string(for i in 1..64 return [partial, partial])", "too large"),
        (
            "(for i in 1..64 return [partial, partial]) = (for i in 1..64 return [partial, partial])",
            "too large",
        ),
        (f'matches("{"a" * 5000}", "(a*)(a*)(a*)\\1b")', "steps|longer"),
    ],
)
def test_an_expression_without_end_meets_a_limit(text: str, words: str) -> None:
    with pytest.raises(feel.FeelLimitError, match=words):
        feel.evaluate(text, {"x": "a" * 100, "xs": [1] * 10_000}, limits=feel.Limits(seconds=20))


def test_time_is_a_limit_too() -> None:
    with pytest.raises(feel.FeelLimitError, match=r"longer than 0\.0 s"):
        feel.evaluate("for x in 1..100000 return x", limits=feel.Limits(seconds=0.0))


def test_a_pattern_that_explodes_elsewhere_is_linear_here() -> None:
    assert feel.evaluate(f'matches("{"a" * 2000}", "^(a+)+b$")') is False


def test_data_nested_without_end_is_refused_not_fatal() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(feel.FeelLimitError, match="nested"):
        feel.compile("string(x)").evaluate({"x": deep})
    with pytest.raises(feel.FeelError, match="nested"):
        feel.dumps(deep)
    with pytest.raises(TypeError, match="nested"):
        feel.from_python(deep)
