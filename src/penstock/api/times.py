"""Moments and spans of time as JSON has them: ISO 8601, in UTC, with milliseconds and Z."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from penstock import feel
from penstock.api.errors import bad_request
from penstock.bpmn.iso import EPOCH, parse_date_time, parse_duration

_MILLISECOND: Final = timedelta(milliseconds=1)


def iso(epoch_ms: int) -> str:
    """Give a moment as text, such as `2023-11-15T15:28:57.479Z`."""
    moment = EPOCH + epoch_ms * _MILLISECOND
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z"


def iso_or_none(epoch_ms: int | None) -> str | None:
    """Give a moment as text, None where there is none."""
    return None if epoch_ms is None else iso(epoch_ms)


def moment(text: str, name: str) -> int:
    """Read a moment that a request names, in epoch milliseconds.

    Args:
        text: ISO 8601 with an offset or Z; without one it counts as UTC.
        name: the parameter, for the message.

    Raises:
        ApiError: 400, the text is no date and time.
    """
    try:
        return parse_date_time(text)
    except ValueError as error:
        raise bad_request(f"`{name}` is wrong: {error}.") from error


def span(text: str, name: str) -> int:
    """Read a span of time that a request names, in milliseconds.

    Args:
        text: an ISO 8601 duration of weeks, days and less, such as `PT30S`; not negative.
        name: the parameter, for the message.

    Raises:
        ApiError: 400, the text is no such duration.
    """
    try:
        duration = parse_duration(text)
    except ValueError as error:
        raise bad_request(f"`{name}` is wrong: {error}.") from error
    if duration.months or duration.milliseconds < 0:
        raise bad_request(
            f"`{name}` is wrong: '{text}' must be a span of weeks, days or less, and not negative."
        )
    return duration.milliseconds


def span_text(milliseconds: int) -> str:
    """Give a span of time as an ISO 8601 duration, such as `PT30S`."""
    return feel.to_text(milliseconds * _MILLISECOND)
