"""The algebra that the standard promises, over random values."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from penstock import feel
from penstock.feel.builtins import FUNCTIONS
from tests.feel import strategies as some

NOW = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)


def value(text: str, **variables: Any) -> Any:
    return feel.compile(text).evaluate(variables, now=NOW)


# -- three-valued logic (table 50) -----------------------------------------------------------------

TRUTHS = (True, False, None)


@pytest.mark.parametrize("b", TRUTHS)
@pytest.mark.parametrize("a", TRUTHS)
def test_and_or_and_not_follow_the_tables_of_three_valued_logic(a: bool | None, b: bool | None) -> None:
    both = False if a is False or b is False else None if a is None or b is None else True
    either = True if a is True or b is True else None if a is None or b is None else False
    assert value("a and b", a=a, b=b) is both
    assert value("a or b", a=a, b=b) is either
    assert value("not(a)", a=a) is (None if a is None else not a)
    assert value("not(a and b) = (not(a) or not(b))", a=a, b=b) is True


@given(st.lists(st.sampled_from(TRUTHS), max_size=5))
def test_every_is_all_and_some_is_any(truths: list[bool | None]) -> None:
    assert value("every x in xs satisfies x", xs=truths) is value("all(xs)", xs=truths)
    assert value("some x in xs satisfies x", xs=truths) is value("any(xs)", xs=truths)


# -- numbers ---------------------------------------------------------------------------------------


@given(some.NUMBERS, some.NUMBERS)
def test_addition_and_multiplication_commute(a: Decimal, b: Decimal) -> None:
    assert value("a + b = b + a and a * b = b * a", a=a, b=b) is True


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_whole_numbers_are_a_ring(a: int, b: int, c: int) -> None:
    assert value("a * (b + c) = a * b + a * c and (a + b) + c = a + (b + c)", a=a, b=b, c=c) is True
    assert value("a - b = -(b - a)", a=a, b=b) is True


@given(some.DECIMALS, some.DECIMALS.filter(bool))
def test_division_undoes_multiplication(a: Decimal, b: Decimal) -> None:
    assert abs(Decimal(value("a * b / b", a=a, b=b)) - a) <= Decimal("1e-20")


@given(some.DECIMALS, some.DECIMALS.filter(bool))
def test_modulo_has_the_sign_of_the_divisor_and_is_less(a: Decimal, b: Decimal) -> None:
    rest = value("modulo(a, b)", a=a, b=b)
    assert abs(rest) < abs(b)
    assert rest == 0 or (rest < 0) == (b < 0)


@given(some.DECIMALS, st.integers(0, 4))
def test_every_rounding_is_within_one_unit(a: Decimal, scale: int) -> None:
    for name in ("decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down"):
        assert abs(value(f"{name}(a, s)", a=a, s=scale) - a) < Decimal(1).scaleb(-scale)


# -- order and equality ----------------------------------------------------------------------------

ORDERED = st.one_of(
    *(
        st.tuples(values, values)
        for values in (
            some.NUMBERS,
            some.TEXTS,
            some.DATES | some.FAR_DATES,
            some.DURATIONS,
            some.MONTHS,
            st.times(),
            st.datetimes(),
            st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=some.ZONES),  # noqa: DTZ001
        )
    )
)


@given(ORDERED)
def test_of_two_values_one_is_less_or_they_are_equal(pair: tuple[Any, Any]) -> None:
    a, b = pair
    outcomes = [value(f"a {symbol} b", a=a, b=b) for symbol in ("<", "=", ">")]
    assert sorted(outcomes) == [False, False, True]
    assert value("a <= b", a=a, b=b) is (outcomes[0] or outcomes[1])
    assert value("a >= b", a=a, b=b) is (outcomes[2] or outcomes[1])
    assert value("a < b", a=a, b=b) is value("b > a", a=a, b=b)


@given(ORDERED, st.data())
def test_between_is_a_closed_range(pair: tuple[Any, Any], data: st.DataObject) -> None:
    low, high = pair if value("a <= b", a=pair[0], b=pair[1]) else pair[::-1]
    x = data.draw(st.sampled_from([low, high]))
    assert value("x between low and high", x=x, low=low, high=high) is True
    assert value("x in [low..high]", x=x, low=low, high=high) is True
    assert value("x in (low..high)", x=x, low=low, high=high) is False


@given(some.VALUES)
def test_a_value_equals_itself_and_only_null_equals_null(a: Any) -> None:
    assert value("a = a", a=a) is True
    assert value("a = null", a=a) is (a is None)
    assert value("a != a", a=a) is False


@given(some.VALUES, some.VALUES)
def test_equality_is_symmetric(a: Any, b: Any) -> None:
    assert value("a = b", a=a, b=b) is value("b = a", a=a, b=b)


# -- calendars -------------------------------------------------------------------------------------


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=some.ZONES),  # noqa: DTZ001
    st.timedeltas(timedelta(days=-3000), timedelta(days=3000)),
)
def test_a_duration_added_can_be_measured_and_taken_away_again(moment: datetime, length: timedelta) -> None:
    assert value("(t + d) - t = d", t=moment, d=length) is True
    assert value("(t + d) - d = t", t=moment, d=length) is True


@given(some.DURATIONS, some.DURATIONS)
def test_durations_add_up(a: timedelta, b: timedelta) -> None:
    assert value("a + b = b + a and a - b = -(b - a) and a + b - b = a", a=a, b=b) is True


@given(some.MONTHS, some.MONTHS, st.integers(-50, 50))
def test_months_add_up_and_scale(a: Any, b: Any, n: int) -> None:
    assert value("(a + b) * n = a * n + b * n", a=a, b=b, n=n) is True


@given(st.dates(date(1900, 1, 1), date(2100, 1, 28)), st.integers(-600, 600))
def test_months_between_a_date_and_itself_moved_are_the_months_moved(day: date, months: int) -> None:
    day = day.replace(day=min(day.day, 28))
    length = feel.YearsMonths(months)
    assert value("years and months duration(d, d + m) = m", d=day, m=length) is True


@given(some.TIMES, st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_a_time_goes_round_the_clock(clock: time, length: timedelta) -> None:
    assert value("t + d - d = t", t=clock, d=length) is True


@given(
    some.DATES | some.TIMES | some.MOMENTS | some.DURATIONS | some.MONTHS | some.FAR_DATES | some.FAR_MOMENTS
)
def test_the_text_of_a_temporal_value_reads_back_as_the_value(temporal: Any) -> None:
    assert feel.evaluate(f'@"{feel.to_text(temporal)}"') == temporal


# -- lists and ranges ------------------------------------------------------------------------------

LISTS = st.lists(some.SCALARS, max_size=8)


@given(LISTS, LISTS)
def test_lists_are_joined_turned_and_flattened(a: list[Any], b: list[Any]) -> None:
    assert value("count(concatenate(a, b)) = count(a) + count(b)", a=a, b=b) is True
    assert value("reverse(reverse(a))", a=a) == a
    assert value("flatten([a, [b]])", a=a, b=b) == a + b
    assert value("distinct values(union(a, b))", a=a, b=b) == value("union(a, b)", a=a, b=b)


@given(st.lists(some.NUMBERS, max_size=8))
def test_sort_orders_like_python(numbers: list[Any]) -> None:
    assert value("sort(xs, function(x, y) x < y)", xs=numbers) == sorted(numbers)


RANGE = st.tuples(st.integers(0, 6), st.integers(0, 6), st.booleans(), st.booleans()).map(
    lambda r: feel.Range(min(r[:2]), max(r[:2]), r[2], r[3])
)


@given(RANGE, RANGE)
def test_the_relations_of_ranges_mirror_each_other(a: feel.Range, b: feel.Range) -> None:
    for one, other in (
        ("before(a, b)", "after(b, a)"),
        ("meets(a, b)", "met by(b, a)"),
        ("includes(a, b)", "during(b, a)"),
        ("starts(a, b)", "started by(b, a)"),
        ("finishes(a, b)", "finished by(b, a)"),
        ("coincides(a, b)", "coincides(b, a)"),
        ("overlaps(a, b)", "overlaps(b, a)"),
    ):
        assert value(one, a=a, b=b) is value(other, a=a, b=b)
    assert value("overlaps(a, b)", a=a, b=b) is not value("before(a, b) or after(a, b)", a=a, b=b)


# -- storage ---------------------------------------------------------------------------------------


@given(some.VALUES)
def test_a_stored_value_reads_back_as_itself(stored: Any) -> None:
    assert feel.loads(feel.dumps(stored)) == stored


@given(some.VALUES)
def test_typed_json_reads_back_as_the_value(stored: Any) -> None:
    assert feel.from_json(feel.to_json(stored, typed=True)) == stored


@given(some.VALUES)
def test_a_feel_value_is_its_own_python_value(stored: Any) -> None:
    assert feel.from_python(stored) == stored


# -- nothing breaks --------------------------------------------------------------------------------

SYMBOLS = """a b ? 1 2.5 "x" true null if then else for in return some every satisfies function and or not(
    = != < <= > >= + - * / ** ( ) [ ] { } , . .. : @"2024-01-01" @"P1D" between instance of list< item
    partial -> ` " // /* \\ 'é"""
WORDS = st.sampled_from([*SYMBOLS.split(), *(f"{name}(" for name in FUNCTIONS)])
TYPES = {
    "null", "boolean", "number", "string", "date", "time", "date and time", "days and time duration",
    "years and months duration", "list", "context", "range", "function",
}  # fmt: skip
LIMITS = feel.Limits(steps=2000, size=2000, seconds=5)


@given(
    st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=20), some.VALUES, some.VALUES, st.booleans()
)
@settings(max_examples=600, deadline=None)
def test_no_text_and_no_value_raises_anything_but_our_own_errors(
    text: str, a: Any, b: Any, unary: bool
) -> None:
    try:
        expression = feel.compile(text, unary=unary)
        result = expression.evaluate({"a": a, "b": b, "?": a}, now=NOW, warnings=[], limits=LIMITS)
    except feel.FeelError:
        return
    assert feel.type_name(result) in TYPES


@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(some.VALUES, max_size=4))
@settings(max_examples=600, deadline=None)
def test_every_function_takes_any_arguments(name: str, arguments: list[Any]) -> None:
    names = [f"x{index}" for index in range(len(arguments))]
    expression = feel.compile(f"{name}({', '.join(names)})")
    try:
        result = expression.evaluate(dict(zip(names, arguments, strict=True)), now=NOW, limits=LIMITS)
    except feel.FeelLimitError:
        return
    assert feel.type_name(result) in TYPES
