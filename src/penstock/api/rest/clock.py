"""The clock of a test server, which stands still until it is moved."""

from __future__ import annotations

from typing import Final

from penstock.api.errors import ApiError, bad_request
from penstock.api.http import Call, Reply
from penstock.api.queries import NoQuery
from penstock.api.rest.values import Body, Shape
from penstock.api.times import iso, moment, span

LAST: Final = moment("9999-12-31T23:59:59.999Z", "LAST")


class Now(Shape, frozen=True):
    """The time."""

    now: str


class Move(Body, frozen=True):
    """Where to move the clock to: one of the two."""

    advance: str | None = None
    """By how much, as an ISO 8601 duration."""
    to: str | None = None
    """To which moment, ISO 8601."""


async def get(call: Call[NoQuery, None]) -> Reply:
    """Give the time of the test clock."""
    return Reply(Now(iso(call.runtime.clock.now())))


async def move(call: Call[NoQuery, Move]) -> Reply:
    """Move the clock, and answer when all that became due has been done.

    Raises:
        ApiError: 400, the moment is none; 409, it has passed already.
    """
    now = call.runtime.clock.now()
    to = _target(call.body, now)
    if to < now:
        raise ApiError(409, f"The clock does not go back: it is {iso(now)} already.")
    if to > LAST:
        raise bad_request("The clock cannot go beyond the year 9999.")
    await call.runtime.set_clock(to)
    return Reply(Now(iso(call.runtime.clock.now())))


def _target(body: Move, now: int) -> int:
    if body.advance is not None and body.to is None:
        return now + span(body.advance, "advance")
    if body.to is not None and body.advance is None:
        return moment(body.to, "to")
    raise bad_request("Say either `advance` or `to`.")
