"""Dates, times and durations: their texts, their properties and the arithmetic of calendars (DMN 1.5,
10.3.2.3).

Their texts are those of XML Schema, with a zone such as `@Europe/Paris` as the standard adds. Years outside 1
to 9999 have no value here, and digits of a second beyond the sixth are dropped.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from penstock.feel.errors import NoValue
from penstock.feel.values import Value, YearsMonths

_DATE = re.compile(r"(-?)([0-9]{4,9})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?"
    r"(?:([zZ])|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?(?:@([^\[\]]+)|\[([^\[\]]+)\])?"
)
_DURATION = re.compile(
    r"(-?)P(?:(-?[0-9]+)Y)?(?:(-?[0-9]+)M)?(?:(-?[0-9]+)D)?"
    r"(?:(T)(?:(-?[0-9]+)H)?(?:(-?[0-9]+)M)?(?:(-?[0-9]+)(?:\.([0-9]+))?S)?)?"
)
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+)*")
_LARGEST_OFFSET = timedelta(hours=14)
_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_WINTER = datetime(2000, 1, 1)  # noqa: DTZ001 - the offset of a zone is asked for this day, for times without a date
_MAX_DIGITS = 18
"""Digits of a number in a duration; longer ones lie far outside of what can be computed."""


# -- from text -------------------------------------------------------------------------------------


def parse_date(text: str) -> date:
    """Read a date such as 2024-02-29.

    Raises:
        NoValue: the text is no date, or there is no such day.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise NoValue(f"{text[:60]!r} is no date; write it as 2024-02-29", "argument")
    return _date(match, text)


def _date(match: re.Match[str], text: str) -> date:
    sign, year, month, day = match.group(1, 2, 3, 4)
    if len(year) > 4 or sign or year == "0000":
        raise NoValue(f"the year of {text[:60]!r} is outside of 1 to 9999", "argument")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise NoValue(f"there is no day {text[:60]!r}", "argument") from None


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
    fraction = int((match.group(4) or "0")[:6].ljust(6, "0"))
    midnight = hour == 24 and minute == second == fraction == 0
    try:
        return time(0 if midnight else hour, minute, second, fraction, _zone_of(match)), midnight
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


def fixed_zone(offset: timedelta) -> tzinfo:
    """Give the zone of an offset from UTC.

    Raises:
        NoValue: the offset is longer than 14 hours (XML Schema 1.1, part 2, 3.3.7).
    """
    if abs(offset) > _LARGEST_OFFSET:
        raise NoValue(f"the offset {duration_text(offset)} is longer than 14 hours", "argument")
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


def parse_datetime(text: str) -> datetime:
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
        return datetime.combine(the_date, time())
    the_time, next_day = _time(time_match, text)
    moment = datetime.combine(the_date, the_time)
    return add_duration(moment, _DAY) if next_day else moment


def parse_duration(text: str) -> timedelta | YearsMonths:
    """Read a duration such as P1DT2H or P1Y6M. Parts may have signs of their own, as other engines write
    them.

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


def datetime_text(value: datetime) -> str:
    """Give the text of a date and time, with its zone or offset."""
    return f"{value.date().isoformat()}T{_clock(value)}{_zone_text(value.tzinfo, value.utcoffset())}"


def _clock(value: time | datetime) -> str:
    text = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    return f"{text}.{value.microsecond:06}".rstrip("0") if value.microsecond else text


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


# -- arithmetic ------------------------------------------------------------------------------------


def time_offset(value: time) -> timedelta | None:
    """Give a time's offset from UTC. A zone has several in a year; a time without a date takes its standard
    one.
    """
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


def months_between(start: date, end: date) -> YearsMonths:
    """Give the whole months from one date, or date and time, to another (DMN 1.5, table 78)."""
    if end < start:
        return YearsMonths(-months_between(end, start).months)
    months = (end.year - start.year) * 12 + end.month - start.month
    rest = (
        (end.day, end.time()) < (start.day, start.time())
        if isinstance(end, datetime) and isinstance(start, datetime)
        else end.day < start.day
    )
    return YearsMonths(months - 1 if rest else months)


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
    timedelta: {
        "days": _part(86400, None),
        "hours": _part(3600, 24),
        "minutes": _part(60, 60),
        "seconds": _part(1, 60),
    },
    YearsMonths: {"years": _months_part(True), "months": _months_part(False)},
}
"""What can be asked of a temporal value by a path (DMN 1.5, table 65)."""
