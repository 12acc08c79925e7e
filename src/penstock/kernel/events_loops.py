"""Events of loops, multi-instances and call activities."""

from __future__ import annotations

from penstock.kernel.definition import Value
from penstock.kernel.event import Recorded


class LoopBegun(Recorded, frozen=True):
    """The activity will be done `total` times, None as often as its condition says."""

    scope: int
    owner: int
    element: str
    total: int | None


class ItemsGiven(Recorded, frozen=True):
    """The scope of `owner` is to hold the instances numbered `first` to `last`, with these items."""

    scope: int
    owner: int
    first: int
    last: int
    items: list[Value]


class ItemBegun(Recorded, frozen=True):
    """The element instance is one of a loop's, by its number from 1, with variables of its own."""

    scope: int
    owner: int
    number: int
    values: dict[str, Value]


class ItemCollected(Recorded, frozen=True):
    """What an instance gave to the output collection, by its number."""

    scope: int
    owner: int
    values: dict[str, Value]


class ItemsCounted(Recorded, frozen=True):
    """So many instances of the loop have completed."""

    scope: int
    owner: int
    completed: int


class BehaviorEventDue(Recorded, frozen=True):
    """An instance has completed, as the `completed`th, for which the behavior event at `place` is thrown."""

    scope: int
    owner: int
    place: int
    completed: int


class BehaviorEventsThrown(Recorded, frozen=True):
    """The behavior events that were due are thrown now."""

    scope: int
    owner: int


class LoopEnded(Recorded, frozen=True):
    """No further instance of the loop is begun."""

    scope: int
    owner: int


LoopEvent = (
    LoopBegun
    | ItemsGiven
    | ItemBegun
    | ItemCollected
    | ItemsCounted
    | BehaviorEventDue
    | BehaviorEventsThrown
    | LoopEnded
)
