"""ISO 8601 dates and durations, and the calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from penstock.bpmn.iso import (
    Duration,
    add_duration,
    epoch_milliseconds,
    from_epoch_milliseconds,
    parse_date_time,
    parse_duration,
)

_SECOND = 1000
_DAY = 24 * 3600 * _SECOND


def _at(*parts: int) -> int:
    return epoch_milliseconds(datetime(*parts, tzinfo=UTC))  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT30S", Duration(0, 30 * _SECOND)),
        ("PT0S", Duration(0, 0)),
        ("PT0.5S", Duration(0, 500)),
        ("PT1.2345S", Duration(0, 1234)),
        ("PT1,5S", Duration(0, 1500)),
        ("P1DT12H", Duration(0, 36 * 3600 * _SECOND)),
        ("P2W", Duration(0, 14 * _DAY)),
        ("P1Y2M", Duration(14, 0)),
        ("P1M", Duration(1, 0)),
        ("PT1M", Duration(0, 60 * _SECOND)),
        ("P1Y2M3DT4H5M6S", Duration(14, 3 * _DAY + ((4 * 60 + 5) * 60 + 6) * _SECOND)),
        ("-P1M", Duration(-1, 0)),
        ("-PT30S", Duration(0, -30 * _SECOND)),
        ("+PT1H", Duration(0, 3600 * _SECOND)),
        (" PT1H ", Duration(0, 3600 * _SECOND)),
    ],
)
def test_a_duration_is_read(text: str, duration: Duration) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "30S", "PT30", "P1H", "PT1D", "P-1D", "PT1.5H", "pt1h", "P1D ago",
     "R3/PT1S", "PT１S",
     "P9999999999999D"],
)  # fmt: skip
def test_what_is_no_duration_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601 duration such as PT30S"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2030-01-31T09:00:00Z", _at(2030, 1, 31, 9)),
        ("2030-01-31T09:00:00+01:00", _at(2030, 1, 31, 8)),
        ("2030-01-31T09:00:00-0530", _at(2030, 1, 31, 14, 30)),
        ("2030-01-31T09:00:00", _at(2030, 1, 31, 9)),
        ("2030-01-31T09:00", _at(2030, 1, 31, 9)),
        ("1970-01-01T00:00:00.123456789Z", 123),
        ("1969-12-31T23:59:59.999Z", -1),
    ],
)
def test_a_date_and_time_is_read(text: str, moment: int) -> None:
    assert parse_date_time(text) == moment


@pytest.mark.parametrize(
    "text",
    ["", "2030-01-31", "31.01.2030", "2030-02-30T00:00:00Z", "2030-01-31T25:00:00Z",
     "2030-01-31T09:00:00+24:00",
     "2030-01-31T09:00:00+01:75", "0000-01-01T00:00:00Z", "2030-01-31T09:00:00[Europe/Berlin]",
     "２０３０-01-31T09:00:00Z"],
)  # fmt: skip
def test_what_is_no_date_and_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no "):
        parse_date_time(text)


def test_a_month_ends_on_its_last_day() -> None:
    assert add_duration(_at(2023, 1, 31), Duration(1, 0)) == _at(2023, 2, 28)
    assert add_duration(_at(2024, 1, 31), Duration(1, 0)) == _at(2024, 2, 29)
    assert add_duration(_at(2024, 2, 29), Duration(12, 0)) == _at(2025, 2, 28)


def test_months_are_added_before_days() -> None:
    assert add_duration(_at(2023, 1, 31), parse_duration("P1M1D")) == _at(2023, 3, 1)


def test_a_sum_beyond_the_calendar_overflows() -> None:
    with pytest.raises(OverflowError):
        add_duration(_at(2023, 1, 1), Duration(12 * 8000, 0))
    with pytest.raises(OverflowError):
        add_duration(_at(2023, 1, 1), Duration(0, 4_000_000 * _DAY))


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_printed_moment_reads_as_itself(moment: datetime) -> None:
    whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    assert from_epoch_milliseconds(parse_date_time(whole.isoformat())) == whole


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(-1200, 1200))  # noqa: DTZ001
def test_adding_months_moves_by_that_many_months(naive: datetime, months: int) -> None:
    start = naive.replace(tzinfo=UTC, microsecond=0)
    end = from_epoch_milliseconds(add_duration(epoch_milliseconds(start), Duration(months, 0)))

    assert end.year * 12 + end.month == start.year * 12 + start.month + months
    assert end.timetz() == start.timetz()
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@given(st.text(alphabet="PT0123456789YMWDHS.-+", max_size=12))
def test_a_text_is_a_duration_or_a_value_error(text: str) -> None:
    try:
        duration = parse_duration(text)
    except ValueError:
        return
    assert isinstance(duration.months, int)
