"""The benchmark of expressions measures what it says, and its goals are told apart."""

from __future__ import annotations

from timeit import Timer

from benchmarks.expressions import (
    ANSWER,
    CONDITION,
    FEEL,
    LAMBDA,
    ORDER,
    PENSTOCK,
    TABLE,
    VARIABLES,
    best,
    table_xml,
)
from benchmarks.expressions_report import comparison, goals, medians
from benchmarks.figures import Timing
from penstock import dmn, feel


def test_the_condition_holds_for_its_variables() -> None:
    assert feel.compile(FEEL).evaluate(VARIABLES) is True


def test_the_table_has_a_thousand_rules_and_gives_its_answer() -> None:
    text = table_xml()
    reading = dmn.read(text.encode())
    assert reading.model is not None
    assert not reading.errors
    assert text.count("<rule ") == 1000
    assert dmn.evaluate(reading.model, "Rate", ORDER).value == ANSWER


def test_the_best_batch_of_each_statement_is_found() -> None:
    little, much = best([Timer("pass"), Timer("sum(range(500))")], 0.05)
    assert 0 < little < much


def test_the_rounds_are_reduced_to_their_median() -> None:
    rounds = [Timing(PENSTOCK, TABLE, value) for value in (1.0, 9.0, 2.0)]
    assert medians(rounds) == [Timing(PENSTOCK, TABLE, 2.0)]


def test_a_goal_is_reached_or_missed() -> None:
    timings = [
        Timing(PENSTOCK, CONDITION, 1.0),
        Timing(LAMBDA, CONDITION, 0.25),
        Timing("cel-python", CONDITION, 30.0),
        Timing(PENSTOCK, TABLE, 101.0),
    ]
    reached = [line.split()[-1] for line in goals(timings).splitlines()[2:]]
    assert reached == ["yes", "NO", "yes", "NO"]


def test_each_timing_has_its_ratio_to_ours() -> None:
    timings = [Timing(PENSTOCK, CONDITION, 2.0), Timing(LAMBDA, CONDITION, 1.0)]
    assert [line.split()[-1] for line in comparison(timings).splitlines()[2:]] == ["1.00", "0.50"]
