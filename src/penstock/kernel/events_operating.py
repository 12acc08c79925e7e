"""Events of operating: what an operator does to an instance as a whole, or to what is in it."""

from __future__ import annotations

from penstock.kernel.event import Recorded


class InstanceSuspended(Recorded, frozen=True):
    pass


class InstanceResumed(Recorded, frozen=True):
    pass


class InstanceModified(Recorded, frozen=True):
    """Somebody put tokens at the elements `activated`, and took away the element instances `terminated`."""

    activated: list[str]
    terminated: list[int]


class InstanceMigrated(Recorded, frozen=True):
    """The instance goes on by another definition."""

    definition: str
    previous: str


class ElementMigrated(Recorded, frozen=True):
    """The element instance is of another element now, and so is what it has opened, by its keys.

    `arrived` are the flows over which tokens have come, where it is a join.
    """

    scope: int
    owner: int
    element: str
    previous: str
    keys: dict[int, str]
    arrived: list[str] | None
    queue: list[str] | None = None
    """For an ad-hoc sub-process: the activities that it begins next."""


class KeptMigrated(Recorded, frozen=True):
    """What the scope has kept for compensation is of these elements now."""

    scope: int
    mapping: dict[str, str]


OperatingEvent = (
    InstanceSuspended | InstanceResumed | InstanceModified | InstanceMigrated | ElementMigrated | KeptMigrated
)
