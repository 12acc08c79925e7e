"""FEEL as the kernel sees it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from penstock import feel
from penstock.bpmn.expressions import clock_time, condition, constant, expression
from penstock.kernel.failures import Failure

_NEW_YEAR = 1_893_456_000_000
"""2030-01-01T00:00:00Z"""


def test_an_expression_has_its_text_and_its_value() -> None:
    total = expression("a + b")

    assert total.text == "a + b"
    assert total({"a": 1, "b": Decimal("2.5")}, 0) == Decimal("3.5")


def test_an_expression_may_give_null() -> None:
    assert expression("missing")({}, 0) is None


def test_an_expression_knows_the_time_of_its_command() -> None:
    assert expression("now()")({}, _NEW_YEAR) == datetime(2030, 1, 1, tzinfo=UTC)
    assert expression("today().year")({}, _NEW_YEAR) == 2030


def test_a_runaway_expression_is_a_failure_that_names_it() -> None:
    endless = expression("count(for i in 1..10000000 return i)", "mapping")

    with pytest.raises(Failure) as failure:
        endless({}, 0)
    assert failure.value.type == "mapping"
    assert "count(for i in 1..10000000 return i)" in failure.value.message


def test_a_text_that_is_no_feel_is_refused_at_once() -> None:
    with pytest.raises(feel.FeelSyntaxError):
        expression("a +")
    with pytest.raises(feel.FeelSyntaxError):
        condition("a >")


def test_a_condition_gives_true_or_false() -> None:
    assert condition("a > 1")({"a": 2}, 0) is True
    assert condition("a > 1")({"a": 1}, 0) is False


def test_a_condition_without_an_answer_fails_and_says_why() -> None:
    with pytest.raises(Failure) as failure:
        condition("a > b")({"a": 1}, 0)

    assert failure.value.type == "condition"
    assert failure.value.message.startswith("`a > b` gave null, not true or false: no variable named 'b'")


def test_a_condition_that_gives_something_else_fails_and_says_what() -> None:
    with pytest.raises(Failure, match="gave a string, not true or false"):
        condition("a")({"a": "yes"}, 0)


def test_a_runaway_condition_is_a_failure() -> None:
    with pytest.raises(Failure) as failure:
        condition("some i in 1..10000000 satisfies i < 0")({}, 0)

    assert failure.value.type == "condition"


def test_a_constant_is_always_the_same() -> None:
    assert constant(50, "50")({"a": 1}, 0) == 50
    assert constant(50, "50").text == "50"


def test_expressions_are_equal_when_their_texts_are() -> None:
    assert expression("a + b") == expression("a + b")
    assert expression("a + b") != expression("a + c")
    assert expression("a", "mapping") != expression("a")
    assert condition("a") == condition("a")


def test_the_clock_keeps_milliseconds() -> None:
    assert clock_time(1) == datetime(1970, 1, 1, 0, 0, 0, 1000, tzinfo=UTC)
