"""The texts of dates, times and durations: those of XML Schema, and zones such as `@Europe/Paris`
(10.3.2.3).
"""

from __future__ import annotations

import re
from datetime import UTC, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from penstock.feel.errors import NoValue
from penstock.feel.temporal import (
    add_duration,
    clock_of,
    combine,
    day_of,
    find_zone,
    fixed_zone,
    make_date,
    time_offset,
    with_nanos,
)
from penstock.feel.values import FarDatetime, NanoTime, Value, YearsMonths

_DATE = re.compile(r"(-?)([0-9]{4,9})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?"
    r"(?:([zZ])|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?(?:@([^\[\]]+)|\[([^\[\]]+)\])?"
)
_DURATION = re.compile(
    r"(-?)P(?:(-?[0-9]+)Y)?(?:(-?[0-9]+)M)?(?:(-?[0-9]+)D)?"
    r"(?:(T)(?:(-?[0-9]+)H)?(?:(-?[0-9]+)M)?(?:(-?[0-9]+)(?:\.([0-9]+))?S)?)?"
)
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_MAX_DIGITS = 18
"""Digits of a number in a duration; longer ones lie far outside of what can be computed."""


# -- from text -------------------------------------------------------------------------------------


def parse_date(text: str) -> Value:
    """Read a date such as 2024-02-29.

    Raises:
        NoValue: the text is no date, or there is no such day.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise NoValue(f"{text[:60]!r} is no date; write it as 2024-02-29", "argument")
    return _date(match, text)


def _date(match: re.Match[str], text: str) -> Value:
    sign, year, month, day = match.group(1, 2, 3, 4)
    if len(year) > 4 and year.startswith("0"):
        raise NoValue(f"the year of {text[:60]!r} has zeros in front", "argument")
    return make_date(-int(year) if sign else int(year), int(month), int(day))


def parse_time(text: str) -> time:
    """Read a time such as 13:45:00, 13:45:00+02:00 or 13:45:00@Europe/Paris.

    Raises:
        NoValue: the text is no time.
    """
    match = _TIME.fullmatch(text.removeprefix("T"))
    if match is None:
        raise NoValue(f"{text[:60]!r} is no time; write it as 13:45:00", "argument")
    return _time(match, text)[0]


def _time(match: re.Match[str], text: str) -> tuple[time, bool]:
    """Give the time, and whether it is the 24:00:00 of the day before."""
    hour, minute, second = (int(part or 0) for part in match.group(1, 2, 3))
    micros, nanos = divmod(int((match.group(4) or "0")[:9].ljust(9, "0")), 1000)
    midnight = hour == 24 and minute == second == micros == nanos == 0
    try:
        clock = time(0 if midnight else hour, minute, second, micros, _zone_of(match))
        return with_nanos(clock, nanos), midnight
    except ValueError:
        raise NoValue(f"there is no time {text[:60]!r}", "argument") from None


def _zone_of(match: re.Match[str]) -> tzinfo | None:
    utc, sign, hours, minutes, seconds, zone, bracket = match.group(5, 6, 7, 8, 9, 10, 11)
    if zone is not None:
        if utc or sign:
            raise NoValue("a time has an offset or a zone, not both", "argument")
        return find_zone(zone)
    if bracket is not None:
        return find_zone(bracket)
    if utc:
        return UTC
    if not sign:
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))
    return fixed_zone(-offset if sign == "-" else offset)


def parse_datetime(text: str) -> Value:
    """Read a date and time such as 2024-02-29T13:45:00Z; a date alone stands for its midnight.

    Raises:
        NoValue: the text is no date and time, or there is no such moment.
    """
    day, separator, clock = text.partition("T")
    date_match = _DATE.fullmatch(day)
    time_match = _TIME.fullmatch(clock) if separator else None
    if date_match is None or (separator and time_match is None):
        raise NoValue(f"{text[:60]!r} is no date and time; write it as 2024-02-29T13:45:00", "argument")
    the_date = _date(date_match, text)
    if time_match is None:
        return combine(the_date, time())
    the_time, next_day = _time(time_match, text)
    moment = combine(the_date, the_time)
    if next_day and isinstance(moment, FarDatetime):
        raise NoValue(f"there is no time {clock[:60]!r} outside of the years 1 to 9999", "argument")
    return add_duration(moment, _DAY) if next_day else moment


def parse_duration(text: str) -> timedelta | YearsMonths:
    """Read a duration such as P1DT2H or P1Y6M; parts may have signs, as other engines write them.

    Raises:
        NoValue: the text is no duration, mixes months with days, or is too long to count with.
    """
    match = _DURATION.fullmatch(text)
    if (
        match is None
        or not any(match.group(2, 3, 4, 6, 7, 8))
        or (match.group(5) and not any(match.group(6, 7, 8)))
    ):
        raise NoValue(f"{text[:60]!r} is no duration; write it as P1DT2H30M or P1Y6M", "argument")
    sign, years, months, days, _, hours, minutes, seconds, fraction = match.groups()
    if any(part and len(part) > _MAX_DIGITS for part in match.groups()[:8]):
        raise NoValue(f"the duration {text[:60]!r} is too long", "argument")
    direction = -1 if sign else 1
    if years is not None or months is not None:
        if any((days, hours, minutes, seconds)):
            raise NoValue(f"the duration {text[:60]!r} mixes years and months with days and time", "argument")
        return YearsMonths(direction * (int(years or 0) * 12 + int(months or 0)))
    micro = int((fraction or "0")[:6].ljust(6, "0")) * (-1 if (seconds or "").startswith("-") else 1)
    try:
        length = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=micro,
        )
        return direction * length
    except OverflowError:
        raise NoValue(f"the duration {text[:60]!r} is too long", "argument") from None


def parse_temporal(text: str) -> Value:
    """Read the text of an at-literal: whichever temporal value it is (DMN 1.5, 10.3.2.3, `@"..."`).

    Raises:
        NoValue: it is none.
    """
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if _DATE.fullmatch(text):
        return parse_date(text)
    return parse_datetime(text) if _DATE.match(text) else parse_time(text)


# -- to text ---------------------------------------------------------------------------------------


def time_text(value: time) -> str:
    """Give the text of a time, with its zone or offset."""
    return _clock(value) + _zone_text(value.tzinfo, time_offset(value))


def date_text(value: Value) -> str:
    """Give the text of a date."""
    return f"{'-' if value.year < 0 else ''}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def datetime_text(value: Value) -> str:
    """Give the text of a date and time, with its zone or offset."""
    clock = clock_of(value)
    return f"{date_text(day_of(value))}T{_clock(clock)}{_zone_text(clock.tzinfo, value.utcoffset())}"


def _clock(value: time) -> str:
    text = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    nanos = value.nanos if isinstance(value, NanoTime) else 0
    return f"{text}.{value.microsecond:06}{nanos:03}".rstrip("0") if value.microsecond or nanos else text


def _zone_text(zone: tzinfo | None, offset: timedelta | None) -> str:
    if isinstance(zone, ZoneInfo) and zone.key:
        return f"@{zone.key}"
    if offset is None:
        return ""
    if not offset:
        return "Z"
    seconds = abs(offset) // timedelta(seconds=1)
    text = f"{'-' if offset < timedelta() else '+'}{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if seconds % 60 else text


def duration_text(value: timedelta) -> str:
    """Give the canonical text of a days and time duration, such as P1DT2H30M."""
    micros = value // _MICROSECOND
    sign, micros = ("-", -micros) if micros < 0 else ("", micros)
    seconds, fraction = divmod(micros, 1_000_000)
    days, hours, minutes, seconds = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if fraction:
        clock += f"{seconds}.{fraction:06}".rstrip("0") + "S"
    elif seconds or not (days or clock):
        clock += f"{seconds}S"
    return f"{sign}P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"


def months_text(value: YearsMonths) -> str:
    """Give the canonical text of a years and months duration, such as P1Y6M."""
    years, months = divmod(abs(value.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
    return ("-P" if value.months < 0 else "P") + text
