"""Events of messages, signals and conditions.

As for timers, `element` is the event that is triggered; `index` says which of its event definitions.
"""

from __future__ import annotations

from penstock.kernel.definition import Value
from penstock.kernel.event import Recorded


class MessageSubscribed(Recorded, frozen=True):
    scope: int
    owner: int
    key: int
    element: str
    index: int
    name: str
    correlation_key: str
    """Empty where the event correlates by the name alone."""


class SignalSubscribed(Recorded, frozen=True):
    scope: int
    owner: int
    key: int
    element: str
    index: int
    name: str


class ConditionSubscribed(Recorded, frozen=True):
    """`armed`: whether it has been false since it was last met, so that it may be met again.

    The change of a variable is never armed at first.
    """

    scope: int
    owner: int
    key: int
    element: str
    index: int
    condition: str
    armed: bool


class ConditionArmed(Recorded, frozen=True):
    """The condition has become false, and may be met again."""

    scope: int
    owner: int
    key: int


class ChangeSeen(Recorded, frozen=True):
    """A variable has been set whose changes are listened to."""

    scope: int
    owner: int
    key: int


class MessageCorrelated(Recorded, frozen=True):
    scope: int
    owner: int
    key: int
    element: str


class SignalReceived(Recorded, frozen=True):
    scope: int
    owner: int
    key: int
    element: str


class ConditionMet(Recorded, frozen=True):
    scope: int
    owner: int
    key: int
    element: str


class SubscriptionClosed(Recorded, frozen=True):
    """Nobody waits for the message, signal or condition any more."""

    scope: int
    owner: int
    key: int


class EventTriggered(Recorded, frozen=True):
    """What triggered the event brought these values."""

    scope: int
    owner: int
    values: dict[str, Value]


class TriggersGathered(Recorded, frozen=True):
    """What has come so far for an event that needs each of its triggers; nothing once it has happened."""

    scope: int
    owner: int
    element: str
    values: dict[str, Value]


class MessageSent(Recorded, frozen=True):
    scope: int
    owner: int
    element: str
    name: str
    correlation_key: str
    values: dict[str, Value]


class SignalSent(Recorded, frozen=True):
    scope: int
    owner: int
    element: str
    name: str
    values: dict[str, Value]


OutsideEvent = (
    MessageSubscribed
    | SignalSubscribed
    | ConditionSubscribed
    | ConditionArmed
    | ChangeSeen
    | MessageCorrelated
    | SignalReceived
    | ConditionMet
    | SubscriptionClosed
    | EventTriggered
    | TriggersGathered
    | MessageSent
    | SignalSent
)
