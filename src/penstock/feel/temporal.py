"""Dates, times and durations: parts, properties and the arithmetic of calendars (DMN 1.5, 10.3.2.3).

Years have nine digits at most, and those outside of 1 to 9999 no arithmetic. A second has nine digits, of
which arithmetic keeps six.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from penstock.feel.errors import NoValue
from penstock.feel.values import FarDate, FarDatetime, NanoDatetime, NanoTime, Value, YearsMonths

_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+)*")
_LARGEST_OFFSET = timedelta(hours=14)
_LARGEST_YEAR = 999_999_999
_DAY = timedelta(days=1)
_WINTER = datetime(2000, 1, 1)  # noqa: DTZ001 - the offset of a zone is asked for this day, for times without a date


# -- parts -----------------------------------------------------------------------------------------


def make_date(year: int, month: int, day: int) -> Value:
    """Give a day.

    Raises:
        NoValue: there is no such day, or its year has more than nine digits.
    """
    try:
        if 1 <= year <= 9999:
            return date(year, month, day)
        far = FarDate(year, month, day)
        far.near()
    except (ValueError, OverflowError):
        raise NoValue(f"there is no day {year:04}-{month:02}-{day:02}", "argument") from None
    if abs(year) > _LARGEST_YEAR:
        raise NoValue(f"the year {year} has more than nine digits", "argument")
    return far


def with_nanos(clock: time, nanos: int) -> time:
    """Give a time with billionths of a second beside its microseconds."""
    if not nanos:
        return clock
    finer = NanoTime(clock.hour, clock.minute, clock.second, clock.microsecond, clock.tzinfo)
    finer.nanos = nanos
    return finer


def combine(day: Value, clock: time) -> Value:
    """Give the moment of a time on a day."""
    if isinstance(day, FarDate):
        return FarDatetime(day, clock)
    if not isinstance(clock, NanoTime):
        return datetime.combine(day, clock)
    moment = NanoDatetime.combine(day, clock)
    moment.nanos = clock.nanos
    return moment


def first_moment(day: Value) -> Value:
    """Give the date and time with which a date begins in UTC: what a date becomes where a date and time is
    asked for (10.3.2.9.4).
    """
    return combine(day, time(tzinfo=UTC))


def day_of(value: Value) -> Value:
    """Give the day of a date, or of a date and time."""
    if isinstance(value, FarDatetime):
        return value.day
    return value.date() if isinstance(value, datetime) else value


def clock_of(moment: Value) -> time:
    """Give the time of a moment, with its zone."""
    if isinstance(moment, FarDatetime):
        return moment.clock
    return with_nanos(moment.timetz(), moment.nanos if isinstance(moment, NanoDatetime) else 0)


def fixed_zone(offset: timedelta) -> tzinfo:
    """Give the zone of an offset from UTC.

    Raises:
        NoValue: the offset is longer than 14 hours (XML Schema 1.1, part 2, 3.3.7).
    """
    if abs(offset) > _LARGEST_OFFSET:
        raise NoValue(f"the offset {offset} is longer than 14 hours", "argument")
    return timezone(offset) if offset else UTC


def find_zone(name: str) -> tzinfo:
    """Give a zone by its name in the IANA time zone database.

    Raises:
        NoValue: there is none of this name.
    """
    if name in ("Z", "z"):
        return UTC
    if _ZONE.fullmatch(name) is None:
        raise NoValue(f"{name[:60]!r} is no name of a time zone", "argument")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise NoValue(f"there is no time zone {name[:60]!r}", "argument") from None


# -- arithmetic ------------------------------------------------------------------------------------


def time_offset(value: time) -> timedelta | None:
    """Give a time's offset from UTC; of a zone, which may have several in a year, its standard one."""
    zone = value.tzinfo
    if zone is None:
        return None
    offset = value.utcoffset()
    if offset is not None:
        return offset
    moment = _WINTER.replace(tzinfo=zone)
    total = moment.utcoffset()
    return None if total is None else total - (moment.dst() or timedelta())


def in_utc(value: datetime) -> datetime:
    """Give a moment with a zone on the clock of UTC."""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        # Within a day of the years 1 and 9999, where the clock on the wall will do.
        return value.replace(tzinfo=UTC)


def seconds_of(value: time) -> timedelta:
    """Give the time since midnight in UTC, or since midnight where the time has no zone."""
    clock = timedelta(
        hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
    )
    offset = time_offset(value)
    return clock if offset is None else clock - offset


