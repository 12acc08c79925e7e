"""Events of listeners, and of the changes of a user task that they run before."""

from __future__ import annotations

from penstock.kernel.definition import Value
from penstock.kernel.event import Recorded
from penstock.kernel.phases import Phase


class ListenersBegun(Recorded, frozen=True):
    """The listeners of one event of the element instance begin to run, one after the other."""

    scope: int
    owner: int
    element: str
    listened: str
    """The event: `start`, `end`, `completing` ..."""
    then: Phase
    """What follows the last of them."""
    values: dict[str, Value]
    """What an instance of a loop gives, or what completes the user task."""
    changes: dict[str, Value]
    """What the user task is to be changed to."""
    what: str = ""
    """For the start of a process: where it starts. For its end: how far that reaches. For a user task that
    is created: to whom it is to be assigned then."""


class ListenerCompleted(Recorded, frozen=True):
    """The job of a listener is done, and the next one's turn is come."""

    scope: int
    owner: int
    key: int
    values: dict[str, Value]
    """Variables that stay with an instance of a loop."""
    changes: dict[str, Value]
    """What it corrects of the user task."""


class ListenersEnded(Recorded, frozen=True):
    """The last listener of the event is done, or one of them has denied the change."""

    scope: int
    owner: int


class UserTaskUpdated(Recorded, frozen=True):
    """Attributes of a user task have changed, or it is open now that it has been created."""

    scope: int
    owner: int
    key: int
    changes: dict[str, Value]
    opened: bool = False


class UserTaskDenied(Recorded, frozen=True):
    """A listener has denied a change of the user task, which stays as it was."""

    scope: int
    owner: int
    key: int
    listened: str
    reason: str


ListenersEvent = ListenersBegun | ListenerCompleted | ListenersEnded | UserTaskUpdated | UserTaskDenied
