"""How many calls are taken on beyond those that run."""

from __future__ import annotations

from penstock.workers.pace import MOST_AHEAD, Pace


def test_nothing_is_taken_ahead_before_a_call_has_ended() -> None:
    assert Pace(2).ahead(busy=False) == 0


def test_as_many_are_taken_ahead_as_will_have_begun_within_a_tenth_of_a_second() -> None:
    pace = Pace(2)
    pace.note(0.01)
    assert pace.ahead(busy=True) == 20


def test_nothing_is_taken_ahead_of_calls_that_take_long() -> None:
    pace = Pace(2)
    pace.note(5.0)
    assert pace.ahead(busy=True) == 0


def test_one_long_call_among_short_ones_makes_for_caution() -> None:
    pace = Pace(2)
    pace.note(0.001)
    before = pace.ahead(busy=True)
    pace.note(1.0)
    assert pace.ahead(busy=True) < before


def test_there_is_a_most_of_what_is_taken_ahead() -> None:
    pace = Pace(64)
    pace.note(0.0)
    assert pace.ahead(busy=True) == MOST_AHEAD