def add_duration(value: datetime, length: timedelta) -> datetime:
    """Add a length of real time to a moment: across a change of the clocks too.

    Raises:
        NoValue: the result lies outside of the years 1 to 9999.
    """
    try:
        if value.tzinfo is None or isinstance(value.tzinfo, timezone):
            return value + length
        return (value.astimezone(UTC) + length).astimezone(value.tzinfo)
    except OverflowError:
        raise NoValue("the result lies outside of the years 1 to 9999", "arithmetic") from None


def add_days(value: date, length: timedelta) -> date:
    """Add a length of time to a date: whole days, counted from its midnight.

    Raises:
        NoValue: the result lies outside of the years 1 to 9999.
    """
    try:
        return value + timedelta(days=length.days)
    except OverflowError:
        raise NoValue("the result lies outside of the years 1 to 9999", "arithmetic") from None


def add_months(value: Value, months: int) -> Value:
    """Add months to a date, or to a date and time; where the month has no such day, its last day is taken.

    Raises:
        NoValue: the result lies outside of the years 1 to 9999.
    """
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise NoValue("the result lies outside of the years 1 to 9999", "arithmetic")
    return value.replace(year=year, month=month + 1, day=min(value.day, monthrange(year, month + 1)[1]))


def add_to_time(value: time, length: timedelta) -> time:
    """Add a length to a time, around midnight."""
    moment = datetime.combine(date(2000, 1, 2), value.replace(tzinfo=None)) + length % _DAY
    return moment.time().replace(tzinfo=value.tzinfo)


def months_between(start: Value, end: Value) -> YearsMonths:
    """Give the whole months from one date, or date and time, to another (DMN 1.5, table 78)."""
    if comes_before(end, start):
        return YearsMonths(-months_between(end, start).months)
    last, first = day_of(end), day_of(start)
    months = (last.year - first.year) * 12 + last.month - first.month
    with_clocks = isinstance(end, datetime) and isinstance(start, datetime)
    rest = (last.day, end.time()) < (first.day, start.time()) if with_clocks else last.day < first.day
    return YearsMonths(months - 1 if rest else months)


def comes_before(one: Value, other: Value) -> bool:
    """Tell whether a date, or a date and time, lies before another of its kind."""
    if isinstance(one, FarDatetime) or isinstance(other, FarDatetime):
        one, other = day_of(one), day_of(other)
    if isinstance(one, FarDate) or isinstance(other, FarDate):
        return bool(one.toordinal() < other.toordinal())
    return bool(one < other)


# -- properties ------------------------------------------------------------------------------------


def _part(unit: int, modulo: int | None) -> Callable[[timedelta], int]:
    def part(value: timedelta) -> int:
        seconds = abs(value) // timedelta(seconds=1) // unit
        size = seconds if modulo is None else seconds % modulo
        return -size if value < timedelta() else size

    return part


def _months_part(of_years: bool) -> Callable[[YearsMonths], int]:
    def part(value: YearsMonths) -> int:
        size = abs(value.months) // 12 if of_years else abs(value.months) % 12
        return -size if value.months < 0 else size

    return part


def _zone_name(value: time | datetime) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _within(part: Callable[[Value], Value], name: str) -> Callable[[Value], Value]:
    """Give a property of a part of a value."""
    return lambda value: part(getattr(value, name))


_OF_DATE: dict[str, Callable[[Value], Value]] = {
    "year": lambda value: value.year,
    "month": lambda value: value.month,
    "day": lambda value: value.day,
    "weekday": lambda value: value.isoweekday(),
}
_OF_CLOCK: dict[str, Callable[[Value], Value]] = {
    "hour": lambda value: value.hour,
    "minute": lambda value: value.minute,
    "second": lambda value: value.second,
    "timezone": _zone_name,
}
PROPERTIES: dict[type, dict[str, Callable[[Value], Value]]] = {
    date: _OF_DATE,
    time: {**_OF_CLOCK, "time offset": time_offset},
    datetime: {**_OF_DATE, **_OF_CLOCK, "time offset": lambda value: value.utcoffset()},
    FarDate: _OF_DATE,
    FarDatetime: {
        **{name: _within(part, "day") for name, part in _OF_DATE.items()},
        **{name: _within(part, "clock") for name, part in _OF_CLOCK.items()},
        "time offset": lambda value: value.utcoffset(),
    },
    timedelta: {
        "days": _part(86400, None),
        "hours": _part(3600, 24),
        "minutes": _part(60, 60),
        "seconds": _part(1, 60),
    },
    YearsMonths: {"years": _months_part(True), "months": _months_part(False)},
}
"""What can be asked of a temporal value by a path (DMN 1.5, table 65)."""
