"""The functions of dates and times (DMN 1.5, 10.3.4.7, 10.3.4.8)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from penstock.feel import temporal
from penstock.feel.builtins.signatures import whole
from penstock.feel.environment import Env
from penstock.feel.errors import NoValue
from penstock.feel.values import Value, YearsMonths

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


def day_of_year(value: date) -> int:
    """day of year(date)"""
    return value.timetuple().tm_yday


def day_of_week(value: date) -> str:
    """day of week(date): its English name."""
    return _DAYS[value.weekday()]


def month_of_year(value: date) -> str:
    """month of year(date): its English name."""
    return _MONTHS[value.month - 1]


def week_of_year(value: date) -> int:
    """week of year(date): by ISO 8601."""
    return value.isocalendar().week


def last_day_of_month(value: date) -> date:
    """last day of month(date). Camunda's."""
    return date(value.year, value.month, monthrange(value.year, value.month)[1])


# -- conversions -----------------------------------------------------------------------------------


def date_of(value: Value) -> date:
    """date(from): of a text, or of a date and time."""
    if isinstance(value, str):
        return temporal.parse_date(value)
    return value.date() if isinstance(value, datetime) else value


def date_from_parts(year: Value, month: Value, day: Value) -> date:
    """date(year, month, day)"""
    try:
        return date(whole(year, "year"), whole(month, "month"), whole(day, "day"))
    except ValueError:
        raise NoValue(f"there is no day {year}-{month}-{day}", "argument") from None


def datetime_of(value: Value) -> datetime:
    """date and time(from): of a text, or of a date at midnight."""
    if isinstance(value, str):
        return temporal.parse_datetime(value)
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def combine(day: date, clock: time) -> datetime:
    """date and time(date, time): the day of the one at the time of the other."""
    return datetime.combine(day.date() if isinstance(day, datetime) else day, clock)


def in_zone(moment: datetime, zone: str) -> datetime:
    """date and time(date, timezone): the same moment on the clocks of a zone. Camunda's."""
    target = temporal.find_zone(zone)
    return moment.astimezone(target) if moment.tzinfo else moment.replace(tzinfo=target)


def datetime_from_parts(
    year: Value, month: Value, day: Value, hour: Value, minute: Value, second: Value, zone: Value = None
) -> datetime:
    """date and time(year, month, day, hour, minute, second, offset or timezone?)"""
    day_part = date_from_parts(year, month, day)
    if isinstance(zone, str):
        clock = time_from_parts(hour, minute, second)
        return datetime.combine(day_part, clock.replace(tzinfo=temporal.find_zone(zone)))
    return datetime.combine(day_part, time_from_parts(hour, minute, second, zone))


def time_of(value: Value) -> time:
    """time(from): of a text, or of a date and time; a date stands for its midnight in UTC."""
    if isinstance(value, str):
        return temporal.parse_time(value)
    if isinstance(value, datetime):
        return value.timetz()
    return value if isinstance(value, time) else temporal.parse_time("00:00:00Z")


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
    return temporal.parse_duration(value) if isinstance(value, str) else value


def months_between(start: date, end: date) -> YearsMonths:
    """years and months duration(from, to)"""
    if isinstance(start, datetime) and isinstance(end, datetime):
        if (start.tzinfo is None) != (end.tzinfo is None):
            raise NoValue("one date and time has a zone, the other has none", "argument")
    elif isinstance(start, datetime):
        start = start.date()
    elif isinstance(end, datetime):
        end = end.date()
    return temporal.months_between(start, end)
