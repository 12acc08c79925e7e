"""Timers as the kernel sees them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from penstock.bpmn.iso import epoch_milliseconds
from penstock.bpmn.schedules import feel_date, feel_duration, fixed_date, fixed_duration
from penstock.kernel.failures import Failure

_NOW = epoch_milliseconds(datetime(2030, 1, 31, 12, tzinfo=UTC))
_HOUR = 3_600_000


def test_a_fixed_date_does_not_move() -> None:
    schedule = fixed_date("1970-01-01T01:00:00+00:00")

    assert schedule.due({}, _NOW) == _HOUR
    assert schedule.text == "1970-01-01T01:00:00+00:00"


def test_a_fixed_duration_starts_now() -> None:
    assert fixed_duration("PT1H").due({}, _NOW) == _NOW + _HOUR


def test_a_fixed_duration_of_months_follows_the_calendar() -> None:
    end_of_february = epoch_milliseconds(datetime(2030, 2, 28, 12, tzinfo=UTC))

    assert fixed_duration("P1M").due({}, _NOW) == end_of_february


def test_a_negative_duration_fires_at_once() -> None:
    assert fixed_duration("-PT1H").due({}, _NOW) == _NOW
    assert feel_duration('duration("-PT1H")').due({}, _NOW) == _NOW


@pytest.mark.parametrize(
    "text",
    [
        'date and time("2030-02-01T00:00:00Z")',
        'date and time("2030-02-01T01:00:00+01:00")',
        'date and time("2030-02-01T00:00:00")',
        'date("2030-02-01")',
        '"2030-02-01T00:00:00Z"',
        'now() + duration("PT12H")',
        "when",
    ],
)
def test_feel_gives_a_date(text: str) -> None:
    first = datetime(2030, 2, 1, tzinfo=UTC)

    assert feel_date(text).due({"when": first}, _NOW) == epoch_milliseconds(first)


@pytest.mark.parametrize(
    "text", ['duration("PT1H")', '"PT1H"', "wait", 'duration("PT30M") * 2', 'if true then "PT1H" else null']
)
def test_feel_gives_a_duration(text: str) -> None:
    assert feel_duration(text).due({"wait": "PT1H"}, _NOW) == _NOW + _HOUR


def test_feel_gives_a_duration_in_months() -> None:
    end_of_february = epoch_milliseconds(datetime(2030, 2, 28, 12, tzinfo=UTC))

    assert feel_duration('duration("P1M")').due({}, _NOW) == end_of_february


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("missing", "gave null"),
        ("5", "gave a number"),
        ('"soon"', "'soon' is no ISO 8601"),
        ("[]", "gave a list"),
    ],
)
def test_a_value_that_is_no_time_is_a_failure_that_says_so(text: str, said: str) -> None:
    for schedule in (feel_date(text), feel_duration(text)):
        with pytest.raises(Failure) as failure:
            schedule.due({}, _NOW)
        assert failure.value.type == "timer"
        assert said in failure.value.message
        assert text in failure.value.message


def test_a_timer_beyond_the_calendar_is_a_failure() -> None:
    for schedule in (fixed_duration("P9000Y"), feel_duration('"P9000Y"')):
        with pytest.raises(Failure, match="outside the years 1 to 9999"):
            schedule.due({}, _NOW)


def test_schedules_are_equal_when_their_texts_are() -> None:
    assert feel_date("a") == feel_date("a")
    assert feel_date("a") != feel_duration("a")
    assert fixed_duration("PT60S") != fixed_duration("PT1M")
