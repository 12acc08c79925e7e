"""ISO 8601 dates and durations, as BPMN files write them (BPMN 10.5.5).

A parser of our own, since a model may hold what no value of FEEL can: `P1M2DT3H`, months and days in one.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?!$)"
    r"(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)(?:[.,](?P<fraction>\d+))?S)?)?",
    re.ASCII,
)
_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_MAX_DIGITS = 12
"""More digits in one component are no duration that anybody means."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of time: months are added on the calendar, milliseconds on the clock."""

    months: int
    milliseconds: int


def parse_duration(text: str) -> Duration:
    """Read a duration such as `P1Y2M`, `PT30S` or `P2W`, with or without a sign.

    Raises:
        ValueError: the text is no ISO 8601 duration; the message shows the form.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None or any(len(digits or "") > _MAX_DIGITS for digits in match.groups()):
        raise ValueError(f"'{text}' is no ISO 8601 duration such as PT30S, P1DT12H or P1M")
    part = {name: int(digits or 0) for name, digits in match.groupdict().items() if name != "sign"}
    sign = -1 if match["sign"] == "-" else 1
    days = part["weeks"] * 7 + part["days"]
    seconds = ((days * 24 + part["hours"]) * 60 + part["minutes"]) * 60 + part["seconds"]
    milliseconds = seconds * 1000 + int((match["fraction"] or "0")[:3].ljust(3, "0"))
    return Duration(sign * (part["years"] * 12 + part["months"]), sign * milliseconds)


def parse_date_time(text: str) -> int:
    """Read a date and time such as `2030-01-31T09:00:00+01:00`, in epoch milliseconds.

    Without an offset, it counts as UTC.

    Raises:
        ValueError: the text is no ISO 8601 date and time; the message shows the form.
    """
    match = _DATE_TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is no ISO 8601 date and time such as 2030-01-31T09:00:00Z")
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        moment = datetime(
            int(year),
            int(month),
            int(day),
            int(hour),
            int(minute),
            int(second or 0),
            int((fraction or "0")[:6].ljust(6, "0")),
            tzinfo=_offset(offset),
        )
        return epoch_milliseconds(moment)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"'{text}' is no date and time: {error}") from error


def _offset(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59:
        raise ValueError("an offset has at most 59 minutes")
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if text[0] == "-" else span)


def epoch_milliseconds(moment: datetime) -> int:
    """Give the moment in epoch milliseconds; without an offset, it counts as UTC."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (aware - EPOCH) // timedelta(milliseconds=1)


def from_epoch_milliseconds(milliseconds: int) -> datetime:
    """Give the moment as a date and time in UTC.

    Raises:
        OverflowError: it lies outside the years 1 to 9999.
    """
    return EPOCH + timedelta(milliseconds=milliseconds)


def add_duration(start: int, duration: Duration) -> int:
    """Add a duration to a moment in epoch milliseconds, months first, on the calendar in UTC.

    A day that the month does not have becomes the month's last one.

    Raises:
        OverflowError: the result lies outside the years 1 to 9999.
    """
    if duration.months == 0:
        end = start + duration.milliseconds
    else:
        end = _add_months(start, duration.months) + duration.milliseconds
    from_epoch_milliseconds(end)
    return end


def _add_months(start: int, months: int) -> int:
    moment = from_epoch_milliseconds(start)
    year, month0 = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"the year {year} is outside 1 to 9999")
    day = min(moment.day, monthrange(year, month0 + 1)[1])
    return epoch_milliseconds(moment.replace(year=year, month=month0 + 1, day=day))
