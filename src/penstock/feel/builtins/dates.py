"""The functions of dates and times (DMN 1.5, 10.3.4.7, 10.3.4.8)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from penstock.feel import temporal, temporal_text
from penstock.feel.builtins.signatures import whole
from penstock.feel.environment import Env
from penstock.feel.errors import NoValue
from penstock.feel.values import FarDate, FarDatetime, Value, YearsMonths

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def now(env: Env) -> datetime:
    """now(): the moment that the evaluation was given."""
    if env.now is None:
        raise NoValue("no clock: the evaluation was given no 'now'", "no-clock")
    return env.now


def today(env: Env) -> date:
    """today(): the day of that moment."""
    return now(env).date()


def day_of_year(value: Value) -> int:
    """day of year(date)"""
    return _near(value).timetuple().tm_yday


def day_of_week(value: Value) -> str:
    """day of week(date): its English name."""
    return _DAYS[_near(value).weekday()]


def month_of_year(value: Value) -> str:
    """month of year(date): its English name."""
    return _MONTHS[_near(value).month - 1]


def week_of_year(value: Value) -> int:
    """week of year(date): by ISO 8601."""
    return _near(value).isocalendar().week


def last_day_of_month(value: Value) -> Value:
    """last day of month(date). Camunda's."""
    day = temporal.day_of(value)
    near = _near(day)
    return temporal.make_date(day.year, day.month, monthrange(near.year, near.month)[1])


def _near(value: Value) -> date:
    """Give the day, or the same day of the calendar in a year that Python knows."""
    day = temporal.day_of(value)
    return day.near() if isinstance(day, FarDate) else day


# -- conversions -----------------------------------------------------------------------------------


def date_of(value: Value) -> Value:
    """date(from): of a text, or of a date and time."""
    return temporal_text.parse_date(value) if isinstance(value, str) else temporal.day_of(value)


def date_from_parts(year: Value, month: Value, day: Value) -> Value:
    """date(year, month, day)"""
    return temporal.make_date(whole(year, "year"), whole(month, "month"), whole(day, "day"))


def datetime_of(value: Value) -> Value:
    """date and time(from): of a text, or of a date at midnight."""
    if isinstance(value, str):
        return temporal_text.parse_datetime(value)
    return value if isinstance(value, datetime | FarDatetime) else temporal.combine(value, time())


def combine(day: Value, clock: time) -> Value:
    """date and time(date, time): the day of the one at the time of the other."""
    return temporal.combine(temporal.day_of(day), clock)


def in_zone(moment: Value, zone: str) -> Value:
    """date and time(date, timezone): the same moment on the clocks of a zone. Camunda's."""
    target = temporal.find_zone(zone)
    if isinstance(moment, FarDatetime):
        raise NoValue("the date and time lies outside of the years 1 to 9999", "argument")
    return moment.astimezone(target) if moment.tzinfo else moment.replace(tzinfo=target)


def datetime_from_parts(
    year: Value, month: Value, day: Value, hour: Value, minute: Value, second: Value, zone: Value = None
) -> Value:
    """date and time(year, month, day, hour, minute, second, offset or timezone?)"""
    day_part = date_from_parts(year, month, day)
    if isinstance(zone, str):
        clock = time_from_parts(hour, minute, second)
        return temporal.combine(day_part, clock.replace(tzinfo=temporal.find_zone(zone)))
    return temporal.combine(day_part, time_from_parts(hour, minute, second, zone))


def time_of(value: Value) -> time:
    """time(from): of a text, or of a date and time; a date stands for its midnight in UTC."""
    if isinstance(value, str):
        return temporal_text.parse_time(value)
    if isinstance(value, datetime | FarDatetime):
        return temporal.clock_of(value)
    return value if isinstance(value, time) else temporal_text.parse_time("00:00:00Z")


def time_from_parts(hour: Value, minute: Value, second: Value, offset: Value = None) -> time:
    """time(hour, minute, second, offset?)"""
    try:
        micros = int((second - int(second)) * 1_000_000)
        clock = time(whole(hour, "hour"), whole(minute, "minute"), whole(second, "second"), micros)
    except ValueError:
        raise NoValue(f"there is no time {hour}:{minute}:{second}", "argument") from None
    return clock if offset is None else clock.replace(tzinfo=temporal.fixed_zone(offset))


def duration_of(value: Value) -> timedelta | YearsMonths:
    """duration(from)"""
    return temporal_text.parse_duration(value) if isinstance(value, str) else value


def months_between(start: Value, end: Value) -> YearsMonths:
    """years and months duration(from, to)"""
    if isinstance(start, datetime) and isinstance(end, datetime):
        if (start.tzinfo is None) != (end.tzinfo is None):
            raise NoValue("one date and time has a zone, the other has none", "argument")
        return temporal.months_between(start, end)
    return temporal.months_between(temporal.day_of(start), temporal.day_of(end))
