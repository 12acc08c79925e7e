"""Events of exceptional flows: event sub-processes, escalation, compensation and transactions."""

from __future__ import annotations

from penstock.kernel.definition import Value
from penstock.kernel.event import Recorded
from penstock.kernel.kept import Called


class EventSubProcessArmed(Recorded, frozen=True):
    """The event sub-process waits in the scope for its start event; `owner` is what waits for it."""

    scope: int
    owner: int
    element: str


class EventSubProcessDisarmed(Recorded, frozen=True):
    scope: int
    owner: int
    element: str | None = None
    """None in what an older release has recorded."""


class ScopeInterrupted(Recorded, frozen=True):
    """The scope goes on with one thing only, and none of its event sub-processes may start any more."""

    scope: int


class EscalationThrown(Recorded, frozen=True):
    scope: int
    owner: int
    element: str
    code: str
    caught: bool
    told: int | None = None
    """Where it went to the instance that called this one: its number among those that did."""


class CallEscalated(Recorded, frozen=True):
    """The called instance told its escalation with this number."""

    scope: int
    owner: int
    key: int
    number: int


class EscalationCaught(Recorded, frozen=True):
    """The boundary event or event sub-process `owner` caught it."""

    scope: int
    owner: int
    code: str


class CompensationKept(Recorded, frozen=True):
    """The activity may be compensated later, with the values of now; a scope also what it had kept itself.

    `loop` says that it is done several times, and each of its instances is what may be compensated.
    """

    scope: int
    owner: int
    element: str
    values: dict[str, Value]
    loop: bool = False
    called: Called | None = None
    """For a call activity: what was completed in the instance that it called."""


class CompensationRestored(Recorded, frozen=True):
    """The instance was called and had completed; it begins anew, to compensate what was completed in it."""

    called: Called


class CompensationThrown(Recorded, frozen=True):
    """The element instance will compensate what was completed within its reach, or one activity of it."""

    scope: int
    owner: int
    element: str
    activity: str | None


class CompensationLeft(Recorded, frozen=True):
    """The token of the element instance goes on, while what it has asked for is being compensated."""

    scope: int
    owner: int


class CompensationGathered(Recorded, frozen=True):
    """The scope hands what it has kept, or one activity of it, to the element instance `by`."""

    scope: int
    by_scope: int
    by: int
    activity: str | None


class CompensationTaken(Recorded, frozen=True):
    """The element instance goes on to compensate the element instance `compensated`."""

    scope: int
    owner: int
    compensated: int


class CompensationStarted(Recorded, frozen=True):
    """The element instance `owner` compensates `compensated`, on behalf of `by` in the scope `by_scope`.

    `whole` says that the scope of `owner` was opened anew, and does itself what is to be done in it. Where
    `compensated` is 0, the event sub-process `owner` compensates the process itself.
    """

    scope: int
    owner: int
    compensated: int
    by_scope: int
    by: int
    whole: bool


class TransactionCancelled(Recorded, frozen=True):
    """The transaction `owner` is cancelled by the end event `element` in it; compensation comes first."""

    scope: int
    owner: int
    element: str


ExceptionalEvent = (
    EventSubProcessArmed
    | EventSubProcessDisarmed
    | ScopeInterrupted
    | EscalationThrown
    | CallEscalated
    | EscalationCaught
    | CompensationKept
    | CompensationRestored
    | CompensationThrown
    | CompensationLeft
    | CompensationGathered
    | CompensationTaken
    | CompensationStarted
    | TransactionCancelled
)
